import { handoverLeasesOf } from '../core/lease.js';
import { uuidFloor } from '../core/ids.js';
import type { Sql } from '../database/sql.js';

/** As many are found at once. */
export const MOST_MISSED = 5_000;
const MISSED = {
  name: 'deliveries_missed_handovers',
  text: `SELECT id, lease FROM posthorn.deliveries WHERE id >= $1 AND id < $2 AND status = 'pending'
      AND lease BETWEEN $3 AND $4 AND lease <> ALL ($5::uuid[])
    ORDER BY id LIMIT ${MOST_MISSED}`,
};

/**
 * Deliveries made from `from` until `to` (milliseconds) that others leased to this worker, with leases that it has not
 * seen: their message was lost.
 */
export function findMissedHandovers(
  sql: Sql,
  worker: string,
  seen: string[],
  { from, to }: { from: number; to: number },
): Promise<{ id: string; lease: string }[]> {
  return sql(MISSED, [uuidFloor(from), uuidFloor(to), ...handoverLeasesOf(worker), seen]);
}
