import type { Schemas } from '../api/client.js';

type Job = Schemas['JobView'];

export const JOB_STATES = {
  pending: ['mute', 'Waiting'],
  running: ['wait', 'Running'],
  completed: ['good', 'Completed'],
  cancelled: ['mute', 'Stopped'],
  failed: ['bad', 'Failed'],
} as const satisfies Record<Job['status'], [tone: string, word: string]>;

/** How far a job is: in percent, and in words. */
export function progressOf({ total, done, finishedAt }: Pick<Job, 'total' | 'done' | 'finishedAt'>) {
  const share = total === null || total === 0 ? (finishedAt === null ? 0 : 100) : (done / total) * 100;
  const words =
    total === null ? done.toLocaleString() : `${done.toLocaleString()} of ${total.toLocaleString()}`;
  return { share, words };
}
