import { ERASED } from '../core/removed.js';
import type { Sql } from '../database/sql.js';
import { deleteErasedKeys, reserveErasedKeys } from './erased-keys.js';
import { selectionSql, type Selection } from './selection.js';

/** The next events of a selection after the id `after`, in the order of their ids. */
export async function nextSelected(
  sql: Sql,
  selection: Selection,
  after: string,
  limit: number,
): Promise<string[]> {
  const text = `SELECT id FROM posthorn.events WHERE ${selectionSql({ ...selection, since: after })} AND id > '${after}'
    ORDER BY id LIMIT ${limit}`;
  return (await sql<{ id: string }>({ name: '', text })).map(({ id }) => id);
}

// Valid JSON, which an engine of the release before can read, too.
const EMPTY = {
  name: 'events_erase',
  text: `
    WITH done AS (
      UPDATE posthorn.events SET data = 'null', removed = '${ERASED}'
      WHERE id = ANY($1::uuid[]) AND removed IS DISTINCT FROM '${ERASED}' RETURNING 1
    )
    SELECT count(*)::int AS count FROM done`,
};

/** Removes the data of these events, and reserves the ids that their publishers gave. Gives how many there were. */
export async function eraseEvents(sql: Sql, events: string[], now: Date): Promise<number> {
  await reserveErasedKeys(sql, events, now);
  const [row] = await sql<{ count: number }>(EMPTY, [events]);
  return row?.count ?? 0;
}

const FORGET = {
  name: 'events_forget_whom',
  text: `UPDATE posthorn.events
    SET subject_id = NULL, lead_id = NULL, publisher_id = NULL, tags = NULL WHERE id = ANY($1::uuid[])`,
};

/** Removes by what erased events were found: subject, lead and the publisher's id. Gives how many ids. */
export async function forgetWhom(sql: Sql, events: string[]): Promise<number> {
  const keys = await deleteErasedKeys(sql, events);
  await sql(FORGET, [events]);
  return keys;
}

const DELETE = {
  name: 'events_delete_erased',
  text: `DELETE FROM posthorn.events WHERE id = ANY($1::uuid[])`,
};

/** Deletes erased events. Gives how many ids of publishers went with them. */
export async function deleteEvents(sql: Sql, events: string[]): Promise<number> {
  const keys = await deleteErasedKeys(sql, events);
  await sql(DELETE, [events]);
  return keys;
}

/** Whether a selection has events with data, or any, up to 1,000. */
export async function countSelected(sql: Sql, selection: Selection): Promise<number> {
  const text = `SELECT count(*)::int AS count FROM (
    SELECT FROM posthorn.events WHERE ${selectionSql(selection)} AND removed IS DISTINCT FROM '${ERASED}'
      LIMIT 1000) found`;
  const [row] = await sql<{ count: number }>({ name: '', text });
  return row?.count ?? 0;
}
