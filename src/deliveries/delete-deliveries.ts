import type { Sql } from '../database/sql.js';

const DELETE = [
  {
    // With the locks, an attempt that is being recorded is recorded by now, and no other begins.
    name: 'spaces_lock_deliveries',
    text: `SELECT count(*) FROM (
      SELECT FROM posthorn.deliveries WHERE space_id = $1 AND status IN ('pending', 'held') FOR UPDATE) locked`,
  },
  {
    name: 'spaces_delete_attempts',
    text: `DELETE FROM posthorn.attempts WHERE delivery_id IN (SELECT id FROM posthorn.deliveries WHERE space_id = $1)`,
  },
  { name: 'spaces_delete_deliveries', text: `DELETE FROM posthorn.deliveries WHERE space_id = $1` },
  { name: 'spaces_delete_outcomes', text: `DELETE FROM posthorn.outcomes WHERE space_id = $1` },
];

/** Deletes the deliveries of a space that is being deleted, with their attempts and counts. */
export async function deleteDeliveriesOf(sql: Sql, spaceId: string): Promise<void> {
  for (const statement of DELETE) await sql(statement, [spaceId]);
}
