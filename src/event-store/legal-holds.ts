import { Conflict } from '../core/errors.js';
import { publicId, uuidTime } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import type { LegalHoldEntity } from './legal-hold.entity.js';
import { LAST_ID, selectionSql, type Selection } from './selection.js';

type Hold = Pick<
  LegalHoldEntity,
  'id' | 'sinceId' | 'untilId' | 'eventId' | 'subject' | 'reason' | 'setBy' | 'createdAt'
>;

const KEY = 7_061_706_914_213;
const LOCK = { name: 'legal_holds_lock', text: `SELECT pg_advisory_xact_lock(${KEY})` };
const SHARE = { name: 'legal_holds_share', text: `SELECT pg_advisory_xact_lock_shared(${KEY})` };

/** Waits for what is just being removed: with the hold's commit nothing more of it is. */
export async function lockHolds(sql: Sql): Promise<void> {
  await sql(LOCK);
}

/** To be called in the transaction that removes something, before it asks what is on hold. */
export async function shareHolds(sql: Sql): Promise<void> {
  await sql(SHARE);
}

const ACTIVE = {
  name: 'legal_holds_active',
  text: `SELECT id, since_id AS "sinceId", until_id AS "untilId", event_id AS "eventId", subject, reason,
    set_by AS "setBy",
      created_at AS "createdAt"
    FROM posthorn.legal_holds WHERE space_id = $1 AND released_at IS NULL ORDER BY id`,
};

/** SQL for whether an event is on hold; `e` is its row. */
export function isHeldSql(e: string): string {
  return `EXISTS (SELECT FROM posthorn.legal_holds h WHERE h.space_id = ${e}.space_id AND h.released_at IS NULL
    AND ${e}.id >= h.since_id AND ${e}.id < h.until_id AND (h.event_id IS NULL OR h.event_id = ${e}.id)
    AND (h.subject IS NULL OR h.subject = coalesce(${e}.subject_id, ${e}.lead_id)))`;
}

/** SQL for whether a delivery's event is on hold; `d` is the delivery's row. The event may be gone. */
export function isEventHeldSql(d: string): string {
  return `EXISTS (SELECT FROM posthorn.legal_holds h WHERE h.space_id = ${d}.space_id AND h.released_at IS NULL
    AND ${d}.event_id >= h.since_id AND ${d}.event_id < h.until_id AND (h.event_id IS NULL
      OR h.event_id = ${d}.event_id)
    AND (h.subject IS NULL OR EXISTS (
      SELECT FROM posthorn.events e WHERE e.id = ${d}.event_id AND coalesce(e.subject_id, e.lead_id) = h.subject)))`;
}

/** The first hold on anything of a selection; null when there is none. A hold on the whole space is on everything. */
export async function findHoldOn(sql: Sql, selection: Selection): Promise<Hold | null> {
  for (const hold of await sql<Hold>(ACTIVE, [selection.spaceId])) {
    if (isWhole(hold) || (await isOnAny(sql, selection, hold))) return hold;
  }
  return null;
}

async function isOnAny(sql: Sql, selection: Selection, hold: Hold): Promise<boolean> {
  const held = {
    spaceId: selection.spaceId,
    since: hold.sinceId,
    until: hold.untilId,
    events: hold.eventId === null ? null : [hold.eventId],
    subject: hold.subject,
  };
  const text = `SELECT EXISTS (SELECT
    FROM posthorn.events WHERE ${selectionSql(selection)} AND ${selectionSql(held)}) AS any`;
  const [row] = await sql<{ any: boolean }>({ name: '', text });
  return row?.any ?? false;
}

function isWhole({ sinceId, untilId, eventId, subject }: Hold): boolean {
  return uuidTime(sinceId) === 0 && untilId === LAST_ID && eventId === null && subject === null;
}

/** The refusal that names the hold, who set it, and why. */
export function onHold({ id, reason, setBy, createdAt }: Hold): Conflict {
  const since = createdAt.toISOString().slice(0, 10);
  return new Conflict(
    'legal_hold',
    `Legal hold ${publicId('lgh', id)}, set by ${setBy} on ${since}, keeps this: "${reason}". Release the hold first.`,
  );
}

const ANY = {
  name: 'legal_holds_any',
  text: `SELECT EXISTS (SELECT FROM posthorn.legal_holds WHERE released_at IS NULL) AS any`,
};
const ANY_OF_DAY = {
  name: 'legal_holds_events_of_day',
  text: `SELECT EXISTS (
    SELECT FROM posthorn.legal_holds h WHERE h.released_at IS NULL AND EXISTS (
      SELECT FROM posthorn.events e WHERE e.space_id = h.space_id AND e.id >= greatest(h.since_id, $1::uuid)
        AND e.id < least(h.until_id, $2::uuid) AND (h.event_id IS NULL OR h.event_id = e.id)
        AND (h.subject IS NULL OR h.subject = coalesce(e.subject_id, e.lead_id)))) AS any`,
};

/** Whether anything is on hold. */
export async function hasHolds(sql: Sql): Promise<boolean> {
  const [row] = await sql<{ any: boolean }>(ANY);
  return row?.any ?? true;
}

/** Whether one of the events from the id `from` until before `to` is on hold. */
export async function hasHeldEvents(sql: Sql, from: string, to: string): Promise<boolean> {
  const [row] = await sql<{ any: boolean }>(ANY_OF_DAY, [from, to]);
  return row?.any ?? true;
}

const DELETE = { name: 'legal_holds_delete', text: `DELETE FROM posthorn.legal_holds WHERE space_id = $1` };

/** For a space that is being deleted: forgets its released holds. Throws Conflict while it has others. */
export async function deleteHoldsOf(sql: Sql, spaceId: string): Promise<void> {
  await checkNoHold(sql, spaceId);
  await sql(DELETE, [spaceId]);
}

/** Throws Conflict while the space has a legal hold; it gets none until the transaction ends. */
export async function checkNoHold(sql: Sql, spaceId: string): Promise<void> {
  await shareHolds(sql);
  const [hold] = await sql<Hold>(ACTIVE, [spaceId]);
  if (hold) throw onHold(hold);
}
