import { Injectable } from '@nestjs/common';

/** The channel on which the database notifies workers of new work, and the advisory lock of the one that listens. */
export const WORK_CHANNEL = 'posthorn_work';
const LOCK = 7340040;

/** For so long without any work a worker keeps looking by itself, milliseconds. */
export const QUIET_AFTER_MS = 20_000;
/** How often a poller looks although it is watched, milliseconds. */
const WATCHED_MS = 300_000;

/** Something that a worker looks for. */
export interface WorkSource {
  name: string;
  /** SQL for whether there is any at the time `$1`. */
  isDue: string;
  /** Looks at once. */
  wake(): void;
}

// 'mine': this session listens for all. 'other': another one does. 'none': somebody who saw that nobody listens has not
// committed yet.
const HOLD = `CASE WHEN $2 OR pg_try_advisory_lock(${LOCK}) THEN 'mine'
    WHEN pg_try_advisory_lock_shared(${LOCK}) THEN CASE WHEN pg_advisory_unlock_shared(${LOCK}) THEN 'none'
      ELSE 'none' END
    ELSE 'other' END`;

export const LISTEN = { name: '', text: `LISTEN ${WORK_CHANNEL}` };
export const UNLOCK = { name: 'work_give_up', text: `SELECT pg_advisory_unlock(${LOCK})` };
/** Lets other workers look by themselves at once. */
export const NOTIFY_OTHERS = { name: 'work_tell_others', text: `SELECT pg_notify('${WORK_CHANNEL}', '')` };

/**
 * What lets the pollers of an idle worker rest: one look for all of them (`dispatcher/upkeep/work-watch.ts`), and a
 * trigger that tells of new work while somebody holds the lock (ADR 36).
 */
@Injectable()
export class WorkSignal {
  private readonly sources: WorkSource[] = [];
  private foundAt = performance.now();
  private watched = false;

  /** Whether somebody looks for this process's pollers. */
  get isWatched(): boolean {
    return this.watched;
  }

  /** Whether there has been nothing to do for long. */
  get isQuiet(): boolean {
    return performance.now() - this.foundAt >= QUIET_AFTER_MS;
  }

  register(source: WorkSource): void {
    this.sources.push(source);
  }

  /** To be called when there was something to do. */
  found(): void {
    this.foundAt = performance.now();
  }

  /** For how long a poller rests that found nothing, milliseconds. */
  restMs(briefMs: number, quietMs: number): number {
    if (!this.isQuiet) return briefMs;
    return this.watched ? WATCHED_MS : quietMs;
  }

  /** The look for all sources, with the columns `hold` and one for each by its place. */
  get look(): { name: string; text: string } {
    const columns = this.sources.map(({ isDue }, n) => `(${isDue}) AS "due${n}"`);
    return { name: 'work_look', text: `SELECT ${[`${HOLD} AS hold`, ...columns].join(', ')}` };
  }

  /** Wakes the sources that the look found due. */
  wakeDue(row: Record<string, unknown>): void {
    for (const [n, source] of this.sources.entries()) if (row[`due${n}`] === true) source.wake();
  }

  /** All sources look once more after each change: nothing was notified before it. */
  setWatched(isWatched: boolean): void {
    if (this.watched === isWatched) return;
    this.watched = isWatched;
    this.wakeAll();
  }

  wakeAll(): void {
    for (const source of this.sources) source.wake();
  }
}
