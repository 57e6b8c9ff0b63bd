import type { AttemptErrorCode } from './domain-types.js';

/** A stall of this length can be why a connection or a handshake was given up by the other side, milliseconds. */
const LONG_STALL_MS = 1_000;

/** How an attempt can end because nobody here looked after it. */
const STALL_ERRORS = new Set<AttemptErrorCode | null>([
  'timeout',
  'connection_reset',
  'tls_error',
  'dns_error',
]);

/** Whether an attempt without an answer may have failed because this process stood still for `stalledMs` of it. */
export function isOwnStall(
  errorCode: AttemptErrorCode | null,
  stalledMs: number,
  timeoutMs: number,
): boolean {
  return STALL_ERRORS.has(errorCode) && stalledMs >= Math.min(LONG_STALL_MS, timeoutMs / 2);
}
