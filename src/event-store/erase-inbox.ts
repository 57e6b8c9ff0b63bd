import type { Sql } from '../database/sql.js';
import { selectionSql, type Selection } from './selection.js';

/** Whom a row of the inbox is about, as its event will be. */
const SUBJECT = `coalesce(options ->> 'subjectId', options -> 'scope' ->> 'leadId', options -> 'tags' ->> 'lead')`;

/** How many events of a selection were published by SQL and are no events yet, or were refused. */
export async function countInbox(sql: Sql, selection: Selection): Promise<number> {
  const text = `SELECT count(*)::int AS count FROM posthorn.inbox WHERE ${selectionSql(selection, SUBJECT)}`;
  const [row] = await sql<{ count: number }>({ name: '', text });
  return row?.count ?? 0;
}

/** Deletes them and returns how many. Waits for one that a worker is publishing: it is an event then. */
export async function eraseInbox(sql: Sql, selection: Selection): Promise<number> {
  const text = `WITH gone AS (DELETE FROM posthorn.inbox WHERE ${selectionSql(selection, SUBJECT)} RETURNING 1)
    SELECT count(*)::int AS count FROM gone`;
  const [row] = await sql<{ count: number }>({ name: '', text });
  return row?.count ?? 0;
}

// A space with a legal hold keeps them: nothing tells whether the hold is on one of them.
const EXPIRE = {
  name: 'inbox_expire',
  text: `
    WITH old AS (
      SELECT i.id FROM posthorn.inbox i JOIN posthorn.spaces s ON s.id = i.space_id
      WHERE i.refused IS NOT NULL AND i.refused_at < $1::timestamptz - interval '1 day' * least($2::int,
          (s.retention ->> 'eventsDays')::int, (s.retention ->> 'bodiesDays')::int)
        AND NOT EXISTS (SELECT FROM posthorn.legal_holds h WHERE h.space_id = i.space_id AND h.released_at IS NULL)
      LIMIT 1000
    ), gone AS (DELETE FROM posthorn.inbox i USING old WHERE i.id = old.id RETURNING 1)
    SELECT count(*)::int AS count FROM gone`,
};

/** Deletes refused ones that are older than their space keeps the data of events. Gives how many; more: call again. */
export async function expireInbox(sql: Sql, now: Date, retentionDays: number): Promise<number> {
  const [row] = await sql<{ count: number }>(EXPIRE, [now, retentionDays]);
  return row?.count ?? 0;
}
