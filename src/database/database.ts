import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { poolOf } from './pool-of.js';
import { pgSql, type Sql } from './sql.js';

/** Deadlock and serialization failure: the transaction did nothing, and doing it again is right. */
const RETRYABLE = new Set(['40P01', '40001']);
const TRANSACTION_TRIES = 5;

/**
 * Whether the database takes amiss what a statement carries (SQLSTATE classes 22 and 23), so that it may write the same
 * without that.
 */
export function isDataFault(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && /^2[23]/.test(code);
}

/** The one way to the database outside TypeORM's repositories: named statements and transactions on its pool. */
@Injectable()
export class Database {
  /** Statements that are a transaction each. */
  readonly sql: Sql;

  constructor(readonly source: DataSource) {
    this.sql = pgSql(poolOf(source));
  }

  /** Runs `work` in a transaction; commits what it did, or rolls everything back when it throws. */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.once(work);
      } catch (error) {
        if (attempt >= TRANSACTION_TRIES || !RETRYABLE.has((error as { code?: string }).code ?? ''))
          throw error;
      }
    }
  }

  private async once<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const client = await poolOf(this.source).connect();
    // A connection that breaks between two statements says so by an event, and one that nobody hears ends the process.
    client.on('error', ignore);
    let broken: Error | undefined;
    try {
      await client.query('BEGIN');
      const result = await work(pgSql(client));
      await client.query('COMMIT');
      return result;
    } catch (error) {
      await client.query('ROLLBACK').catch((reason: unknown) => (broken = reason as Error));
      throw error;
    } finally {
      client.off('error', ignore);
      client.release(broken);
    }
  }
}

/** The next statement on the connection fails and tells the same. */
function ignore(): void {
  // Nothing to add.
}
