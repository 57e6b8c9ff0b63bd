import { Injectable } from '@nestjs/common';
import type pg from 'pg';
import { DataSource, type EntityManager } from 'typeorm';
import type { DatabaseClient } from './database-client.js';
import { poolOf, watchOf } from './pool-of.js';
import { pgSql, type Sql } from './sql.js';
import { markRolledBack } from './unknown-outcome.js';

/** Deadlock and serialization failure: the transaction did nothing, and doing it again is right. */
const RETRYABLE = new Set(['40P01', '40001']);
const TRANSACTION_TRIES = 5;

/**
 * Whether the database takes amiss what a statement carries (SQLSTATE classes 22 and 23), so that it may write the same
 * without that.
 */
export function isDataError(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^2[23]/.test(code);
}

async function withRetries<T>(transaction: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await transaction();
    } catch (error) {
      if (attempt >= TRANSACTION_TRIES || !RETRYABLE.has((error as { code?: string }).code ?? ''))
        throw error;
    }
  }
}

/** The one way to the database outside TypeORM's repositories: named statements and transactions on its pool. */
@Injectable()
export class Database {
  /** Statements that are a transaction each. */
  readonly sql: Sql;

  /** `directUrl`: the database without the pooler that may be in between; empty where nobody says. */
  constructor(
    readonly source: DataSource,
    readonly directUrl = '',
  ) {
    this.sql = pgSql(poolOf(source));
  }

  /** Whether a pooler is in between: a session is then not one's own. */
  async isPooled(): Promise<boolean> {
    return (await watchOf(this.source).kind()).isPooled;
  }

  /** Milliseconds since a statement of this process found the database's disk full; Infinity: none did. */
  sinceDiskFull(): number {
    return performance.now() - watchOf(this.source).diskFullAt;
  }

  /**
   * Runs `work` in a transaction; commits what it did, or rolls everything back when it throws. The whole of it may
   * take two minutes, or `limitMs`.
   */
  transaction<T>(work: (sql: Sql) => Promise<T>, limitMs?: number): Promise<T> {
    return withRetries(() => this.once(work, limitMs));
  }

  /** The same with TypeORM's manager. `work` may run several times: each time but the last was rolled back. */
  managerTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return withRetries(() => this.source.transaction(work));
  }

  private async once<T>(work: (sql: Sql) => Promise<T>, limitMs: number | undefined): Promise<T> {
    const client = (await poolOf(this.source).connect()) as pg.PoolClient & DatabaseClient;
    const { limits } = client;
    if (limitMs !== undefined) client.limits = { ...limits, transactionMs: limitMs };
    let broken: Error | undefined;
    let isDecided = false;
    try {
      await client.query('BEGIN');
      const result = await work(pgSql(client));
      isDecided = true;
      await client.query('COMMIT');
      return result;
    } catch (error) {
      if (!isDecided) markRolledBack(error);
      await client.query('ROLLBACK').catch((reason: unknown) => (broken = reason as Error));
      throw error;
    } finally {
      client.limits = limits;
      client.release(broken ?? client.isUnusable);
    }
  }
}
