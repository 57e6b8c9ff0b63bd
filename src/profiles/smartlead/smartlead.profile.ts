import { anySuccess } from '../answers.js';
import type { Profile } from '../profile.js';
import { hexSecrets } from '../text-secrets.js';
import { smartleadCatalogue } from './catalogue.js';
import { smartleadEquivalents } from './equivalents.js';
import { smartleadMatching } from './matching.js';
import { optionsOf, smartleadOptions } from './options.js';
import { refuse } from './refuse.js';
import { sample } from './samples.js';
import { prove, render } from './wire.js';

/** Smartlead's webhooks. */
export const smartleadProfile: Profile = {
  name: 'smartlead',
  catalogue: smartleadCatalogue,
  extensible: false,
  httpsOnly: false,
  defaults: {
    retrySchedule: [60, 300, 900, 3_600, 21_600],
    // Disabled once one event has used up the schedule. Failed attempts do not count: ten events at once would be enough.
    pause: { after: 1, unit: 'delivery', mode: 'consecutive', whilePaused: 'skip', onExhausted: 'fail' },
    recovery: 'manual',
    timeoutMs: 30_000,
  },
  retries: { jitter: false, heedsRetryAfter: false },
  secrets: hexSecrets({ inBody: false, shown: 'always', rotates: true }),
  ids: { kind: 'number' },
  options: smartleadOptions,
  matching: smartleadMatching,
  equivalents: smartleadEquivalents,
  sample,
  surface: {
    path: '/smartlead/api/v1',
    example: (base, key) => `curl '${base}/campaigns/123/webhooks?api_key=${key}'`,
    refuse,
  },
  render,
  prove,
  meaningOf: (statusCode, options) => {
    if (optionsOf(options).success === '2xx') return anySuccess(statusCode);
    return statusCode === 200 ? 'delivered' : 'failed';
  },
};
