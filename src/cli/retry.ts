import { CliFailure, NoServer } from './cli-failure.js';

/** After so many failures in a row a command that reads for long ends. */
export const MAX_FAILURES = 8;
const MAX_WAIT_MS = 30_000;
/** Of Posthorn or of a proxy before it: the next try may succeed. */
const PASSING_STATUSES = [429, 502, 503, 504];

/**
 * How long to wait before the next try, milliseconds; null when the server refused for good. A server that has answered
 * before (`isReached`) is being restarted; one that never has is at another address.
 */
export function waitBeforeRetry(
  error: unknown,
  failures: number,
  { isReached }: { isReached: boolean },
): number | null {
  const wait = Math.min(MAX_WAIT_MS, 500 * 2 ** failures);
  if (!(error instanceof CliFailure) || (error instanceof NoServer && isReached)) return wait;
  const { status = 0, retryAfterSeconds } = error;
  if (retryAfterSeconds !== undefined) return Math.max(wait, retryAfterSeconds * 1_000);
  return PASSING_STATUSES.includes(status) ? wait : null;
}
