import { isEventHeldSql } from '../event-store/legal-holds.js';
import { deleteOldEventsSql, emptyOldEventsSql, scannedSql, PURGED } from '../event-store/purge-events.js';
import type { Sql } from '../database/sql.js';

/** What retention removes of a space: rows, or only parts of them. */
export type PurgeKind =
  'deliveries' | 'events' | 'attempts' | 'attemptBodies' | 'eventBodies' | 'allDeliveries' | 'allEvents';

/** What one slice did. */
export interface Purged {
  scanned: number;
  changed: number;
  /** The last id looked at; null: there was none. */
  last: string | null;
}

const IS_OPEN = `EXISTS (
  SELECT FROM posthorn.deliveries d WHERE d.event_id = e.id AND d.status IN ('pending', 'held'))`;
const IS_FINISHED = `d.status NOT IN ('pending', 'held') AND NOT ${isEventHeldSql('d')}`;

const deleteOld = (ofSpace: boolean) => `
  WITH scanned AS MATERIALIZED (${scannedSql('posthorn.deliveries', ofSpace)}), free AS MATERIALIZED (
    SELECT d.id FROM scanned JOIN posthorn.deliveries d ON d.id = scanned.id
    WHERE ${IS_FINISHED} FOR UPDATE OF d SKIP LOCKED
  ), attempts AS (
    DELETE FROM posthorn.attempts a USING free WHERE a.delivery_id = free.id
  ), gone AS (
    DELETE FROM posthorn.deliveries d USING free WHERE d.id = free.id RETURNING 1
  )
  ${PURGED('gone')}`;

const attemptsOf = (change: string) => `
  WITH scanned AS MATERIALIZED (${scannedSql('posthorn.deliveries', true)}), free AS MATERIALIZED (
    SELECT d.id FROM scanned JOIN posthorn.deliveries d ON d.id = scanned.id WHERE ${IS_FINISHED}
  ), changed AS (${change} RETURNING 1)
  ${PURGED('changed')}`;

const TEXTS: Record<PurgeKind, string> = {
  deliveries: deleteOld(true),
  events: deleteOldEventsSql(true, IS_OPEN),
  attempts: attemptsOf(`DELETE FROM posthorn.attempts a USING free WHERE a.delivery_id = free.id`),
  attemptBodies: attemptsOf(
    `UPDATE posthorn.attempts a SET request_headers = '[]', response_headers = NULL, response_body = NULL, removed = $4
     FROM free WHERE a.delivery_id = free.id AND a.removed IS NULL`,
  ),
  eventBodies: emptyOldEventsSql(IS_OPEN),
  allDeliveries: deleteOld(false),
  allEvents: deleteOldEventsSql(false, IS_OPEN),
};
const TAKES_DAYS = new Set<PurgeKind>(['attemptBodies', 'eventBodies']);

/**
 * Looks at the next rows between two ids, of one space or of all (null), and removes those that are finished and on no
 * legal hold. To be called in a transaction that shares the holds. `days`: what people are told about removed bodies.
 */
export async function purge(
  sql: Sql,
  kind: PurgeKind,
  spaceId: string | null,
  { after, before }: { after: string; before: string },
  days: number,
): Promise<Purged> {
  const values = [spaceId, after, before, ...(TAKES_DAYS.has(kind) ? [String(days)] : [])];
  const [purged] = await sql<Purged>({ name: `purge_${kind}`, text: TEXTS[kind] }, values);
  return purged ?? { scanned: 0, changed: 0, last: null };
}

const ANY_HELD = {
  name: 'deliveries_any_held_of_day',
  text: `SELECT EXISTS (SELECT FROM posthorn.legal_holds h WHERE h.released_at IS NULL AND EXISTS (
    SELECT FROM posthorn.deliveries d WHERE d.space_id = h.space_id AND d.id >= $1::uuid AND d.id < $2::uuid
      AND d.event_id >= h.since_id AND d.event_id < h.until_id AND (h.event_id IS NULL OR h.event_id = d.event_id)
      AND (h.subject IS NULL OR EXISTS (
        SELECT FROM posthorn.events e WHERE e.id = d.event_id
          AND coalesce(e.subject_id, e.lead_id) = h.subject)))) AS any`,
};

/** Whether the event of one of the deliveries with these ids is on hold. */
export async function hasHeldDeliveries(sql: Sql, from: string, to: string): Promise<boolean> {
  const [row] = await sql<{ any: boolean }>(ANY_HELD, [from, to]);
  return row?.any ?? true;
}
