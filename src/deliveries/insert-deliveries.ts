import { rowsParameters, rowsSql, type Column } from '../database/rows.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from './delivery.js';
import { IS_LEASED_IN_PROCESS } from './leased-in-process.js';

const COLUMNS: Column<NewDelivery>[] = [
  ['id', 'uuid', (d) => d.id],
  ['space_id', 'uuid', (d) => d.spaceId],
  ['event_id', 'uuid', (d) => d.eventId],
  ['event_type', 'text', (d) => d.eventType],
  ['subscription_id', 'uuid', (d) => d.subscriptionId],
  ['status', 'text', (d) => d.status],
  ['trigger', 'text', (d) => d.trigger],
  ['override', 'text', (d) => d.override],
  ['max_attempts', 'int', (d) => d.maxAttempts],
  ['due_at', 'timestamptz', (d) => d.dueAt],
  ['lease', 'uuid', (d) => d.lease?.id ?? null],
  ['lease_until', 'timestamptz', (d) => d.lease?.until ?? null],
];

/** SQL that writes new deliveries, with its parameters from `$first` on. */
export function deliveriesInsert(first: number): string {
  return `
    INSERT INTO posthorn.deliveries
      (id, space_id, event_id, event_type, subscription_id, status, trigger, override, max_attempts,
       lease, lease_until, next_attempt_at, finished_at)
    SELECT id, space_id, event_id, event_type, subscription_id, status, trigger, override, max_attempts, lease,
      lease_until,
      CASE WHEN status = 'pending' AND NOT (${IS_LEASED_IN_PROCESS})
        THEN due_at END, CASE WHEN status IN ('skipped', 'expired') THEN due_at END
    FROM ${rowsSql(COLUMNS, first)} d`;
}

/** The parameters of `deliveriesInsert`. */
export function deliveryValues(deliveries: NewDelivery[]): Buffer[] {
  return rowsParameters(COLUMNS, deliveries);
}

/** How many they are. */
export const DELIVERY_PARAMETERS = COLUMNS.length;

const INSERT = { name: 'deliveries_insert', text: deliveriesInsert(1) };

/** Writes new deliveries of events that exist, all in one statement. */
export async function insertDeliveries(sql: Sql, deliveries: NewDelivery[]): Promise<void> {
  if (deliveries.length > 0) await sql(INSERT, deliveryValues(deliveries));
}
