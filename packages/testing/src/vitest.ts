import { expect } from 'vitest';
import { matchers, type WebhookMatchers } from './matchers.js';

declare module 'vitest' {
  interface Matchers<T> extends WebhookMatchers<void, T> {}
}

/** For `setupFiles` of Vitest: adds the matchers to `expect`. */
expect.extend(matchers);
