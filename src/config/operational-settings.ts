import { looksLikeId } from '../core/ids.js';
import type { Setting } from './setting.js';

/** Settings of operational events. */
export const OPERATIONAL_SETTINGS = {
  operationalSpace: {
    variable: 'POSTHORN_OPERATIONAL_SPACE',
    default: '',
    defaultNote: 'there are none',
    rule: {
      accepts: (it: string) => /^[A-Za-z0-9_-]{1,64}$/.test(it) && !looksLikeId(it),
      problem: 'is not the uid of a space: 1 to 64 letters, digits, "-" or "_", e.g. operations',
    },
    parse: (it: string) => it,
    inModule: true,
    doc:
      'The uid of the space that gets the operational events: an endpoint was paused, has recovered, and others. ' +
      'It is made if there is none. See [docs/operational-events.md](docs/operational-events.md).',
  },
} satisfies Record<string, Setting<unknown>>;
