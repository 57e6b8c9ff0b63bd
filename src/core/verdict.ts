import type { AttemptErrorCode } from './domain-types.js';
import { isOwnFault } from './own-fault.js';

/**
 * What an attempt's outcome means for its delivery. `at`: when the next attempt is due, milliseconds. `insteadOf`:
 * when the schedule had it, if the receiver asked to wait longer.
 */
export type Verdict =
  | { kind: 'delivered' }
  | { kind: 'retry'; at: number; insteadOf?: number }
  | { kind: 'exhausted' }
  | { kind: 'gone' }
  | { kind: 'refused' };

export interface VerdictInput {
  outcome: {
    statusCode: number | null;
    errorCode: AttemptErrorCode | null;
    /** The profile's class of this response; null without a response. */
    responseClass: 'delivered' | 'failed' | 'final' | 'gone' | null;
    /** The wait that the response's `Retry-After` asks for, milliseconds. */
    retryAfterMs: number | null;
    /** How long after its end an attempt that we interrupted ourselves is repeated, milliseconds. Default 0. */
    repeatMs?: number | undefined;
  };
  /** Seconds between attempts. */
  schedule: readonly number[];
  /** Scheduled attempts made before this one. */
  step: number;
  /** When this attempt ended, milliseconds. */
  endedAt: number;
  /** A random number from 0 to 1; 0 keeps the delays exact. */
  jitter: number;
}

/**
 * Jitter lengthens a delay by at most 10 % as the receiver measures it. The receiver also measures our waking up,
 * leasing and connecting, so 2 % are left for these: 100 ms of the shortest default delay.
 */
const MAX_JITTER = 0.08;

/** Statuses whose `Retry-After` counts: only these give it the meaning "come back later". */
const HONOURS_RETRY_AFTER = new Set([429, 503]);

/** A pure function. Every outcome that is not final follows the schedule. */
export function verdictOf({ outcome, schedule, step, endedAt, jitter }: VerdictInput): Verdict {
  if (outcome.responseClass === 'delivered') return { kind: 'delivered' };
  if (outcome.responseClass === 'gone') return { kind: 'gone' };
  if (outcome.responseClass === 'final') return { kind: 'exhausted' };
  if (outcome.errorCode === 'blocked_address') return { kind: 'refused' };
  // It failed on our side: it uses no step of the schedule.
  if (isOwnFault(outcome.errorCode)) return { kind: 'retry', at: endedAt + (outcome.repeatMs ?? 0) };
  const delay = schedule[step];
  if (delay === undefined) return { kind: 'exhausted' };
  const planned = endedAt + Math.round(delay * 1000 * (1 + MAX_JITTER * jitter));
  const requestedMs =
    outcome.statusCode !== null && HONOURS_RETRY_AFTER.has(outcome.statusCode) ? outcome.retryAfterMs : null;
  if (requestedMs === null || endedAt + requestedMs <= planned) return { kind: 'retry', at: planned };
  return { kind: 'retry', at: endedAt + requestedMs, insteadOf: planned };
}
