import type { DeliveryStatus } from '../core/words.js';
import type { Sql } from '../database/sql.js';

/** Deliveries looked at for each subscription. */
const EACH = 24;

/** How one of a subscription's last deliveries stands. */
export interface Recent {
  status: DeliveryStatus;
  attemptCount: number;
}

// One subscription after the other, each a look at the end of its index.
const RECENT = {
  name: 'deliveries_recent',
  text: `
    SELECT s.id, d.status, d.attempt_count AS "attemptCount"
    FROM posthorn.subscriptions s CROSS JOIN LATERAL (
      SELECT id, status, attempt_count FROM posthorn.deliveries
      WHERE subscription_id = s.id ORDER BY id DESC LIMIT ${EACH}
    ) d
    WHERE s.space_id = $1 AND s.id = ANY($2::uuid[]) ORDER BY d.id`,
};

/** The last deliveries of these subscriptions of a space, oldest first; none for one that is not there. */
export async function readRecent(
  sql: Sql,
  spaceId: string,
  subscriptionIds: string[],
): Promise<Map<string, Recent[]>> {
  const rows = await sql<Recent & { id: string }>(RECENT, [spaceId, subscriptionIds]);
  const found = new Map(subscriptionIds.map((id): [string, Recent[]] => [id, []]));
  for (const { id, ...recent } of rows) found.get(id)?.push(recent);
  return found;
}
