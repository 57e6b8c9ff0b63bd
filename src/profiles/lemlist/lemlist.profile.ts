import { classifyAnySuccess } from '../response-class.js';
import type { Profile } from '../profile.js';
import { render } from './body.js';
import { lemlistCatalogue } from './catalogue.js';
import { lemlistEquivalents } from './equivalents.js';
import { newHookId } from './ids.js';
import { lemlistMatching } from './matching.js';
import { lemlistOptions } from './options.js';
import { formatError } from './format-error.js';
import { sample } from './sample.js';

/** Printable, as a body can hold it. Nothing is said of its length. */
const SECRET = /^[^\p{Cc}\p{Cs}]{1,256}$/u;

/**
 * lemlist's webhooks. Nothing is published about its retries and when it disables a webhook: the operator's numbers.
 */
export const lemlistProfile: Profile = {
  name: 'lemlist',
  catalogue: lemlistCatalogue,
  extensible: false,
  httpsOnly: false,
  defaults: {
    retrySchedule: 'operator',
    pause: {
      after: 'operator',
      unit: 'delivery',
      mode: 'consecutive',
      whilePaused: 'skip',
      onExhausted: 'fail',
    },
    recovery: 'manual',
    timeoutMs: 15_000,
  },
  retryPolicy: { jitter: false, respectsRetryAfter: false },
  secrets: {
    generate: () => null,
    parse: (text) => (SECRET.test(text) ? Buffer.from(text) : null),
    format: (key) => key.toString(),
    form: 'must be 1 to 256 characters, none of them control characters; leave it out to have none',
    inBody: true,
    shown: 'never',
    rotates: false,
  },
  ids: { kind: 'text', make: newHookId },
  options: lemlistOptions,
  matching: lemlistMatching,
  equivalents: lemlistEquivalents,
  sample,
  providerApi: {
    path: '/lemlist/api',
    example: (base, key) => `curl ${base}/hooks --user ':${key}'`,
    formatError,
  },
  render,
  authenticationHeaders: () => ({}),
  classifyResponse: classifyAnySuccess,
};
