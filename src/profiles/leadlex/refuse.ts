import type { Refusal, Wording } from '../../core/surface.js';

const CODES: Record<number, string> = {
  401: 'invalid_key',
  403: 'insufficient_permissions',
  404: 'webhook_not_found',
  429: 'rate_limited',
};

/** Their pages list codes; the shape around them is ours. */
export function refuse({ status, code, detail, errors }: Refusal): Wording {
  const [issue] = errors ?? [];
  if (status !== 422 || !issue) return wording(status, CODES[status] ?? code, detail);
  const field = /^[a-z]+/.exec(issue.path)?.[0] ?? '';
  const theirs = field === 'url' || field === 'events' ? `invalid_${field}` : 'invalid_request';
  const messages = errors?.map(({ path, message }) => `${path}: ${message}`) ?? [];
  return wording(400, theirs, messages.join(' '));
}

function wording(status: number, code: string, message: string): Wording {
  return { status, body: { error: { code, message } } };
}
