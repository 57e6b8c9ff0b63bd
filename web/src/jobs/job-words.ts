import type { Schemas } from '../api/client.js';
import { duration } from '../text/time.js';

type Job = Schemas['JobView'];

export const JOB_STATES = {
  pending: ['mute', 'Waiting'],
  running: ['wait', 'Running'],
  completed: ['good', 'Completed'],
  cancelled: ['mute', 'Stopped'],
  failed: ['bad', 'Failed'],
} as const satisfies Record<Job['status'], [tone: string, word: string]>;

/** What its badge says. */
export function stateOf({ status, pausedAt, finishedAt }: Job) {
  return pausedAt !== null && finishedAt === null ? (['hold', 'Paused'] as const) : JOB_STATES[status];
}

/** How far a job is: in percent, and in words. */
export function progressOf({ total, done, skipped, perSecond, createdAt, finishedAt }: Job) {
  const share = total === null || total === 0 ? (finishedAt === null ? 0 : 100) : (done / total) * 100;
  const count =
    total === null ? done.toLocaleString() : `${done.toLocaleString()} of ${total.toLocaleString()}`;
  const words = [
    count,
    ...(perSecond === null ? [] : [`at most ${perSecond} a second`]),
    ...(skipped > 0 ? [`${skipped.toLocaleString()} left out, their data is gone`] : []),
    ...(finishedAt === null
      ? []
      : [`took ${duration((Date.parse(finishedAt) - Date.parse(createdAt)) / 1_000)}`]),
  ];
  return { share, words: words.join(' · ') };
}
