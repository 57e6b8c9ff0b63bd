import { heldOrder, isHeldOf, WAITING } from './open-deliveries.js';
import type { Sql } from '../database/sql.js';

/** Where counting ends. */
const MOST = 10_000;

const COUNT = {
  name: 'deliveries_backlog_of_endpoint',
  text: `
    WITH held AS MATERIALIZED (
      SELECT id FROM posthorn.deliveries WHERE ${isHeldOf('$1')} ${heldOrder()} LIMIT ${MOST + 1}
    ), pending AS (
      SELECT FROM posthorn.deliveries WHERE subscription_id = $1 AND ${WAITING} LIMIT ${MOST + 1}
    )
    SELECT (SELECT count(*)::int FROM held) AS held, (SELECT count(*)::int FROM pending) AS pending,
      (SELECT id FROM held ORDER BY id LIMIT 1) AS "oldestHeld"`,
};

/** What waits for one endpoint; each up to 10,000. */
export interface EndpointBacklog {
  held: { count: number; capped: boolean };
  pending: { count: number; capped: boolean };
  /** Its dashed id. */
  oldestHeld: string | null;
}

export async function countBacklog(sql: Sql, subscriptionId: string): Promise<EndpointBacklog> {
  const [row] = await sql<{ held: number; pending: number; oldestHeld: string | null }>(COUNT, [
    subscriptionId,
  ]);
  const capped = (count = 0) => ({ count: Math.min(count, MOST), capped: count > MOST });
  return {
    held: capped(row?.held),
    pending: capped(row?.pending),
    oldestHeld: row?.oldestHeld ?? null,
  };
}
