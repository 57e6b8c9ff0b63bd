import { uuidFloor } from '../core/ids.js';
import type { Sql } from './sql.js';

/** The tables that are cut into days. */
export const TABLES = [
  { table: 'events', key: 'id', storage: '' },
  // Neither a claim nor the usual success changes an indexed column: with room on the page they touch no index at all.
  { table: 'deliveries', key: 'id', storage: 'WITH (fillfactor = 50)' },
  { table: 'attempts', key: 'delivery_id', storage: '' },
];
export const DAY_MS = 86_400_000;
const DAYS_BEHIND = 1;
const DAYS_AHEAD = 3;

const LOCK = {
  name: 'partitions_lock',
  text: `SELECT pg_advisory_xact_lock(7061706914202), set_config('lock_timeout', '5s', true)`,
};
const EXISTING = {
  name: 'partitions_existing',
  text: `SELECT relname AS name FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE inhparent = ANY (ARRAY['posthorn.events', 'posthorn.deliveries', 'posthorn.attempts']::regclass[])`,
};

const COLUMNS = {
  name: 'partitions_columns',
  text: `SELECT string_agg(quote_ident(attname), ', ' ORDER BY attnum) AS columns FROM pg_attribute
         WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`,
};

/**
 * Makes the daily partitions from yesterday to three days ahead, each covering the UUIDs v7 of its day (UTC).
 * To be called in a transaction; callers at the same time wait for each other. Gives the names of the new ones.
 */
export async function ensurePartitions(sql: Sql, now: number): Promise<string[]> {
  await lockPartitions(sql);
  const existing = new Set((await sql<{ name: string }>(EXISTING)).map((row) => row.name));
  const today = Math.floor(now / DAY_MS) * DAY_MS;
  const made: string[] = [];
  for (let day = today - DAYS_BEHIND * DAY_MS; day <= today + DAYS_AHEAD * DAY_MS; day += DAY_MS) {
    for (const { table, key, storage } of TABLES) {
      const name = partitionName(table, day);
      if (existing.has(name)) continue;
      await makePartition(sql, {
        name,
        table,
        key,
        storage,
        from: uuidFloor(day),
        to: uuidFloor(day + DAY_MS),
      });
      made.push(name);
    }
  }
  return made;
}

/** Until the transaction ends, nobody else adds or drops partitions; waits for tables 5 s at the most. */
export async function lockPartitions(sql: Sql): Promise<void> {
  await sql(LOCK);
}

/** `deliveries_20310510` */
export function partitionName(table: string, day: number): string {
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
 * Attached rather than made in place: that does not lock the whole table. Rows of that day which an engine without
 * a partition for it put into the default one move along; PostgreSQL would refuse the partition otherwise.
 */
async function makePartition(sql: Sql, { name, table, key, storage, from, to }: Partition): Promise<void> {
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
}

/** All but the generated ones, `id, space_id, …`. */
async function writableColumns(sql: Sql, table: string): Promise<string> {
  const [row] = await sql<{ columns: string }>(COLUMNS, [table]);
  return row?.columns ?? '';
}

/** Without a name the statement is not kept prepared: it runs once. */
async function ddl(sql: Sql, text: string): Promise<void> {
  await sql({ name: '', text });
}
