import type { Sql } from '../database/sql.js';

/** Where counting deliveries ends: an alarm needs no more, and the statement stays short however many there are. */
const MOST = 100_000;

// Each count reads a part of a partial index; without the order it reads all of it, or another index. Only what is
// pending has a next attempt, so no status is compared.
const COUNT_DELIVERIES = {
  name: 'fleet_count_deliveries',
  text: `
    SELECT
      (SELECT count(*)::int FROM (SELECT FROM posthorn.deliveries
         WHERE next_attempt_at <= $1 AND lease IS NULL ORDER BY next_attempt_at LIMIT ${MOST + 1}) d) AS due,
      (SELECT extract(epoch FROM $1::timestamptz - min(next_attempt_at))::float8 FROM (SELECT next_attempt_at
         FROM posthorn.deliveries WHERE next_attempt_at <= $1 AND lease IS NULL ORDER BY next_attempt_at
           LIMIT 1) d) AS "oldestAge",
      (SELECT count(*)::int FROM (SELECT FROM posthorn.deliveries
         WHERE next_attempt_at > $1 ORDER BY next_attempt_at LIMIT ${MOST + 1}) d) AS retrying,
      (SELECT count(*)::int FROM (SELECT FROM posthorn.deliveries
         WHERE trouble = 'held' ORDER BY subscription_id, id LIMIT ${MOST + 1}) d) AS held`,
};

/** Deliveries by what they wait for; each up to 100,000. */
interface DeliveryCounts {
  due: number;
  /** Seconds for which the oldest due one has been that; null: none is due. */
  oldestAge: number | null;
  /** Planned for later. */
  retrying: number;
  held: number;
  /** Which of them are more than is said. */
  capped: { due: boolean; retrying: boolean; held: boolean };
}

export async function countFleetDeliveries(sql: Sql, now: Date): Promise<DeliveryCounts> {
  const [row] = await sql<Omit<DeliveryCounts, 'capped'>>(COUNT_DELIVERIES, [now]);
  const { due, retrying, held, oldestAge } = row ?? { due: 0, oldestAge: null, retrying: 0, held: 0 };
  const end = (count: number) => Math.min(count, MOST);
  return {
    ...{ due: end(due), retrying: end(retrying), held: end(held), oldestAge },
    capped: { due: due > MOST, retrying: retrying > MOST, held: held > MOST },
  };
}

const COUNT_WORKERS = {
  name: 'fleet_count_workers',
  text: `SELECT count(*)::int AS count FROM posthorn.workers
    WHERE ended_at IS NULL AND seen_at > clock_timestamp() - interval '5 seconds'`,
};

/** Workers that were heard of lately. */
export async function countWorkers(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }>(COUNT_WORKERS);
  return row?.count ?? 0;
}
