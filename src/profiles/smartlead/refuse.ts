import type { Refusal, Wording } from '../../core/surface.js';

/** The code of what is refused in the provider's own words already. */
export const WORDED = 'worded';

export function refuse({ status, code, detail, retryAfterSeconds = 1 }: Refusal): Wording {
  return { status, body: code === WORDED ? { error: detail } : bodyOf(status, detail, retryAfterSeconds) };
}

function bodyOf(status: number, detail: string, retryAfterSeconds: number): object {
  switch (status) {
    case 401:
      return { message: 'Invalid API Key' };
    case 404:
      return { error: 'Resource not found' };
    case 429:
      return {
        error: { code: 'RATE_LIMIT_EXCEEDED', message: detail, retry_after: Math.ceil(retryAfterSeconds) },
      };
    case 500:
      return { error: 'Internal server error' };
    default:
      return { error: detail };
  }
}
