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

// Steps from one space to the next, so that a million events of one cost the others nothing. A range of one space in
// the order of spaces can only go by their index: "=" went by the ids of all events while statistics knew one space.
const TAKE = {
  name: 'inbox_take',
  text: `
    WITH RECURSIVE waiting (id) AS (
      (SELECT space_id FROM posthorn.inbox WHERE refused IS NULL AND space_id > $3 ORDER BY space_id LIMIT 1)
      UNION ALL
      SELECT (SELECT i.space_id FROM posthorn.inbox i WHERE i.refused IS NULL AND i.space_id > waiting.id
              ORDER BY i.space_id LIMIT 1)
      FROM waiting WHERE waiting.id IS NOT NULL
    ), spaces AS MATERIALIZED (
      SELECT id FROM waiting WHERE id IS NOT NULL AND id <> ALL($2::uuid[]) LIMIT $1
    )
    SELECT e.*, (SELECT count(*) FROM spaces)::int AS spaces FROM spaces CROSS JOIN LATERAL (
      SELECT id, space_id AS "spaceId", type, data, key, options::text AS options FROM posthorn.inbox
      WHERE space_id >= spaces.id AND space_id <= spaces.id AND refused IS NULL ORDER BY space_id, id
      LIMIT (SELECT $1::int / greatest(count(*), 1) FROM spaces) FOR UPDATE SKIP LOCKED
    ) e ORDER BY e.id`,
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

/** Events that were taken, and where the next look goes on. */
export interface TakenRows {
  rows: InboxRow[];
  /** Whether a space has had its share: it may have more. */
  isMore: boolean;
  /** The space after which the next look begins. */
  last: string;
}

/** Before all spaces. */
export const FIRST_SPACE = '00000000-0000-0000-0000-000000000000';

/**
 * The oldest events of each space after `after` but of `exceptSpaces`, `most` together, in equal shares; locked for
 * this transaction. Those that another one has are left to it.
 */
export async function takeInbox(
  sql: Sql,
  most: number,
  exceptSpaces: string[],
  after: string,
): Promise<TakenRows> {
  const rows = await sql<InboxRow & { spaces: number }>(TAKE, [most, exceptSpaces, after]);
  const spaces = rows[0]?.spaces ?? 0;
  const counts = new Map<string, number>();
  for (const { spaceId } of rows) counts.set(spaceId, (counts.get(spaceId) ?? 0) + 1);
  const isCut = spaces === most;
  const share = Math.floor(most / Math.max(1, spaces));
  return {
    rows,
    isMore: isCut || [...counts.values()].some((count) => count === share),
    last: isCut ? [...counts.keys()].reduce((one, other) => (one > other ? one : other)) : FIRST_SPACE,
  };
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
