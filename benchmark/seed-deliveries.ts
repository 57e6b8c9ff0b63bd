import type { Engine, Tenant } from './engine.js';
import { EVENT_TYPE, eventData } from './payload.js';

/** Rows a statement writes; a transaction's worth that shows progress. */
const CHUNK = 100_000;

export interface SeedPlan {
  rows: number;
  /** Finished ones have an attempt each; pending ones are due at once. */
  status: 'succeeded' | 'pending';
  /** The oldest is this old, the newest new, the others evenly between. */
  days?: number;
  progress: (line: string) => void;
}

/**
 * Writes deliveries with their events straight into the tables, as if they had been published before: through the API
 * millions would take longer than the measurement. Pending ones are seen all at once, when the last is written.
 */
export async function seedDeliveries(engine: Engine, tenant: Tenant, plan: SeedPlan): Promise<void> {
  const { rows, status, days = 0, progress } = plan;
  const client = await engine.database.connect();
  try {
    if (status === 'pending') await client.query('BEGIN');
    for (let from = 0; from < rows; from += CHUNK) {
      const to = Math.min(rows, from + CHUNK) - 1;
      const secondsEach = (days * 86_400) / rows;
      await client.query(status === 'pending' ? PENDING : FINISHED, [
        from,
        to,
        rows,
        secondsEach,
        tenant.spaceId.slice(4),
        tenant.subscriptions.map(({ id }) => id.slice(4)),
        EVENT_TYPE,
        eventData(0, 0),
      ]);
      if (((to + 1) / CHUNK) % 5 === 0) progress(`${to + 1} of ${rows} ${status} deliveries written`);
    }
    if (status === 'pending') await client.query('COMMIT');
  } finally {
    client.release();
  }
  await engine.tidyUp();
}

const EVENTS = `
  made AS MATERIALIZED (
    SELECT n, uuidv7(age) AS event_id, uuidv7(age) AS id, now() + age AS at,
           ($6::uuid[])[1 + n % cardinality($6::uuid[])] AS subscription_id
    FROM generate_series($1::int, $2::int) AS n,
      LATERAL (SELECT make_interval(secs => (n - $3::int) * $4::float) AS age)
  ),
  stored AS (
    INSERT INTO posthorn.events (id, space_id, type, occurred_at, data)
    SELECT event_id, $5::uuid, $7, at, $8 FROM made
  )`;

const PENDING = `
  WITH ${EVENTS}
  INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts,
                                   next_attempt_at)
  SELECT id, $5::uuid, event_id, $7, subscription_id, 'pending', 'event', 6, at - interval '10 minutes' FROM made`;

const FINISHED = `
  WITH ${EVENTS},
  delivered AS (
    INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts,
                                     attempt_count, schedule_step, last_status_code, finished_at)
    SELECT id, $5::uuid, event_id, $7, subscription_id, CASE WHEN n % 100 = 0 THEN 'failed'
      ELSE 'succeeded' END, 'event',
           6, 1, 1, CASE WHEN n % 100 = 0 THEN 500 ELSE 200 END, at
    FROM made
  )
  INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers, status_code, response_headers,
                                 response_body, address_class, first_byte_ms, total_ms)
  SELECT id, 1, uuidv7(), at, 'http://127.0.0.1/hook',
         '[["content-type","application/json"],["user-agent","Posthorn/0.1.0"],'
         '["webhook-id","evt_00000000000000000000000000000000"]]',
         200, '[["content-length","2"]]', 'ok', 'loopback', 1, 1
  FROM made`;
