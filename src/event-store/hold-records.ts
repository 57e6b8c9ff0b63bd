import { listStatement, type ListShape } from '../database/list-statement.js';
import type { Sql } from '../database/sql.js';
import type { LegalHoldEntity } from './legal-hold.entity.js';
import { lockHolds } from './legal-holds.js';
import { subjectHash } from './subject.js';

const COLUMNS = `id, space_id AS "spaceId", since_id AS "sinceId", until_id AS "untilId", event_id AS "eventId",
  subject, reason, set_by AS "setBy",
  created_at AS "createdAt", released_by AS "releasedBy", released_at AS "releasedAt"`;

const INSERT = {
  name: 'legal_holds_insert',
  text: `INSERT INTO posthorn.legal_holds (id, space_id, since_id, until_id, event_id, subject, reason, set_by,
    created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
};
const FIND = {
  name: 'legal_holds_find',
  text: `SELECT ${COLUMNS} FROM posthorn.legal_holds WHERE space_id = $1 AND id = $2`,
};
const RELEASE = {
  name: 'legal_holds_release',
  text: `UPDATE posthorn.legal_holds SET released_by = $2, released_at = $3, subject = $4
    WHERE id = $1 AND released_at IS NULL RETURNING 1`,
};

/** Sets a hold, once nothing is just being removed. To be called in a transaction. */
export async function insertHold(sql: Sql, hold: LegalHoldEntity): Promise<void> {
  await lockHolds(sql);
  const { id, spaceId, sinceId, untilId, eventId, subject, reason, setBy, createdAt } = hold;
  await sql(INSERT, [id, spaceId, sinceId, untilId, eventId, subject, reason, setBy, createdAt]);
}

/** Ends a hold, whose subject is kept as a hash only; false when it has ended before. */
export async function releaseHold(
  sql: Sql,
  { id, spaceId, subject }: LegalHoldEntity,
  by: string,
  at: Date,
): Promise<boolean> {
  const hash = subject === null ? null : `sha256:${subjectHash(spaceId, subject)}`;
  return (await sql(RELEASE, [id, by, at, hash])).length > 0;
}

/** A hold of the space; null when it has no such. */
export async function findHold(sql: Sql, spaceId: string, id: string): Promise<LegalHoldEntity | null> {
  const [hold] = await sql<LegalHoldEntity>(FIND, [spaceId, id]);
  return hold ?? null;
}

/** The space's holds, also released ones. */
export function listHolds(
  sql: Sql,
  spaceId: string,
  shape: Pick<ListShape, 'after' | 'order' | 'limit'>,
): Promise<LegalHoldEntity[]> {
  const { statement, values } = listStatement({
    name: 'legal_holds_list',
    select: `SELECT ${COLUMNS} FROM posthorn.legal_holds`,
    key: 'id',
    conditions: [[(p) => `space_id = ${p}`, spaceId]],
    ...shape,
  });
  return sql<LegalHoldEntity>(statement, values);
}
