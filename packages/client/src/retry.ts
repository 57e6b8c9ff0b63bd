import { ConnectionError, ProblemError } from './problem.js';

/** How often and how long a request is repeated. */
export interface RetryOptions {
  /** Repetitions after the first request; 5 unless given. 0: none. */
  retries: number;
  /** The first delay, milliseconds; it doubles with each repetition. 250 unless given. */
  baseMs: number;
  /** The longest delay, milliseconds; 30,000 unless given. When the server asks for more, its answer is thrown. */
  maxMs: number;
}

export const DEFAULT_RETRY: RetryOptions = { retries: 5, baseMs: 250, maxMs: 30_000 };

/** Methods that do the same when they are done twice. */
const REPEATABLE = new Set(['GET', 'HEAD', 'PUT', 'DELETE', 'PATCH']);

/** Answers of servers and proxies that may be gone in a moment. */
const PASSING = new Set([502, 503, 504]);

/** With a 503: nothing was done. Another process, or this one in a moment, can do it. */
const NOTHING_DONE = new Set(['unavailable', 'shutting_down']);

/**
 * Whether a failed request may be sent again. After 429, and after a 503 that says so, nothing was done. After anything
 * else it may have been, so only what can be done twice is sent again.
 */
export function mayRepeat(failure: ProblemError | ConnectionError, repeatable: boolean): boolean {
  if (failure instanceof ConnectionError) return repeatable;
  return didNothing(failure) || (PASSING.has(failure.status) && repeatable);
}

/** Whether the failed request has certainly changed nothing. */
export function didNothing(failure: ProblemError | ConnectionError): boolean {
  if (failure instanceof ConnectionError) return false;
  return failure.status === 429 || (failure.status === 503 && NOTHING_DONE.has(failure.code));
}

/** Whether the request does the same when it arrives twice. A condition on the version holds only once. */
export function isRepeatable({ method, headers }: Request): boolean {
  return REPEATABLE.has(method) && !headers.has('if-match');
}

/**
 * Milliseconds until repetition `n` (from 0), or null when there is none. At least what the server asked for; at random
 * within the upper half of a doubling delay otherwise, so that clients of one moment do not come back as one.
 */
export function delayMs(
  { retries, baseMs, maxMs }: RetryOptions,
  n: number,
  askedMs: number | null,
  random: number,
): number | null {
  if (n >= retries || (askedMs ?? 0) > maxMs) return null;
  const backoff = Math.min(maxMs, baseMs * 2 ** n) * (0.5 + random / 2);
  return Math.max(askedMs ?? 0, backoff);
}
