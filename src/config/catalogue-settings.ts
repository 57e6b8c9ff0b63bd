import { VALIDATIONS } from '../core/space-catalogue.js';
import { choice, type Setting } from './setting.js';

/** The settings of the catalogue of event types. */
export const CATALOGUE_SETTINGS = {
  builtInEvents: choice(['on', 'off'], {
    variable: 'POSTHORN_BUILT_IN_EVENTS',
    default: 'on',
    inModule: true,
    doc: 'Whether spaces have the built-in events of a CRM (leads, campaigns, lists, statuses, tags). A space may say otherwise. See [docs/event-types.md](docs/event-types.md).',
  }),
  validation: choice(VALIDATIONS, {
    variable: 'POSTHORN_VALIDATION',
    default: 'off',
    inModule: true,
    doc: 'Whether the data of published events is compared with the schemas of their types: `off`; `warn` tells of differences; `enforce` refuses them with a 422. A space or an event type may say otherwise.',
  }),
} satisfies Record<string, Setting<unknown>>;
