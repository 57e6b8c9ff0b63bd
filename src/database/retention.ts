import { uuidFloor } from '../core/ids.js';
import { DAY_MS, lockPartitions, partitionName, TABLES } from './partitions.js';
import type { Database } from './database.js';
import type { Sql } from './sql.js';

const DAYS = {
  name: 'retention_days',
  text: `SELECT substring(relname FROM 'deliveries_(\\d{8})$') AS day FROM pg_inherits JOIN pg_class ON pg_class.oid = inhrelid
         WHERE inhparent = 'posthorn.deliveries'::regclass AND relname ~ '_\\d{8}$' ORDER BY relname`,
};

const HAS_OPEN = {
  name: 'retention_has_open',
  text: `SELECT EXISTS (SELECT FROM posthorn.deliveries WHERE id >= $1 AND id < $2 AND status = 'pending')
             OR EXISTS (SELECT FROM posthorn.deliveries WHERE id >= $1 AND id < $2 AND status = 'held') AS open`,
};

/** Idempotency keys hold for a day by promise, and for two in fact. */
const KEY_DAYS = 2;
const KEY_BATCH = 10_000;
const DROP_KEYS = {
  name: 'retention_drop_keys',
  text: `WITH old AS (SELECT space_id, key FROM posthorn.event_keys WHERE created_at < $1 LIMIT ${KEY_BATCH}),
         gone AS (DELETE FROM posthorn.event_keys k USING old WHERE k.space_id = old.space_id AND k.key = old.key RETURNING 1)
         SELECT count(*)::int AS count FROM gone`,
};

/**
 * Drops the events, deliveries and attempts of whole days that ended more than `days` days ago. A day that still has
 * pending or held deliveries stays until they are finished: retention never loses what was promised. Gives the days.
 */
export async function dropExpiredDays(database: Database, now: number, days: number): Promise<string[]> {
  const expired = (await database.sql<{ day: string }>(DAYS))
    .map(({ day }) => day)
    .filter((day) => startOf(day) + DAY_MS <= now - days * DAY_MS);
  const dropped: string[] = [];
  for (const day of expired) {
    if (await database.transaction((sql) => dropDay(sql, day))) dropped.push(day);
  }
  return dropped;
}

async function dropDay(sql: Sql, day: string): Promise<boolean> {
  await lockPartitions(sql);
  const from = startOf(day);
  // The day after counts as well: a delivery made at midnight may carry an event of the day before.
  const [row] = await sql<{ open: boolean }>(HAS_OPEN, [uuidFloor(from), uuidFloor(from + 2 * DAY_MS)]);
  if (row?.open) return false;
  for (const { table } of TABLES)
    await sql({ name: '', text: `DROP TABLE IF EXISTS posthorn.${partitionName(table, from)}` });
  return true;
}

/** Forgets idempotency keys that are older than anybody may count on. Gives how many. */
export async function dropExpiredKeys(database: Database, now: number): Promise<number> {
  for (let total = 0; ;) {
    const [row] = await database.sql<{ count: number }>(DROP_KEYS, [new Date(now - KEY_DAYS * DAY_MS)]);
    total += row?.count ?? 0;
    if ((row?.count ?? 0) < KEY_BATCH) return total;
  }
}

function startOf(day: string): number {
  return Date.UTC(Number(day.slice(0, 4)), Number(day.slice(4, 6)) - 1, Number(day.slice(6)));
}
