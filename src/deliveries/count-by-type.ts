import { uuidFloor } from '../core/ids.js';
import type { DeliveryStatus } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';

/** How many deliveries have the same event type and status, and were sent at least once or never. */
export interface TypeCount {
  event_type: string;
  status: DeliveryStatus;
  tried: boolean;
  count: number;
}

const COUNT = {
  name: 'deliveries_count_by_type',
  text: `SELECT event_type, status, attempt_count > 0 AS tried, count(*)::int AS count FROM posthorn.deliveries
    WHERE space_id = $1 AND subscription_id = ANY($2::uuid[]) AND id >= $3 AND id < $4 GROUP BY 1, 2, 3`,
};

/** Counts the deliveries of these subscriptions that were made from `from` until before `to`. */
export function countByType(
  sql: Sql,
  spaceId: string,
  subscriptionIds: string[],
  { from, to }: { from: Date; to: Date },
): Promise<TypeCount[]> {
  return sql(COUNT, [spaceId, subscriptionIds, uuidFloor(from.getTime()), uuidFloor(to.getTime())]);
}
