import { matchers, type WebhookMatchers } from './matchers.js';

declare global {
  // Jest's own types are extended by this name, whether it is @types/jest or not.
  namespace jest {
    interface Matchers<R, T> extends WebhookMatchers<R, T> {}
  }
}

/** For `setupFilesAfterEnv` of Jest: adds the matchers to `expect`. */
const { expect } = globalThis as unknown as { expect: { extend: (added: object) => void } };
expect.extend(matchers);
