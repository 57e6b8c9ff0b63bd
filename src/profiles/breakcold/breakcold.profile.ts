import { randomBytes } from 'node:crypto';
import { classifyAnySuccess } from '../response-class.js';
import { noOptions } from '../options.js';
import type { Profile } from '../profile.js';
import { textSecrets } from '../text-secrets.js';
import { render } from './body.js';
import { breakcoldCatalogue } from './catalogue.js';

/** Breakcold's webhooks as its first document describes them. */
export const breakcoldProfile: Profile = {
  name: 'breakcold',
  catalogue: breakcoldCatalogue,
  extensible: true,
  httpsOnly: false,
  defaults: {
    retrySchedule: [],
    pause: { after: 10, unit: 'delivery', mode: 'consecutive', whilePaused: 'skip', onExhausted: 'fail' },
    recovery: 'manual',
    timeoutMs: 10_000,
  },
  retryPolicy: { jitter: false, respectsRetryAfter: false },
  secrets: textSecrets(
    {
      generate: () => `wh_${randomBytes(8).toString('hex').slice(0, 15)}`,
      accepts: /^wh_[0-9a-f]{15}$/,
      form: 'must be "wh_" and 15 hexadecimal digits; leave it out to have one made',
    },
    { inBody: true, shown: 'always', rotates: true },
  ),
  ids: { kind: 'uuid' },
  options: noOptions,
  matching: {},
  equivalents: breakcoldCatalogue.map(({ name }) => ({
    native: name,
    theirs: name,
    fields: [],
    sameData: true,
  })),
  providerApi: null,
  render,
  authenticationHeaders: () => ({}),
  classifyResponse: classifyAnySuccess,
};
