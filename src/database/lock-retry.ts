import { setTimeout as sleep } from 'node:timers/promises';
import { Logger } from '@nestjs/common';

/** The longest wait for an exclusive lock: every later statement on the table queues behind it. */
export const LOCK_TIMEOUT = '300ms';
const FIRST_PAUSE_MS = 100;
const MAX_PAUSE_MS = 5_000;
const MAX_WAIT_MS = 10 * 60_000;
/** Longer waits are logged. */
const WARN_AFTER_MS = 10_000;

/** A lock that was not to be had in time, and a deadlock: the transaction did nothing, and may be repeated. */
const LOCK_CODES = new Set(['55P03', '40P01']);

/** Whether somebody else's lock was in the way. */
export function isLockError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && LOCK_CODES.has(code);
}

/**
 * Runs a transaction that takes exclusive locks, with `LOCK_TIMEOUT` as its `lock_timeout`, until it gets them. Between
 * the tries everybody else gets on. Throws the last error after `patienceMs`.
 */
export async function withLockRetry<T>(
  work: () => Promise<T>,
  name: string,
  maxWaitMs: number = MAX_WAIT_MS,
): Promise<T> {
  const startedAt = performance.now();
  let hasWarned = false;
  for (let pause = FIRST_PAUSE_MS; ; pause = Math.min(pause * 2, MAX_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const waited = performance.now() - startedAt;
      if (!isLockError(error) || waited > maxWaitMs) throw error;
      if (!hasWarned && waited > WARN_AFTER_MS) {
        hasWarned = true;
        new Logger('database').warn({
          msg: 'lock.awaited',
          for: name,
          hint: 'A long transaction holds the tables. pg_stat_activity shows it: look for the oldest xact_start.',
        });
      }
    }
    // Not all at the same moment.
    await sleep(pause * (0.5 + Math.random()));
  }
}
