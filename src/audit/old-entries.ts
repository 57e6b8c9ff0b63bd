import { uuidFloor } from '../core/ids.js';
import { DAY_MS } from '../database/partitions.js';
import type { Sql } from '../database/sql.js';

const BATCH = 5_000;

const DELETE_OLD = {
  name: 'audit_delete_old',
  text: `
    DELETE FROM posthorn.audit_entries
    WHERE id IN (SELECT id FROM posthorn.audit_entries WHERE id < $1 ORDER BY id LIMIT ${BATCH}) RETURNING 1`,
};

/** Deletes entries older than `days` days; 0: none. Gives how many. */
export async function deleteOldEntries(sql: Sql, now: number, days: number): Promise<number> {
  if (days === 0) return 0;
  let deleted = 0;
  for (let batch = BATCH; batch === BATCH; deleted += batch)
    batch = (await sql(DELETE_OLD, [uuidFloor(now - days * DAY_MS)])).length;
  return deleted;
}
