import type { AttemptErrorCode } from './domain-types.js';

/**
 * What an attempt's outcome means for its delivery. `at` is when the next attempt is due, milliseconds; `insteadOf`, when it
 * would be by the schedule, where the answer asked to wait longer.
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
    /** What the profile takes this answer for; null without an answer. */
    responseClass: 'delivered' | 'failed' | 'final' | 'gone' | null;
    /** What the answer's `Retry-After` asks for, milliseconds. */
    retryAfterMs: number | null;
    /** When an attempt that we broke off ourselves is repeated, milliseconds after its end. Default 0. */
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
 * The promise is that jitter only lengthens a delay, by at most 10 %, as the receiver measures it. It measures our
 * waking up, claiming and connecting along, so 2 % stay for these: 100 ms of the shortest default delay.
 */
const MAX_JITTER = 0.08;

/** Whether the receiver's `Retry-After` counts: only these two statuses give it the meaning "come back later". */
const HONOURS_RETRY_AFTER = new Set([429, 503]);

/** Decides from facts alone. Everything that is no final word goes by the schedule. */
export function verdictOf({ outcome, schedule, step, endedAt, jitter }: VerdictInput): Verdict {
  if (outcome.responseClass === 'delivered') return { kind: 'delivered' };
  if (outcome.responseClass === 'gone') return { kind: 'gone' };
  if (outcome.responseClass === 'final') return { kind: 'exhausted' };
  if (outcome.errorCode === 'blocked_address') return { kind: 'refused' };
  // We broke it off ourselves: it spends no step of the schedule, and it cannot be the one that uses it up.
  if (outcome.errorCode === 'interrupted') return { kind: 'retry', at: endedAt + (outcome.repeatMs ?? 0) };
  const delay = schedule[step];
  if (delay === undefined) return { kind: 'exhausted' };
  const planned = endedAt + Math.round(delay * 1000 * (1 + MAX_JITTER * jitter));
  const requestedMs =
    outcome.statusCode !== null && HONOURS_RETRY_AFTER.has(outcome.statusCode) ? outcome.retryAfterMs : null;
  if (requestedMs === null || endedAt + requestedMs <= planned) return { kind: 'retry', at: planned };
  return { kind: 'retry', at: endedAt + requestedMs, insteadOf: planned };
}
