import type { PausedReason } from '../core/domain-types.js';

/** What a pause is described by. */
export interface Pause {
  pausedReason: PausedReason | null;
  pausedAt: Date | null;
  failureCount: number;
  firstFailureAt: Date | null;
  nextProbeAt: Date | null;
  waitsUntil: Date | null;
}

const REASONS = {
  manual: 'paused manually; resume it when its endpoint is ready',
  gone: 'paused because its endpoint responded with 410 Gone; resume it when the endpoint is back',
  rate: 'paused because too many of its deliveries failed; resume it when its endpoint is ready',
};

/** Why a subscription is paused and what comes next. Times are UTC, for the words are the same for everybody. */
export function describePause(pause: Pause, now: Date): string {
  const reason = pause.pausedReason ?? 'manual';
  if (reason !== 'failures') return REASONS[reason];
  const { failureCount, firstFailureAt, pausedAt } = pause;
  const failures = failureCount === 1 ? '1 failure' : `${failureCount} failures`;
  const hasSpan = failureCount > 1 && firstFailureAt !== null && pausedAt !== null;
  const span = hasSpan ? ` within ${durationText(pausedAt.getTime() - firstFailureAt.getTime())}` : '';
  const look = nextProbeTime(pause);
  const next =
    look === null ? '; resume it when its endpoint is ready' : `, next probe at ${timeText(look, now)}`;
  return `paused after ${failures}${span}${next}`;
}

/** When a paused endpoint is tried next: not before it may be asked again. Null: a person has to resume it. */
export function nextProbeTime({
  nextProbeAt,
  waitsUntil,
}: Pick<Pause, 'nextProbeAt' | 'waitsUntil'>): Date | null {
  if (nextProbeAt === null) return null;
  return waitsUntil !== null && waitsUntil > nextProbeAt ? waitsUntil : nextProbeAt;
}

const UNITS: [ms: number, name: string][] = [
  [86_400_000, 'days'],
  [3_600_000, 'h'],
  [60_000, 'min'],
];

/** `0.4 s`, `42 s`, `7 min`, `9 h`, `3 days`. */
function durationText(ms: number): string {
  // From two of a unit on, so that no span is rounded away.
  for (const [size, name] of UNITS) if (ms >= 2 * size) return `${Math.round(ms / size)} ${name}`;
  return ms < 10_000 ? `${(Math.max(ms, 0) / 1_000).toFixed(1)} s` : `${Math.round(ms / 1_000)} s`;
}

/** With the day, unless it is today. */
function timeText(at: Date, now: Date): string {
  const text = at.toISOString();
  const day = text.slice(0, 10) === now.toISOString().slice(0, 10) ? '' : `${text.slice(0, 10)} `;
  return `${day}${text.slice(11, 19)} UTC`;
}
