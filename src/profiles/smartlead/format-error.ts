import type { ErrorDetails, ErrorResponse } from '../../core/provider-api.js';

/** The code of what is refused in the provider's own words already. */
export const PREFORMATTED = 'worded';

export function formatError({ status, code, detail, retryAfterSeconds = 1 }: ErrorDetails): ErrorResponse {
  return {
    status,
    body: code === PREFORMATTED ? { error: detail } : bodyOf(status, detail, retryAfterSeconds),
  };
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
