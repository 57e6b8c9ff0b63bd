import type { Message, Words } from './language.js';

const STATUSES = [400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 429, 502, 503, 504] as const;
const CODES = [
  ...([
    'timeout',
    'dns_error',
    'connection_refused',
    'connection_reset',
    'tls_error',
    'protocol_error',
  ] as const),
  ...(['blocked_address', 'mixed_addresses', 'oauth2_token_failed', 'interrupted'] as const),
];

interface Attempt {
  statusCode: number | null;
  errorCode: string | null;
}

/** Why an attempt failed and what helps; null for one that did not. */
export function reasonOf(words: Words, { statusCode, errorCode }: Attempt): string | null {
  if (errorCode === null) return null;
  const code = CODES.find((known) => known === errorCode);
  if (code) return words.text(`why.${code}`);
  return words.text(statusCode === null ? 'why.ours' : statusReason(statusCode));
}

function statusReason(status: number): Message {
  const known = STATUSES.find((one) => one === status);
  if (known) return `why.${known}`;
  if (status >= 500) return 'why.5xx';
  if (status >= 400) return 'why.4xx';
  return status >= 300 ? 'why.3xx' : 'why.code';
}
