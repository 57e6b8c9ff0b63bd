import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import type { Database } from '../database/database.js';
import { poolOf } from '../database/pool-of.js';
import { pgSql, type Sql } from '../database/sql.js';
import {
  beat,
  lockWorker,
  registerWorker,
  setUpSession,
  type SilentWorker,
  type WorkerProcess,
} from '../deliveries/worker-registry.js';

/** A heartbeat that takes longer, milliseconds, is lost, and its connection with it. */
const LOST_MS = 3_000;

/** A worker's own database session. It is open while the worker lives, and its advisory lock proves that (ADR 8). */
export class WorkerSession {
  private isLocked = false;

  private constructor(
    private readonly client: pg.PoolClient,
    private readonly sql: Sql,
    private readonly id: string,
    private readonly pid: number,
  ) {}

  /** Opens one for a worker of this id, and registers it. */
  static async open(database: Database, id: string, process: WorkerProcess): Promise<WorkerSession> {
    const client = await poolOf(database.source).connect();
    client.on('error', ignore);
    try {
      const sql = pgSql(client);
      const pid = await inTime(setUpSession(sql));
      const session = new WorkerSession(client, sql, id, pid);
      session.isLocked = await inTime(lockWorker(sql, id));
      await inTime(registerWorker(sql, id, process));
      return session;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }

  /** A heartbeat. Returns whether this worker is still registered, and the workers that are silent for `silentMs`. */
  async beat(silentMs: number): Promise<{ isKnown: boolean; silent: SilentWorker[] }> {
    // The server may not have noticed yet that an earlier session of this worker has ended.
    if (!this.isLocked) this.isLocked = await inTime(lockWorker(this.sql, this.id));
    return inTime(beat(this.sql, this.id, { isLocked: this.isLocked, pid: this.pid }, silentMs));
  }

  /** The connection is not used again, because of its settings. */
  close(): void {
    this.client.release(true);
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
