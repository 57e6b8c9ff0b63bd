import type { Meaning } from './profile.js';

/** Any 2xx is a success, everything else a failure. A redirect is one, too: none is ever followed. */
export function anySuccess(statusCode: number): Meaning {
  return statusCode >= 200 && statusCode < 300 ? 'delivered' : 'failed';
}
