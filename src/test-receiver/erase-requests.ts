import type { Sql } from '../database/sql.js';

const DELETE = {
  name: 'test_requests_erase',
  text: `
    WITH gone AS (
      DELETE FROM posthorn.test_requests WHERE receiver_id IN
        (SELECT id FROM posthorn.test_receivers WHERE space_id = $1) RETURNING 1
    )
    SELECT count(*)::int AS count FROM gone`,
};

const COUNT = {
  name: 'test_requests_count',
  text: `SELECT count(*)::int AS count FROM posthorn.test_requests
    WHERE receiver_id IN (SELECT id FROM posthorn.test_receivers WHERE space_id = $1)`,
};

/** Deletes everything that a space's test receivers got. Gives how many requests. */
export async function deleteTestRequests(sql: Sql, spaceId: string): Promise<number> {
  const [row] = await sql<{ count: number }>(DELETE, [spaceId]);
  return row?.count ?? 0;
}

/** How many requests a space's test receivers keep. */
export async function countTestRequests(sql: Sql, spaceId: string): Promise<number> {
  const [row] = await sql<{ count: number }>(COUNT, [spaceId]);
  return row?.count ?? 0;
}
