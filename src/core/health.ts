import type { PauseMode, PauseUnit } from './domain-types.js';

/** Failures that are counted, and when the first of them was, milliseconds; null: not known. */
export interface Streak {
  count: number;
  firstAt: number | null;
}

/** When a streak of failures pauses an endpoint. */
export interface PauseLimit {
  /** Failures; null: never. */
  after: number | null;
  /** The time that must lie between the first and the last of them, too, milliseconds. */
  afterMs: number;
  /** Whether a success starts the streak anew. */
  mode: PauseMode;
}

/** How an attempt ended, and when, milliseconds. */
export interface Outcome {
  succeeded: boolean;
  at: number;
}

/**
 * Counts an endpoint's failures, in a row or, with mode total, altogether. `outcomes` are in the order they finished.
 * `pausedAt` is when the limit was reached, null when it was not. From then on the count stands still: a success that was
 * already on its way must not undo a pause, or the pause would depend on how attempts happen to share a batch.
 */
export function foldOutcomes(
  { count, firstAt }: Streak,
  limit: PauseLimit,
  outcomes: readonly Outcome[],
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

/** Failures that lie within this time, milliseconds, may be a restart of a few seconds: thin evidence. */
const WEAK_EVIDENCE_MS = 60_000;

/** What tells how good the evidence of a pause is. */
export interface Evidence {
  pauseUnit: PauseUnit;
  /** Null: not known. */
  firstFailureAt: Date | null;
  pausedAt: Date | null;
}

/** Whether a pause rests on failures of one short moment. Where deliveries are counted a provider's own recovery holds. */
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
 * How long a paused endpoint rests before probe number `step` (from 0), milliseconds. The last delay repeats. After
 * thin evidence three early probes come before the others: a short fault shall cost seconds.
 */
export function probeDelayMs(step: number, isThin: boolean): number {
  const delays = isThin ? [...EARLY_PROBE_DELAYS, ...PROBE_DELAYS] : PROBE_DELAYS;
  return delays[step] ?? LONGEST_DELAY;
}

/** The step that follows where there was nothing to probe with: early probes pass, later ones wait for something to send. */
export function stepWithoutProbe(step: number, isThin: boolean): number {
  return isThin && step < EARLY_PROBE_DELAYS.length ? step + 1 : step;
}
