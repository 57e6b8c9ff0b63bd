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
    deliveries.map((d) => d.id),
    deliveries.map((d) => d.spaceId),
    deliveries.map((d) => d.eventId),
    deliveries.map((d) => d.eventType),
    deliveries.map((d) => d.subscriptionId),
    deliveries.map((d) => d.status),
    deliveries.map((d) => d.trigger),
    deliveries.map((d) => d.override),
    deliveries.map((d) => d.maxAttempts),
    deliveries.map((d) => d.dueAt),
    deliveries.map((d) => d.lease?.id ?? null),
    deliveries.map((d) => d.lease?.until ?? null),
  ]);
}
