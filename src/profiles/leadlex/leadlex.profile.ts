import { classifyAnySuccess } from '../response-class.js';
import { noOptions } from '../options.js';
import type { Profile } from '../profile.js';
import { hexSecrets } from '../text-secrets.js';
import { leadlexCatalogue } from './catalogue.js';
import { leadlexEquivalents } from './equivalents.js';
import { formatError } from './format-error.js';
import { authenticationHeaders, render } from './wire.js';

/** LeadLex's webhooks. */
export const leadlexProfile: Profile = {
  name: 'leadlex',
  catalogue: leadlexCatalogue,
  extensible: false,
  httpsOnly: true,
  defaults: {
    retrySchedule: [5, 30, 300, 3_600, 21_600],
    pause: { after: null, unit: 'delivery', mode: 'consecutive', whilePaused: 'skip', onExhausted: 'fail' },
    recovery: 'manual',
    timeoutMs: 10_000,
  },
  retryPolicy: { jitter: false, respectsRetryAfter: false },
  secrets: hexSecrets({ inBody: false, shown: 'once', rotates: false }),
  ids: { kind: 'uuid' },
  options: noOptions,
  matching: {},
  equivalents: leadlexEquivalents,
  providerApi: {
    path: '/leadlex/v1',
    example: (base, key) => `curl ${base}/webhooks -H 'authorization: Bearer ${key}'`,
    formatError,
  },
  render,
  authenticationHeaders,
  classifyResponse: classifyAnySuccess,
};
