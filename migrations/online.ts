import { setTimeout as sleep } from 'node:timers/promises';
import type { QueryRunner } from 'typeorm';

/*
 * Steps of migrations with `transaction = false`, for tables that are large and in use. Each step is short or holds up
 * nobody, and may be the last before the process dies: a step that is done is not done again.
 */

/** Who waits for an exclusive lock makes everybody else wait behind it. */
const LOCK_TIMEOUT = `SET LOCAL lock_timeout = '300ms'`;
const PAUSE_MS = 200;
/** A slice that rests leaves the disk to others. */
const REST_MS = 10;

const LOCKED = ['55P03', '40P01'];
const VANISHED = '42P01';

/** An index of a partitioned table. */
export interface PartitionedIndex {
  name: string;
  /** In the schema `posthorn`. */
  table: string;
  /** Columns and condition, e.g. `(space_id, id) WHERE finished_at IS NULL`. */
  on: string;
}

/** Partitions whose index is not yet part of the whole, with the state of the one they are to have. */
const MISSING = `
  SELECT c.relname AS partition, x.indisvalid AS valid
  FROM pg_inherits h JOIN pg_class c ON c.oid = h.inhrelid
    LEFT JOIN pg_index x ON x.indexrelid = to_regclass('posthorn.' || c.relname || $2)
  WHERE h.inhparent = to_regclass('posthorn.' || $1) AND NOT EXISTS (
    SELECT FROM pg_index i JOIN pg_inherits p ON p.inhrelid = i.indexrelid
    WHERE i.indrelid = c.oid AND p.inhparent = to_regclass('posthorn.' || $3))
  ORDER BY c.relname`;

/**
 * Builds an index on a partitioned table, partition by partition, while others write to it. What a build that was cut
 * short left behind is built anew; partitions that come or go meanwhile are seen to.
 */
export async function buildIndex(runner: QueryRunner, { name, table, on }: PartitionedIndex): Promise<void> {
  const suffix = `_${name.replace(`${table}_`, '')}`;
  await exclusively(runner, `CREATE INDEX IF NOT EXISTS ${name} ON ONLY posthorn.${table} ${on}`);
  for (;;) {
    const missing = (await runner.query(MISSING, [table, suffix, name])) as {
      partition: string;
      valid: boolean | null;
    }[];
    if (missing.length === 0) return;
    for (const { partition, valid } of missing) {
      try {
        await buildOne(runner, `${partition}${suffix}`, `posthorn.${partition} ${on}`, valid);
        await exclusively(
          runner,
          `ALTER INDEX posthorn.${name} ATTACH PARTITION posthorn.${partition}${suffix}`,
        );
      } catch (error) {
        // A day that retention has dropped, or a build that met somebody else's: the next look tells.
        if (![VANISHED, ...LOCKED].includes(codeOf(error))) throw error;
        await sleep(PAUSE_MS);
      }
    }
  }
}

/** `valid`: false where a build was cut short, null where there was none. */
async function buildOne(
  runner: QueryRunner,
  index: string,
  target: string,
  valid: boolean | null,
): Promise<void> {
  // It waits for transactions that began before it, and nobody waits for it.
  if (valid === false) await runner.query(`DROP INDEX CONCURRENTLY IF EXISTS posthorn.${index}`);
  if (valid !== true) await runner.query(`CREATE INDEX CONCURRENTLY ${index} ON ${target}`);
}

/** Runs one statement that needs a short exclusive lock, until it gets it. */
async function exclusively(runner: QueryRunner, statement: string): Promise<void> {
  for (;;) {
    await runner.startTransaction();
    try {
      await runner.query(LOCK_TIMEOUT);
      await runner.query(statement);
      await runner.commitTransaction();
      return;
    } catch (error) {
      if (runner.isTransactionActive) await runner.rollbackTransaction();
      if (!LOCKED.includes(codeOf(error))) throw error;
      await sleep(PAUSE_MS);
    }
  }
}

/** Rows to be changed in slices. */
export interface Backfill {
  /** The marker's. */
  name: string;
  /**
   * Changes the next rows after the position `$1`, `$2` of them at the most, and gives the last one's position as text
   * in a column `position`; no row where there is nothing more to do.
   */
  slice: string;
  /** Before every position. */
  start: string;
  rows?: number;
}

/** Changes rows in slices, each a transaction of its own together with the marker of how far all of it has come. */
export async function backfill(
  runner: QueryRunner,
  { name, slice, start, rows = 1_000 }: Backfill,
): Promise<void> {
  await runner.query(
    `CREATE TABLE IF NOT EXISTS posthorn.backfills (name text PRIMARY KEY, position text NOT NULL)`,
  );
  await runner.query(`INSERT INTO posthorn.backfills VALUES ($1, $2) ON CONFLICT DO NOTHING`, [name, start]);
  while (await nextSlice(runner, name, slice, rows)) await sleep(REST_MS);
}

async function nextSlice(runner: QueryRunner, name: string, slice: string, rows: number): Promise<boolean> {
  await runner.startTransaction();
  try {
    const [marker] = (await runner.query(
      `SELECT position FROM posthorn.backfills WHERE name = $1 FOR UPDATE`,
      [name],
    )) as { position: string }[];
    const [last] = (await runner.query(slice, [marker?.position, rows])) as { position: string | null }[];
    const position = last?.position ?? null;
    if (position !== null)
      await runner.query(`UPDATE posthorn.backfills SET position = $2 WHERE name = $1`, [name, position]);
    await runner.commitTransaction();
    return position !== null;
  } catch (error) {
    await runner.rollbackTransaction();
    throw error;
  }
}

function codeOf(error: unknown): string {
  return (error as { code?: string }).code ?? '';
}
