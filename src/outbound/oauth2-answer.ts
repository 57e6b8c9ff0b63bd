import type { AttemptOutcome } from './attempt-outcome.js';
import { AttemptFailure } from './attempt-outcome.js';

/** A token and for how long to use it, milliseconds. */
export interface Token {
  value: string;
  lifetimeMs: number;
}

/** Used for so long when the server does not say, milliseconds. */
const UNKNOWN_LIFETIME_MS = 300_000;
const LONGEST_LIFETIME_MS = 86_400_000;
const MAX_LENGTH = 16_384;
/** Visible ASCII: anything else would break the header. */
const TOKEN = /^[\x21-\x7e]+$/;
/** The error codes of RFC 6749 and their like; other texts are not repeated. */
const ERROR = /^[a-z][a-z0-9_.-]{0,63}$/;

/** The token in a token server's answer. Throws an AttemptFailure that says what the server answered. */
export function readToken({ statusCode, responseBody, truncated }: AttemptOutcome): Token {
  if (truncated) throw failed('Its response is too long or incomplete');
  const answer = parse(responseBody);
  if (statusCode === null || statusCode >= 300) {
    const code = typeof answer?.error === 'string' && ERROR.test(answer.error) ? `: ${answer.error}` : '';
    const moved = statusCode !== null && statusCode < 400 ? '; redirects are not followed' : '';
    throw failed(`It answered ${statusCode}${code}${moved}`);
  }
  if (answer === null) throw failed('Its response is not a JSON object');
  const { access_token: value, token_type: type, expires_in: seconds } = answer;
  if (typeof value !== 'string' || value === '') throw failed('Its response has no access_token');
  if (value.length > MAX_LENGTH || !TOKEN.test(value))
    throw failed('Its access_token is too long, or has characters that are not allowed in a header');
  if (type !== undefined && !(typeof type === 'string' && type.toLowerCase() === 'bearer'))
    throw failed('Its token_type is not Bearer');
  return { value, lifetimeMs: lifetimeOf(seconds) };
}

/** The token server gave no token. */
export function failed(what: string): AttemptFailure {
  return new AttemptFailure(
    'oauth2_token_failed',
    `The subscription's token server issued no token. ${what}.`,
  );
}

function lifetimeOf(seconds: unknown): number {
  const ms = Number(typeof seconds === 'string' || typeof seconds === 'number' ? seconds : NaN) * 1_000;
  return ms > 0 ? Math.min(ms, LONGEST_LIFETIME_MS) : UNKNOWN_LIFETIME_MS;
}

function parse(body: Buffer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body.toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
