import { uuidFloor } from '../core/ids.js';
import { withLockRetry, LOCK_TIMEOUT } from './lock-retry.js';
import type { Database } from './database.js';
import type { Sql } from './sql.js';

/** The tables that are cut into days. */
export const TABLES = [
  { table: 'events', key: 'id', storage: '' },
  // Neither a lease nor the usual success changes an indexed column: with room on the page they touch no index.
  { table: 'deliveries', key: 'id', storage: 'WITH (fillfactor = 50)' },
  { table: 'attempts', key: 'delivery_id', storage: '' },
];
export const DAY_MS = 86_400_000;
const DAYS_BEHIND = 1;
const DAYS_AHEAD = 3;

const LOCK = {
  name: 'partitions_lock',
  text: `SELECT pg_advisory_xact_lock(7061706914202), set_config('lock_timeout', '${LOCK_TIMEOUT}', true)`,
};
const EXISTING = {
  name: 'partitions_existing',
  text: `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE inhparent = ANY (ARRAY['posthorn.events', 'posthorn.deliveries', 'posthorn.attempts']::regclass[])`,
};

const OWNED = {
  name: 'partitions_owned',
  text: `SELECT bool_and(pg_has_role(relowner, 'USAGE')) AS owned FROM pg_class
         WHERE oid = ANY (ARRAY['posthorn.events', 'posthorn.deliveries', 'posthorn.attempts']::regclass[])`,
};

const COLUMNS = {
  name: 'partitions_columns',
  text: `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
         WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
};

/**
 * Makes the daily partitions from yesterday to three days ahead, each covering the UUIDs v7 of its day (UTC). Each is a
 * transaction of its own, which waits for others for `patienceMs` at the most. Gives the names of the new ones.
 */
export async function ensurePartitions(
  database: Database,
  now: number,
  patienceMs?: number,
): Promise<string[]> {
  const existing = await existingPartitions(database.sql);
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const made: string[] = [];
  for (let day = today - DAYS_BEHIND * DAY_MS; day <= today + DAYS_AHEAD * DAY_MS; day += DAY_MS) {
    for (const part of TABLES) {
      const name = partitionName(part.table, day);
      if (existing.has(name)) continue;
      const partition = { ...part, name, from: uuidFloor(day), to: uuidFloor(day + DAY_MS) };
      const isNew = await withLockRetry(
        () => database.transaction((sql) => makePartition(sql, partition)),
        name,
        patienceMs,
      );
      if (isNew) made.push(name);
    }
  }
  return made;
}

/** Whether this role may add and drop partitions. A role that only serves need not. */
export async function ownsTables(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ owned: boolean }>(OWNED);
  return row?.owned ?? false;
}

async function existingPartitions(sql: Sql): Promise<Set<string>> {
  return new Set((await sql<{ name: string }>(EXISTING)).map((row) => row.name));
}

/**
 * No other transaction adds or drops partitions until this one ends. Waits for tables only briefly (`lock-retry.ts`).
 */
export async function lockPartitions(sql: Sql): Promise<void> {
  await sql(LOCK);
}

/** `deliveries_20310510` */
function partitionName(table: string, day: number): string {
  return `${table}_${new Date(day).toISOString().slice(0, 10).replaceAll('-', '')}`;
}

interface Partition {
  name: string;
  table: string;
  key: string;
  /** Storage parameters of the partition. */
  storage: string;
  from: string;
  to: string;
}

/**
 * Attached rather than made in place: that does not lock the whole table. Rows of that day which an engine without a
 * partition for it put into the default one move along; PostgreSQL would refuse the partition otherwise. False when
 * somebody else was earlier.
 */
async function makePartition(sql: Sql, { name, table, key, storage, from, to }: Partition): Promise<boolean> {
  await lockPartitions(sql);
  if ((await existingPartitions(sql)).has(name)) return false;
  const parent = `posthorn.${table}`;
  const partition = `posthorn.${name}`;
  await ddl(sql, `CREATE TABLE ${partition} (LIKE ${parent} INCLUDING ALL) ${storage}`);
  await ddl(sql, `LOCK TABLE ${parent}_default IN ACCESS EXCLUSIVE MODE`);
  const columns = await writableColumns(sql, parent);
  await ddl(
    sql,
    `WITH moved AS (DELETE FROM ${parent}_default WHERE ${key} >= '${from}' AND ${key} < '${to}' RETURNING ${columns})
     INSERT INTO ${partition} (${columns}) SELECT ${columns} FROM moved`,
  );
  await ddl(
    sql,
    `ALTER TABLE ${parent} ATTACH PARTITION ${partition} FOR VALUES FROM ('${from}') TO ('${to}')`,
  );
  return true;
}

/** All but the generated ones, `id, space_id, …`. */
export async function writableColumns(sql: Sql, table: string): Promise<string> {
  const [row] = await sql<{ columns: string }>(COLUMNS, [table]);
  return row?.columns ?? '';
}

/** Without a name the statement is not kept prepared: it runs once. */
export async function ddl(sql: Sql, text: string): Promise<void> {
  await sql({ name: '', text });
}
