import type { Sql } from '../database/sql.js';

/** An endpoint that a worker holds back. */
export interface Throttle {
  subscriptionId: string;
  concurrency: number;
  inFlight: number;
  waiting: number;
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
    INSERT INTO posthorn.endpoint_throttles (worker_id, subscription_id, concurrency, in_flight, waiting, at)
    SELECT $1, t.id, t.concurrency, t.in_flight, t.waiting, statement_timestamp()
    FROM unnest($2::uuid[], $3::int[], $4::int[], $5::int[]) AS t (id, concurrency, in_flight, waiting)
    ON CONFLICT (subscription_id, worker_id) DO UPDATE SET concurrency = EXCLUDED.concurrency,
      in_flight = EXCLUDED.in_flight, waiting = EXCLUDED.waiting, at = EXCLUDED.at`,
};

/** Says which endpoints a worker holds back now; those that it named before and does not name are free. */
export async function reportThrottles(sql: Sql, workerId: string, throttles: Throttle[]): Promise<void> {
  await sql(REPORT, [
    workerId,
    throttles.map(({ subscriptionId }) => subscriptionId),
    throttles.map(({ concurrency }) => concurrency),
    throttles.map(({ inFlight }) => inFlight),
    throttles.map(({ waiting }) => waiting),
  ]);
}

const READ = {
  name: 'throttles_read',
  text: `SELECT sum(concurrency)::int AS concurrency, sum(in_flight)::int AS "inFlight", sum(waiting)::int AS waiting,
      count(*)::int AS workers FROM posthorn.endpoint_throttles
    WHERE subscription_id = $1 AND at > statement_timestamp() - ${FRESH}`,
};

/** How all workers together hold an endpoint back; null: none does. */
export async function readThrottle(
  sql: Sql,
  subscriptionId: string,
): Promise<(Omit<Throttle, 'subscriptionId'> & { workers: number }) | null> {
  const [row] = await sql<Omit<Throttle, 'subscriptionId'> & { workers: number }>(READ, [subscriptionId]);
  return row && row.workers > 0 ? row : null;
}
