import { classifyAnySuccess } from '../response-class.js';
import { hexSecrets } from '../text-secrets.js';
import type { Profile } from '../profile.js';
import { breakcoldV2Catalogue } from './catalogue.js';
import { breakcoldV2Equivalents } from './equivalents.js';
import { breakcoldV2Options, exclusionReason } from './options.js';
import { authenticationHeaders, render } from './wire.js';

/** Breakcold's webhooks as its present product has them: nothing like the first ones. */
export const breakcoldV2Profile: Profile = {
  name: 'breakcold-v2',
  catalogue: breakcoldV2Catalogue,
  extensible: false,
  httpsOnly: true,
  defaults: {
    retrySchedule: [5, 30],
    pause: { after: 50, unit: 'delivery', mode: 'consecutive', whilePaused: 'skip', onExhausted: 'fail' },
    recovery: 'manual',
    timeoutMs: 10_000,
  },
  retryPolicy: { jitter: false, respectsRetryAfter: false },
  secrets: hexSecrets({ inBody: false, shown: 'always', rotates: true }),
  ids: { kind: 'uuid' },
  options: breakcoldV2Options,
  matching: { exclusionReason },
  equivalents: breakcoldV2Equivalents,
  providerApi: null,
  render,
  authenticationHeaders,
  classifyResponse: classifyAnySuccess,
};
