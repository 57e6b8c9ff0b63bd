import { classifyAnySuccess } from '../response-class.js';
import type { Profile } from '../profile.js';
import { render } from './body.js';
import { nativeCatalogue } from './catalogue.js';
import { authenticationHeaders } from './authentication.js';
import { nativeOptions } from './options.js';
import { nativeSecrets } from './secrets.js';

/** Posthorn's own webhooks: Standard Webhooks 1.0 over a CRM's events. */
export const nativeProfile: Profile = {
  name: 'native',
  catalogue: nativeCatalogue,
  extensible: true,
  takesInstanceTypes: true,
  httpsOnly: false,
  defaults: {
    retrySchedule: 'operator',
    pause: {
      after: 'operator',
      unit: 'attempt',
      mode: 'consecutive',
      whilePaused: 'hold',
      onExhausted: 'operator',
    },
    recovery: 'probe',
    timeoutMs: 15_000,
  },
  retryPolicy: { jitter: true, respectsRetryAfter: true },
  secrets: nativeSecrets,
  ids: { kind: 'uuid' },
  options: nativeOptions,
  matching: {},
  equivalents: [],
  providerApi: null,
  render,
  authenticationHeaders,
  classifyResponse: (statusCode) => (statusCode === 410 ? 'gone' : classifyAnySuccess(statusCode)),
};
