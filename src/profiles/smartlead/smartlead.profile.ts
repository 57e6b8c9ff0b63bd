import { classifyAnySuccess } from '../response-class.js';
import type { Profile } from '../profile.js';
import { hexSecrets } from '../text-secrets.js';
import { smartleadCatalogue } from './catalogue.js';
import { smartleadEquivalents } from './equivalents.js';
import { smartleadMatching } from './matching.js';
import { optionsOf, smartleadOptions } from './options.js';
import { formatError } from './format-error.js';
import { sample } from './samples.js';
import { authenticationHeaders, render } from './wire.js';

/** Smartlead's webhooks. */
export const smartleadProfile: Profile = {
  name: 'smartlead',
  catalogue: smartleadCatalogue,
  extensible: false,
  httpsOnly: false,
  defaults: {
    retrySchedule: [60, 300, 900, 3_600, 21_600],
    // Disabled once one event has used up the schedule. Failed attempts do not count: ten events at once would be
    // enough.
    pause: { after: 1, unit: 'delivery', mode: 'consecutive', whilePaused: 'skip', onExhausted: 'fail' },
    recovery: 'manual',
    timeoutMs: 30_000,
  },
  retryPolicy: { jitter: false, respectsRetryAfter: false },
  secrets: hexSecrets({ inBody: false, shown: 'always', rotates: true }),
  ids: { kind: 'number' },
  options: smartleadOptions,
  matching: smartleadMatching,
  equivalents: smartleadEquivalents,
  sample,
  providerApi: {
    path: '/smartlead/api/v1',
    example: (base, key) => `curl '${base}/campaigns/123/webhooks?api_key=${key}'`,
    formatError,
  },
  render,
  authenticationHeaders,
  classifyResponse: (statusCode, options) => {
    if (optionsOf(options).success === '2xx') return classifyAnySuccess(statusCode);
    return statusCode === 200 ? 'delivered' : 'failed';
  },
};
