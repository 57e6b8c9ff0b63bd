import type { Sql } from '../database/sql.js';
import type { NewDelivery } from './delivery.js';

/** SQL: whether the publisher's `deliverAt`, if there is one, has come at `now`. */
export function isTimeSql(now: string): string {
  return `(deliver_at IS NULL OR deliver_at <= ${now})`;
}

const SCHEDULE = {
  name: 'deliveries_schedule',
  text: `UPDATE posthorn.deliveries d SET deliver_at = s.at
    FROM unnest($1::uuid[], $2::timestamptz[]) AS s (id, at) WHERE d.id = s.id`,
};

/**
 * Notes of new deliveries before when they may not be sent, those that have such a time. In the transaction that wrote
 * them: the usual delivery has none, and its statement stays as short as it is.
 */
export async function scheduleDeliveries(sql: Sql, deliveries: NewDelivery[]): Promise<void> {
  const scheduled = deliveries.filter(({ deliverAt }) => deliverAt !== undefined);
  if (scheduled.length === 0) return;
  await sql(SCHEDULE, [scheduled.map(({ id }) => id), scheduled.map(({ deliverAt }) => deliverAt)]);
}
