import type { Settings } from '../config/settings.js';

/** How the connections of a process are shared out; all together are `POSTHORN_DB_POOL` at the most. */
export interface PoolSizes {
  /** For everything but the queue; a worker keeps one as its session. */
  main: number;
  /** For the queue, when it is in the database; a worker listens on one. */
  queue: number;
}

/** A connection that asks whether the server is there is opened while it is silent. */
const WATCH = 1;
const LISTEN = 1;
const QUEUE_MAX = 8;

export function poolSizes({ dbPool, redisUrl }: Pick<Settings, 'dbPool' | 'redisUrl'>): PoolSizes {
  const queue = redisUrl === '' ? Math.min(QUEUE_MAX, Math.floor(dbPool / 4)) + LISTEN : 0;
  return { main: dbPool - WATCH - queue, queue };
}
