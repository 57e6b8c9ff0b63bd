import type { Sql } from '../database/sql.js';
import type { BroadcastEntity } from './broadcast.entity.js';

const MAX_FAILURES = 10;

const COLUMNS = `id, status, tag, type, uid, event, position, spaces, published, skipped, failed, deliveries, problems,
  failures, created_at AS "createdAt"`;

/** SQL for whether one is due at `$1`. */
export const BROADCAST_DUE =
  'EXISTS (SELECT FROM posthorn.broadcasts WHERE finished_at IS NULL AND next_slice_at <= $1)';
// One statement without a transaction: most looks find nothing.
const IS_DUE = { name: 'broadcasts_due', text: `SELECT ${BROADCAST_DUE} AS due` };

// Its lock is the lease: it ends with the transaction, or with the worker that held it.
const TAKE = {
  name: 'broadcasts_take',
  text: `SELECT ${COLUMNS} FROM posthorn.broadcasts WHERE finished_at IS NULL AND next_slice_at <= $1
    ORDER BY next_slice_at LIMIT 1 FOR UPDATE SKIP LOCKED`,
};

// The event goes with the end: it is in the spaces then.
const KEEP = {
  name: 'broadcasts_keep',
  text: `UPDATE posthorn.broadcasts SET status = $2, position = $3, spaces = $4, published = $5, skipped = $6,
    failed = $7,
      deliveries = $8, problems = $9, failures = 0, next_slice_at = $10, finished_at = $11,
      event = CASE WHEN $11::timestamptz IS NULL THEN event END
    WHERE id = $1`,
};

const FAIL = {
  name: 'broadcasts_fail',
  text: `UPDATE posthorn.broadcasts SET failures = failures + 1,
      next_slice_at = $2::timestamptz + least(power(2, failures), 60) * interval '1 second',
      status = CASE WHEN failures + 1 >= ${MAX_FAILURES} THEN 'failed' ELSE status END,
      finished_at = CASE WHEN failures + 1 >= ${MAX_FAILURES} THEN $2::timestamptz END,
      event = CASE WHEN failures + 1 < ${MAX_FAILURES} THEN event END
    WHERE id = $1 AND finished_at IS NULL`,
};

const NEXT_SPACES = {
  name: 'broadcasts_spaces',
  text: `SELECT id FROM posthorn.spaces WHERE id > $1 AND id < $2 AND ($3::text IS NULL OR $3 = ANY(tags))
    ORDER BY id LIMIT $4`,
};

const COUNT_SPACES = {
  name: 'broadcasts_count_spaces',
  text: `SELECT count(*)::int AS count FROM posthorn.spaces WHERE id < $1 AND ($2::text IS NULL OR $2 = ANY(tags))`,
};

/** What a slice needs of a broadcast. */
export type OpenBroadcast = Pick<
  BroadcastEntity,
  | 'id'
  | 'status'
  | 'tag'
  | 'type'
  | 'uid'
  | 'event'
  | 'position'
  | 'spaces'
  | 'published'
  | 'skipped'
  | 'failed'
  | 'deliveries'
  | 'problems'
  | 'failures'
  | 'createdAt'
>;

/** Whether there is a broadcast to go on with. */
export async function isBroadcastDue(sql: Sql, now: Date): Promise<boolean> {
  const [look] = await sql<{ due: boolean }>(IS_DUE, [now]);
  return look?.due ?? false;
}

/** The broadcast that has waited longest, locked for this transaction; undefined: none is due. */
export async function takeBroadcast(sql: Sql, now: Date): Promise<OpenBroadcast | undefined> {
  const [broadcast] = await sql<OpenBroadcast>(TAKE, [now]);
  return broadcast;
}

export async function keepBroadcast(
  sql: Sql,
  broadcast: OpenBroadcast,
  { nextSliceAt, finishedAt }: { nextSliceAt: Date; finishedAt: Date | null },
): Promise<void> {
  const { id, status, position, spaces, published, skipped, failed, deliveries, problems } = broadcast;
  await sql(KEEP, [
    ...[id, status, position, spaces, published, skipped, failed, deliveries],
    ...[JSON.stringify(problems), nextSliceAt, finishedAt],
  ]);
}

/** Puts it off after an error, each time for longer, and ends it after ten in a row. */
export async function failBroadcast(sql: Sql, id: string, now: Date): Promise<void> {
  await sql(FAIL, [id, now]);
}

/** Ids of the next spaces. Those made after the broadcast do not get it. */
export async function nextSpaces(
  sql: Sql,
  { id, tag, position }: Pick<BroadcastEntity, 'id' | 'tag' | 'position'>,
  most: number,
): Promise<string[]> {
  const rows = await sql<{ id: string }>(NEXT_SPACES, [position, id, tag, most]);
  return rows.map((row) => row.id);
}

/** How many spaces a broadcast with this id is for. */
export async function countSpaces(sql: Sql, id: string, tag: string | null): Promise<number> {
  const [row] = await sql<{ count: number }>(COUNT_SPACES, [id, tag]);
  return row?.count ?? 0;
}
