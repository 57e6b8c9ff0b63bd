import type { Sql } from '../database/sql.js';

/** An endpoint that a worker holds back, or for which it is behind. */
export interface Throttle {
  subscriptionId: string;
  concurrency: number;
  inFlight: number;
  waiting: number;
  /** More waits than the worker can send, and not for the endpoint: it is not held back. */
  isBehind: boolean;
}

/** A worker that says nothing for so long has ended. */
const FRESH = `interval '20 seconds'`;
const KEPT = `interval '1 hour'`;

const REPORT = {
  name: 'throttles_report',
  text: `
    WITH over AS (
      DELETE FROM posthorn.endpoint_throttles
      WHERE (worker_id = $1 AND subscription_id <> ALL($2::uuid[])) OR at < statement_timestamp() - ${KEPT}
    )
    INSERT INTO posthorn.endpoint_throttles
      (worker_id, subscription_id, concurrency, in_flight, waiting, is_behind, at)
    SELECT $1, t.id, t.concurrency, t.in_flight, t.waiting, t.is_behind, statement_timestamp()
    FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[], $6::bool[])
      AS t (id, concurrency, in_flight, waiting, is_behind)
    ON CONFLICT (subscription_id, worker_id) DO UPDATE SET concurrency = EXCLUDED.concurrency,
      in_flight = EXCLUDED.in_flight, waiting = EXCLUDED.waiting, is_behind = EXCLUDED.is_behind, at = EXCLUDED.at`,
};

/** Replaces the endpoints that a worker holds back or is behind with. */
export async function reportThrottles(sql: Sql, workerId: string, throttles: Throttle[]): Promise<void> {
  await sql(REPORT, [
    workerId,
    throttles.map(({ subscriptionId }) => subscriptionId),
    throttles.map(({ concurrency }) => concurrency),
    throttles.map(({ inFlight }) => inFlight),
    throttles.map(({ waiting }) => waiting),
    throttles.map(({ isBehind }) => isBehind),
  ]);
}

const READ = {
  name: 'throttles_read',
  text: `SELECT sum(concurrency)::int AS concurrency, sum(in_flight)::int AS "inFlight", sum(waiting)::int AS waiting,
      count(*)::int AS workers FROM posthorn.endpoint_throttles
    WHERE subscription_id = $1 AND NOT is_behind AND at > statement_timestamp() - ${FRESH}`,
};

interface HeldBack extends Omit<Throttle, 'subscriptionId' | 'isBehind'> {
  workers: number;
}

/** How all workers together hold an endpoint back; null: none does. */
export async function readThrottle(sql: Sql, subscriptionId: string): Promise<HeldBack | null> {
  const [row] = await sql<HeldBack>(READ, [subscriptionId]);
  return row && row.workers > 0 ? row : null;
}

/** A worker that is behind says so twice a second. */
const BEHIND = {
  name: 'throttles_behind',
  text: `SELECT DISTINCT subscription_id AS id FROM posthorn.endpoint_throttles
    WHERE is_behind AND at > statement_timestamp() - interval '2 seconds'`,
};

/** The subscriptions that workers are behind with. */
export async function readBehind(sql: Sql): Promise<string[]> {
  return (await sql<{ id: string }>(BEHIND)).map(({ id }) => id);
}
