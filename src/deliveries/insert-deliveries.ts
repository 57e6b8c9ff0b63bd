import { plainArray, textArray } from '../database/pack.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from './delivery.js';

const TYPES = 'uuid uuid uuid text uuid text text text int timestamptz uuid timestamptz'.split(' ');

/** SQL that writes new deliveries, with its parameters from `$first` on. */
export function deliveriesInsert(first: number): string {
  const parameters = TYPES.map((type, index) => `$${first + index}::${type}[]`).join(', ');
  return `
    INSERT INTO posthorn.deliveries
      (id, space_id, event_id, event_type, subscription_id, status, trigger, override, max_attempts,
       lease, lease_until, next_attempt_at, finished_at)
    SELECT id, space_id, event_id, event_type, subscription_id, status, trigger, override, max_attempts, lease, lease_until,
      CASE WHEN status = 'pending' THEN due_at END, CASE WHEN status = 'skipped' THEN due_at END
    FROM unnest(${parameters})
      AS d (id, space_id, event_id, event_type, subscription_id, status, trigger, override, max_attempts, due_at, lease, lease_until)`;
}

/** The parameters of `deliveriesInsert`. */
export function deliveryValues(deliveries: NewDelivery[]): string[] {
  return [
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
  ];
}

const INSERT = { name: 'deliveries_insert', text: deliveriesInsert(1) };

/** Writes new deliveries of events that exist, all in one statement. */
export async function insertDeliveries(sql: Sql, deliveries: NewDelivery[]): Promise<void> {
  if (deliveries.length > 0) await sql(INSERT, deliveryValues(deliveries));
}
