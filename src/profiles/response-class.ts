import type { ResponseClass } from './profile.js';

/** Any 2xx is a success, everything else a failure. A redirect is one, too: none is ever followed. */
export function classifyAnySuccess(statusCode: number): ResponseClass {
  return statusCode >= 200 && statusCode < 300 ? 'delivered' : 'failed';
}
