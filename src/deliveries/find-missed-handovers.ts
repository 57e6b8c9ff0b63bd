import { handedLeasesOf } from '../core/lease.js';
import { uuidFloor } from '../core/ids.js';
import type { Sql } from '../database/sql.js';

const LIMIT = 5_000;
const UNTOLD = {
  name: 'deliveries_untold',
  text: `SELECT id, lease FROM posthorn.deliveries WHERE id >= $1 AND id < $2 AND status = 'pending'
      AND lease BETWEEN $3 AND $4 AND lease <> ALL ($5::uuid[])
    ORDER BY id LIMIT ${LIMIT}`,
};

/**
 * Deliveries made from `from` until `to` (milliseconds) that others leased to this worker, with leases it has not been
 * told of.
 */
export function findUntold(
  sql: Sql,
  worker: string,
  told: string[],
  { from, to }: { from: number; to: number },
): Promise<{ id: string; lease: string }[]> {
  return sql(UNTOLD, [uuidFloor(from), uuidFloor(to), ...handedLeasesOf(worker), told]);
}
