import type { Sql } from '../database/sql.js';

const DELETE = {
  name: 'spaces_delete_events',
  text: `DELETE FROM posthorn.events WHERE space_id = $1`,
};

/** Deletes the events of a space that is being deleted. Their keys go with the space. */
export async function deleteEventsOf(sql: Sql, spaceId: string): Promise<void> {
  await sql(DELETE, [spaceId]);
}
