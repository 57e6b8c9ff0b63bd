import type { AttemptErrorCode } from './domain-types.js';

/** After a stall of this length, the other side may have given up a connection or a handshake, milliseconds. */
const LONG_STALL_MS = 1_000;

/** Errors that a stall of our own process can cause. */
const STALL_ERRORS = new Set<AttemptErrorCode | null>([
  'timeout',
  'connection_reset',
  'tls_error',
  'dns_error',
]);

/** Whether an attempt without a response may have failed because this process was stalled for `stalledMs` of it. */
export function isOwnStall(
  errorCode: AttemptErrorCode | null,
  stalledMs: number,
  timeoutMs: number,
): boolean {
  return STALL_ERRORS.has(errorCode) && stalledMs >= Math.min(LONG_STALL_MS, timeoutMs / 2);
}
