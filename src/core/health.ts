import type { PauseMode } from './words.js';

/**
 * Counts an endpoint's failures, in a row or, with `mode` total, altogether. `outcomes` are in the order they
 * finished, true for a success.
 * Once `pauseAfter` is reached the count stands still: a success that was already on its way must not undo a pause,
 * or the pause would depend on how attempts happen to share a batch.
 */
export function foldOutcomes(
  count: number,
  pauseAfter: number | null,
  outcomes: readonly boolean[],
  mode: PauseMode = 'consecutive',
): { count: number; paused: boolean } {
  for (const succeeded of outcomes) {
    if (!succeeded) count += 1;
    else if (mode === 'consecutive') count = 0;
    if (pauseAfter !== null && count >= pauseAfter) return { count, paused: true };
  }
  return { count, paused: false };
}

const MINUTE = 60_000;
const PROBE_DELAYS = [5 * MINUTE, 60 * MINUTE, 360 * MINUTE];

/** How long a paused endpoint rests before probe number `step` (from 0), milliseconds. The last delay repeats. */
export function probeDelayMs(step: number): number {
  return PROBE_DELAYS[Math.min(step, PROBE_DELAYS.length - 1)] ?? 360 * MINUTE;
}
