import type { Sql } from '../database/sql.js';

/** An event that was published in somebody's transaction: by SQL, or by Posthorn itself. */
export interface InboxRow {
  /** The event's dashed id. */
  id: string;
  spaceId: string;
  type: string;
  /** JSON text. */
  data: string;
  key: string | null;
  /** JSON text of an object: the event's other fields. */
  options: string;
}

const TAKE = {
  name: 'inbox_take',
  text: `SELECT id, space_id AS "spaceId", type, data, key, options::text AS options FROM posthorn.inbox
    WHERE refused IS NULL AND space_id <> ALL($2::uuid[]) ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`,
};

/** SQL for whether there are events to take. */
export const HAS_INBOX = 'EXISTS (SELECT FROM posthorn.inbox WHERE refused IS NULL)';
const ANY = { name: 'inbox_any', text: `SELECT ${HAS_INBOX} AS found` };

const DELETE = { name: 'inbox_delete', text: `DELETE FROM posthorn.inbox WHERE id = ANY($1::uuid[])` };

const REFUSE = {
  name: 'inbox_refuse',
  text: `UPDATE posthorn.inbox SET refused = $2, refused_at = $3 WHERE id = $1`,
};

/** Whether there are events to take. */
export async function hasInbox(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ found: boolean }>(ANY);
  return row?.found ?? false;
}

/**
 * The oldest events but those of `exceptSpaces`, locked for this transaction; those that another one has are left to
 * it.
 */
export function takeInbox(sql: Sql, most: number, exceptSpaces: string[]): Promise<InboxRow[]> {
  return sql<InboxRow>(TAKE, [most, exceptSpaces]);
}

export async function deleteInbox(sql: Sql, ids: string[]): Promise<void> {
  if (ids.length > 0) await sql(DELETE, [ids]);
}

/** It stays, with the reason, until it is published again or the reason is removed. */
export async function refuseInbox(sql: Sql, id: string, reason: string, now: Date): Promise<void> {
  await sql(REFUSE, [id, reason, now]);
}

const ADD = {
  name: 'inbox_add',
  text: `
    INSERT INTO posthorn.inbox (id, space_id, type, data, options)
    SELECT i.id, s.id, i.type, i.data, i.options
    FROM unnest($2::uuid[], $3::text[], $4::text[], $5::jsonb[]) AS i (id, type, data, options)
    JOIN posthorn.spaces s ON s.uid = $1`,
};

/** Adds events for the space of this uid; none while there is no such space. */
export async function addToInbox(
  sql: Sql,
  spaceUid: string,
  events: Pick<InboxRow, 'id' | 'type' | 'data' | 'options'>[],
): Promise<void> {
  await sql(ADD, [
    spaceUid,
    events.map(({ id }) => id),
    events.map(({ type }) => type),
    events.map(({ data }) => data),
    events.map(({ options }) => options),
  ]);
}
