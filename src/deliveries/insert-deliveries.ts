import { plainArray, textArray } from '../database/pack.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from './delivery.js';

const INSERT = {
  name: 'deliveries_insert',
  text: `
    INSERT INTO posthorn.deliveries
      (id, space_id, event_id, event_type, subscription_id, status, trigger, override, max_attempts,
       lease, lease_until, next_attempt_at, finished_at)
    SELECT id, space_id, event_id, event_type, subscription_id, status, trigger, override, max_attempts, lease, lease_until,
      CASE WHEN status = 'pending' THEN due_at END, CASE WHEN status = 'skipped' THEN due_at END
    FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::int[], $10::timestamptz[],
                $11::uuid[], $12::timestamptz[])
      AS d (id, space_id, event_id, event_type, subscription_id, status, trigger, override, max_attempts, due_at, lease, lease_until)`,
};

/** Writes new deliveries, all in one statement. */
export async function insertDeliveries(sql: Sql, deliveries: NewDelivery[]): Promise<void> {
  if (deliveries.length === 0) return;
  await sql(INSERT, [
    plainArray(deliveries, (d) => d.id),
    plainArray(deliveries, (d) => d.spaceId),
    plainArray(deliveries, (d) => d.eventId),
    textArray(deliveries, (d) => d.eventType),
    plainArray(deliveries, (d) => d.subscriptionId),
    plainArray(deliveries, (d) => d.status),
    plainArray(deliveries, (d) => d.trigger),
    plainArray(deliveries, (d) => d.override),
    plainArray(deliveries, (d) => d.maxAttempts),
    plainArray(deliveries, (d) => d.dueAt),
    plainArray(deliveries, (d) => d.lease?.id ?? null),
    plainArray(deliveries, (d) => d.lease?.until ?? null),
  ]);
}
