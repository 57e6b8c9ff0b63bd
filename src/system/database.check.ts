import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { HealthCheck, CheckFailure } from './health-check.js';

const IS_READ_ONLY = {
  name: 'health_ask',
  text: `SELECT current_setting('transaction_read_only')::boolean AS "isReadOnly"`,
};

/** A statement that sorts more than this writes to the server's disk without changing a table. */
const LITTLE_MEMORY = { name: 'health_memory', text: `SELECT set_config('work_mem', '64kB', true)` };
const SORT = {
  name: 'health_sort',
  text: `SELECT count(*)::int AS count FROM
         (SELECT repeat('x', 900) || n AS line FROM generate_series(1, 600) n ORDER BY 1 OFFSET 1) lines`,
};

const DISK_FULL = '53100';
/** How long after a success the disk is not checked again, milliseconds. A full disk is checked every time. */
const TRY_EVERY_MS = 3_000;
/** How long a statement that found the disk full is remembered, milliseconds. */
const RECENT_MS = 3_000;

/** The database responds, accepts writes and has disk space. */
@Injectable()
export class DatabaseCheck extends HealthCheck {
  readonly name = 'database';
  private diskCheckedUntil = 0;

  constructor(private readonly database: Database) {
    super();
  }

  async check(): Promise<void> {
    try {
      await this.checkServer();
    } catch (error) {
      throw describe(error as Error & { code?: string });
    }
  }

  private async checkServer(): Promise<void> {
    const [row] = await this.database.sql<{ isReadOnly: boolean }>(IS_READ_ONLY);
    if (row?.isReadOnly) throw new CheckFailure('read_only', 'the database takes no writes');
    // Temporary files may be on another disk than the tables.
    if (this.database.sinceDiskFull() < RECENT_MS)
      throw new CheckFailure('disk_full', "a statement found the database's disk full");
    if (performance.now() < this.diskCheckedUntil) return;
    this.diskCheckedUntil = 0;
    await this.database.transaction(async (sql) => {
      await sql(LITTLE_MEMORY);
      await sql(SORT);
    });
    this.diskCheckedUntil = performance.now() + TRY_EVERY_MS;
  }
}

function describe(error: Error & { code?: string }): Error {
  if (error.code === DISK_FULL)
    return new CheckFailure('disk_full', `the database's disk is full: ${error.message}`);
  return error.code?.startsWith('08') ? new CheckFailure('away', error.message) : error;
}
