import { uuidFloor } from '../core/ids.js';
import { IN_HAND } from './open-deliveries.js';
import { DAY_MS, lockPartitions, partitionName, TABLES } from './partitions.js';
import type { Database } from './database.js';
import type { Sql } from './sql.js';

/** Days that have tables of their own, which are or no longer are parts of the whole. */
const DAYS = {
  name: 'retention_days',
  text: `SELECT DISTINCT substring(relname FROM '\\d{8}$') AS day FROM pg_class
         WHERE relnamespace = 'posthorn'::regnamespace AND relkind = 'r' AND relispartition = $1
           AND relname ~ '^(events|deliveries|attempts)_\\d{8}$' ORDER BY day`,
};

const HAS_OPEN = {
  name: 'retention_has_open',
  text: `SELECT EXISTS (SELECT FROM posthorn.deliveries WHERE id >= $1 AND id < $2 AND next_attempt_at IS NOT NULL)
             OR EXISTS (SELECT FROM posthorn.deliveries WHERE id >= $1 AND id < $2 AND trouble = 'held')
             OR EXISTS (SELECT FROM posthorn.deliveries WHERE id >= $1 AND id < $2 AND ${IN_HAND}) AS open`,
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
  const until = now - days * DAY_MS;
  if ((await expiredDays(database.sql, until, true)).length > 0) await detachDays(database, until);
  // Also what an earlier run detached and did not get to drop.
  const dropped = await expiredDays(database.sql, until, false);
  for (const day of dropped) await dropDay(database, day);
  return dropped;
}

/**
 * Takes days out of the tables, all in one short moment in which nobody else gets at them: dropping a day where it
 * stands takes its files' time, 600 ms for 170,000 deliveries on a busy disk, and everything waited.
 */
async function detachDays(database: Database, until: number): Promise<void> {
  await database.transaction(async (sql) => {
    await lockPartitions(sql);
    const days = await expiredDays(sql, until, true);
    if (days.length === 0) return;
    const parents = TABLES.map(({ table }) => `posthorn.${table}, posthorn.${table}_default`).join(', ');
    await sql({ name: '', text: `LOCK TABLE ${parents} IN ACCESS EXCLUSIVE MODE` });
    for (const day of days) {
      const from = startOf(day);
      // The day after counts as well: a delivery made at midnight may carry an event of the day before.
      const [row] = await sql<{ open: boolean }>(HAS_OPEN, [uuidFloor(from), uuidFloor(from + 2 * DAY_MS)]);
      if (row?.open) continue;
      for (const { table } of TABLES) {
        const text = `ALTER TABLE posthorn.${table} DETACH PARTITION posthorn.${partitionName(table, from)}`;
        await sql({ name: '', text });
      }
    }
  });
}

/** The days that ended before `until` and are, or no longer are, part of the whole. */
async function expiredDays(sql: Sql, until: number, attached: boolean): Promise<string[]> {
  const rows = await sql<{ day: string }>(DAYS, [attached]);
  return rows.map(({ day }) => day).filter((day) => startOf(day) + DAY_MS <= until);
}

async function dropDay(database: Database, day: string): Promise<void> {
  const names = TABLES.map(({ table }) => `posthorn.${partitionName(table, startOf(day))}`);
  await database.sql({ name: '', text: `DROP TABLE IF EXISTS ${names.join(', ')}` });
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
