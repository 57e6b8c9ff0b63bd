import type { PauseMode, PauseUnit } from './domain-types.js';

/** The counted failures, and the time of the first, milliseconds; null when it is not known. */
export interface Streak {
  count: number;
  firstAt: number | null;
}

/** When a streak of failures pauses an endpoint. */
export interface PauseLimit {
  /** Number of failures; null: never. */
  after: number | null;
  /** The least time between the first and the last of them, milliseconds. */
  afterMs: number;
  /** Whether a success resets the count. */
  mode: PauseMode;
}

/** How an attempt ended, and when, milliseconds. */
export interface HealthOutcome {
  succeeded: boolean;
  at: number;
}

/**
 * Counts an endpoint's failures: consecutive ones, or with mode `total` all. `outcomes` are in the order they
 * finished. `pausedAt`: when the limit was reached, or null. From then on the count does not change: a success that
 * was already under way must not undo a pause, or the pause would depend on how attempts are batched.
 */
export function foldOutcomes(
  { count, firstAt }: Streak,
  limit: PauseLimit,
  outcomes: readonly HealthOutcome[],
): Streak & { pausedAt: number | null } {
  for (const { succeeded, at } of outcomes) {
    if (succeeded && limit.mode === 'total') continue;
    count = succeeded ? 0 : count + 1;
    firstAt = succeeded ? null : (firstAt ?? at);
    const reached = limit.after !== null && count >= limit.after;
    if (reached && firstAt !== null && at - firstAt >= limit.afterMs) return { count, firstAt, pausedAt: at };
  }
  return { count, firstAt, pausedAt: null };
}

/** Failures within this time, milliseconds, may come from one short restart: weak evidence. */
const WEAK_EVIDENCE_MS = 60_000;

/** The evidence of a pause. */
export interface Evidence {
  pauseUnit: PauseUnit;
  /** Null: not known. */
  firstFailureAt: Date | null;
  pausedAt: Date | null;
}

/**
 * Whether a pause is based on failures of one short moment. Where deliveries are counted, the provider's own rules of
 * recovery apply.
 */
export function hasWeakEvidence({ pauseUnit, firstFailureAt, pausedAt }: Evidence): boolean {
  if (pauseUnit !== 'attempt' || firstFailureAt === null || pausedAt === null) return false;
  return pausedAt.getTime() - firstFailureAt.getTime() <= WEAK_EVIDENCE_MS;
}

const SECOND = 1_000;
const MINUTE = 60_000;
const EARLY_PROBE_DELAYS = [10 * SECOND, 30 * SECOND, 2 * MINUTE];
const LONGEST_DELAY = 360 * MINUTE;
const PROBE_DELAYS = [5 * MINUTE, 60 * MINUTE, LONGEST_DELAY];

/**
 * How long to wait before probe number `step` (from 0) of a paused endpoint, milliseconds. The last delay repeats.
 * After weak evidence three early probes come first, so that a short fault costs seconds.
 */
export function probeDelayMs(step: number, isWeak: boolean): number {
  const delays = isWeak ? [...EARLY_PROBE_DELAYS, ...PROBE_DELAYS] : PROBE_DELAYS;
  return delays[step] ?? LONGEST_DELAY;
}

/** The next step when there was nothing to probe with: early probes are skipped, later ones wait for a delivery. */
export function stepWithoutProbe(step: number, isWeak: boolean): number {
  return isWeak && step < EARLY_PROBE_DELAYS.length ? step + 1 : step;
}
