import { Injectable } from '@nestjs/common';
import { Database } from '../database/database.js';
import { HealthCheck, Unfit } from './health-check.js';

const ASK = {
  name: 'health_ask',
  text: `SELECT current_setting('transaction_read_only')::boolean AS "isReadOnly"`,
};

/** Any statement that sorts more than this writes to the server's disk, and no table changes. */
const LITTLE_MEMORY = { name: 'health_memory', text: `SELECT set_config('work_mem', '64kB', true)` };
const SORT = {
  name: 'health_sort',
  text: `SELECT count(*)::int AS count FROM
         (SELECT repeat('x', 900) || n AS line FROM generate_series(1, 600) n ORDER BY 1 OFFSET 1) lines`,
};

const DISK_FULL = '53100';
/** A disk that had room is tried again after this, milliseconds; a full one whenever somebody asks. */
const TRY_EVERY_MS = 3_000;
/** How long a statement that found the disk full is remembered, milliseconds. */
const RECENT_MS = 3_000;

/** The database answers, takes writes and has room for them. */
@Injectable()
export class DatabaseCheck extends HealthCheck {
  readonly name = 'database';
  private roomUntil = 0;

  constructor(private readonly database: Database) {
    super();
  }

  async check(): Promise<void> {
    try {
      await this.look();
    } catch (error) {
      throw describe(error as Error & { code?: string });
    }
  }

  private async look(): Promise<void> {
    const [row] = await this.database.sql<{ isReadOnly: boolean }>(ASK);
    if (row?.isReadOnly) throw new Unfit('read_only', 'the database takes no writes');
    // What sorts may write to another disk than what is stored.
    if (this.database.sinceDiskFull() < RECENT_MS)
      throw new Unfit('disk_full', "a statement found the database's disk full");
    if (performance.now() < this.roomUntil) return;
    this.roomUntil = 0;
    await this.database.transaction(async (sql) => {
      await sql(LITTLE_MEMORY);
      await sql(SORT);
    });
    this.roomUntil = performance.now() + TRY_EVERY_MS;
  }
}

function describe(error: Error & { code?: string }): Error {
  if (error.code === DISK_FULL)
    return new Unfit('disk_full', `the database's disk is full: ${error.message}`);
  return error.code?.startsWith('08') ? new Unfit('away', error.message) : error;
}
