import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../database/database.js';
import { openOwnSession, type OwnSession } from '../../database/own-session.js';
import type { Sql } from '../../database/sql.js';
import {
  beat,
  lockWorker,
  registerWorker,
  setUpSession,
  type SilentWorker,
  type WorkerProcess,
} from '../../deliveries/worker-registry.js';

/** A heartbeat that takes longer, milliseconds, is lost, and its connection with it. */
const LOST_MS = 3_000;

/**
 * A worker's own database session. It is open while the worker lives, and its advisory lock proves that (ADR 8). Behind
 * a pooler a worker has none, and only its heartbeats say that it lives.
 */
export class WorkerSession {
  private isLocked = false;

  private constructor(
    readonly own: OwnSession | null,
    private readonly sql: Sql,
    private readonly id: string,
    private readonly pid: number,
  ) {}

  /** Opens one for a worker of this id, and registers it. */
  static async open(database: Database, id: string, process: WorkerProcess): Promise<WorkerSession> {
    const own = await openOwnSession(database);
    const sql = own?.sql ?? database.sql;
    try {
      const pid = own ? await inTime(setUpSession(sql)) : 0;
      const session = new WorkerSession(own, sql, id, pid);
      await session.lock();
      await inTime(registerWorker(sql, id, process));
      return session;
    } catch (error) {
      own?.close();
      throw error;
    }
  }

  /**
   * A heartbeat. Returns whether this worker is still registered, the workers that are silent for `silentMs`, and
   * whether this one rests now: only its session can say that it lives then.
   */
  async beat(
    silentMs: number,
    mayRest: boolean,
  ): Promise<{ isKnown: boolean; silent: SilentWorker[]; isResting: boolean }> {
    // The server may not have noticed yet that an earlier session of this worker has ended.
    if (!this.isLocked) await this.lock();
    const { isLocked, pid } = this;
    const isResting = mayRest && isLocked;
    return { ...(await inTime(beat(this.sql, this.id, { isLocked, pid }, silentMs, isResting))), isResting };
  }

  close(): void {
    this.own?.close();
  }

  private async lock(): Promise<void> {
    if (this.own) this.isLocked = await inTime(lockWorker(this.sql, this.id));
  }
}

async function inTime<T>(work: Promise<T>): Promise<T> {
  const waiting = new AbortController();
  const late = sleep(LOST_MS, undefined, { signal: waiting.signal, ref: false }).then(() => {
    throw new Error(`The database did not answer within ${LOST_MS} ms.`);
  });
  late.catch(ignore);
  work.catch(ignore);
  try {
    return await Promise.race([work, late]);
  } finally {
    waiting.abort();
  }
}

/** Ignores an error of the connection. */
function ignore(): void {
  // Reported by the next statement.
}
