import type { ErrorDetails, ErrorResponse } from '../../core/provider-api.js';

const CODES: Record<number, string> = {
  401: 'invalid_key',
  403: 'insufficient_permissions',
  404: 'webhook_not_found',
  429: 'rate_limited',
};

/** Their pages list codes; the shape around them is ours. */
export function formatError({ status, code, detail, errors }: ErrorDetails): ErrorResponse {
  const [issue] = errors ?? [];
  if (status !== 422 || !issue) return errorResponse(status, CODES[status] ?? code, detail);
  const field = /^[a-z]+/.exec(issue.path)?.[0] ?? '';
  const theirs = field === 'url' || field === 'events' ? `invalid_${field}` : 'invalid_request';
  const messages = errors?.map(({ path, message }) => `${path}: ${message}`) ?? [];
  return errorResponse(400, theirs, messages.join(' '));
}

function errorResponse(status: number, code: string, message: string): ErrorResponse {
  return { status, body: { error: { code, message } } };
}
