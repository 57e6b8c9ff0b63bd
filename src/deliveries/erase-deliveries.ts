import { ERASED } from '../core/removed.js';
import type { Sql } from '../database/sql.js';

/** Deliveries that one statement erases or deletes. */
export const DELIVERIES_AT_ONCE = 1_000;

/** What one slice removed. */
export interface ErasedDeliveries {
  deliveries: number;
  /** Of them, those that were pending or held. */
  cancelled: number;
  /** Attempts that lost their headers and bodies, or were deleted. */
  attempts: number;
  /** Whether there are more. */
  more: boolean;
}

type Counts = Omit<ErasedDeliveries, 'more'>;

// The lease stays: an attempt that is under way is recorded, without what it sent and got.
const ERASE = {
  name: 'deliveries_erase_of_events',
  text: `
  WITH slice AS MATERIALIZED (
    SELECT id, status FROM posthorn.deliveries WHERE event_id = ANY($1::uuid[]) AND erased_at IS NULL
    ORDER BY id LIMIT ${DELIVERIES_AT_ONCE} FOR UPDATE
  ), marked AS (
    UPDATE posthorn.deliveries d SET erased_at = $2, override = NULL, next_attempt_at = NULL, planned_at = NULL,
      status = CASE WHEN d.status IN ('pending', 'held') THEN 'cancelled' ELSE d.status END,
      finished_at = CASE WHEN d.status IN ('pending', 'held') THEN $2 ELSE d.finished_at END
    FROM slice WHERE d.id = slice.id
  ), emptied AS (
    UPDATE posthorn.attempts a SET request_headers = '[]', response_headers = NULL, response_body = NULL,
      removed = '${ERASED}'
    FROM slice WHERE a.delivery_id = slice.id AND a.removed IS DISTINCT FROM '${ERASED}' RETURNING 1
  )
  SELECT (SELECT count(*) FROM slice)::int AS deliveries, (SELECT count(*) FROM emptied)::int AS attempts,
    (SELECT count(*) FROM slice WHERE status IN ('pending', 'held'))::int AS cancelled`,
};

/**
 * Removes what the deliveries of these events carry, and cancels those that are pending or held, up to a thousand at
 * once.
 */
export async function eraseDeliveriesOf(sql: Sql, events: string[], now: Date): Promise<ErasedDeliveries> {
  return withMore(await sql<Counts>(ERASE, [events, now]));
}

function withMore([row]: Counts[]): ErasedDeliveries {
  const counts = row ?? { deliveries: 0, cancelled: 0, attempts: 0 };
  return { ...counts, more: counts.deliveries === DELIVERIES_AT_ONCE };
}

const DELETE = {
  name: 'deliveries_delete_of_events',
  text: `
    WITH slice AS MATERIALIZED (
      SELECT id FROM posthorn.deliveries WHERE event_id = ANY($1::uuid[]) ORDER BY id
        LIMIT ${DELIVERIES_AT_ONCE} FOR UPDATE
    ), attempts AS (
      DELETE FROM posthorn.attempts a USING slice WHERE a.delivery_id = slice.id RETURNING 1
    ), deliveries AS (
      DELETE FROM posthorn.deliveries d USING slice WHERE d.id = slice.id RETURNING 1
    )
    SELECT (SELECT count(*) FROM deliveries)::int AS deliveries, (SELECT count(*) FROM attempts)::int AS attempts,
      0 AS cancelled`,
};

/** Deletes the deliveries of these events with their attempts, up to a thousand at once. */
export async function deleteDeliveriesOfEvents(sql: Sql, events: string[]): Promise<ErasedDeliveries> {
  return withMore(await sql<Counts>(DELETE, [events]));
}

const ORPHANS = (removal: string, gone: string) => `
  WITH scanned AS MATERIALIZED (
    SELECT id FROM posthorn.deliveries WHERE space_id = $1 AND id > $2 AND id < $3 ORDER BY id
      LIMIT ${DELIVERIES_AT_ONCE}
  ), slice AS MATERIALIZED (
    SELECT d.id FROM scanned JOIN posthorn.deliveries d ON d.id = scanned.id
    WHERE NOT EXISTS (SELECT FROM posthorn.events e WHERE e.id = d.event_id) ORDER BY d.id FOR UPDATE OF d
  ), attempts AS (
    ${removal}
  ), deliveries AS (
    ${gone}
  )
  SELECT (SELECT count(*) FROM deliveries)::int AS deliveries, (SELECT count(*) FROM attempts)::int AS attempts,
    0 AS cancelled, (SELECT id FROM scanned ORDER BY id DESC LIMIT 1) AS last`;

const ERASE_ORPHANS = {
  name: 'deliveries_erase_orphans',
  text: ORPHANS(
    `UPDATE posthorn.attempts a SET request_headers = '[]', response_headers = NULL, response_body = NULL,
      removed = '${ERASED}'
     FROM slice WHERE a.delivery_id = slice.id AND a.removed IS DISTINCT FROM '${ERASED}' RETURNING 1`,
    `UPDATE posthorn.deliveries d
      SET erased_at = $4 FROM slice WHERE d.id = slice.id AND erased_at IS NULL RETURNING 1`,
  ),
};
const DELETE_ORPHANS = {
  name: 'deliveries_delete_orphans',
  text: ORPHANS(
    `DELETE FROM posthorn.attempts a USING slice WHERE a.delivery_id = slice.id RETURNING 1`,
    `DELETE FROM posthorn.deliveries d USING slice WHERE d.id = slice.id AND $4::timestamptz IS NOT NULL RETURNING 1`,
  ),
};

/** Looks at the next deliveries of a space for those whose event is gone, and erases or deletes them. */
export async function removeOrphans(
  sql: Sql,
  spaceId: string,
  { after, before }: { after: string; before: string },
  isDeletion: boolean,
  now: Date,
): Promise<Counts & { last: string | null }> {
  const statement = isDeletion ? DELETE_ORPHANS : ERASE_ORPHANS;
  const [row] = await sql<Counts & { last: string | null }>(statement, [spaceId, after, before, now]);
  return row ?? { deliveries: 0, cancelled: 0, attempts: 0, last: null };
}

// Steps from event to event, so that it reads no more than it is to find.
const WITHIN = {
  name: 'deliveries_events_within',
  text: `
    WITH RECURSIVE counted (events, deliveries) AS (
      SELECT 0, 0::bigint
      UNION ALL
      SELECT events + 1, deliveries + (SELECT count(*) FROM (
        SELECT FROM posthorn.deliveries d WHERE d.event_id = ($1::uuid[])[events + 1] LIMIT $2::int) capped)
      FROM counted WHERE deliveries < $2 AND events < cardinality($1::uuid[])
    )
    SELECT max(events) AS events FROM counted`,
};

/**
 * The first of these events that have about so many deliveries together, one at least. An event may have 10,000, so a
 * number of events does not bound what a statement reads.
 */
export async function eventsWithin(sql: Sql, events: string[], deliveries: number): Promise<string[]> {
  const [row] = await sql<{ events: number }>(WITHIN, [events, deliveries]);
  return events.slice(0, row?.events ?? 0);
}

const COUNT = {
  name: 'deliveries_count_of_events',
  text: `
    SELECT (SELECT count(*) FROM posthorn.deliveries WHERE event_id = ANY($1::uuid[]))::int AS deliveries,
      (SELECT count(*) FROM posthorn.deliveries WHERE event_id = ANY($1::uuid[]) AND status IN ('pending', 'held'))::int
        AS cancelled,
      (SELECT count(*) FROM posthorn.deliveries d JOIN posthorn.attempts a ON a.delivery_id = d.id
        WHERE d.event_id = ANY($1::uuid[]))::int AS attempts`,
};

/** What an erasure of these events would remove. */
export async function countDeliveriesOf(sql: Sql, events: string[]): Promise<Counts> {
  const [row] = await sql<Counts>(COUNT, [events]);
  return row ?? { deliveries: 0, cancelled: 0, attempts: 0 };
}

/** What an erasure has left. */
export interface LeftOver {
  deliveries: number;
  attempts: number;
  /** Requests that may be under way. */
  underWay: number;
}

const LEFT = {
  name: 'deliveries_left_by_erasure',
  text: `
    SELECT (count(*) FILTER (WHERE d.erased_at IS NULL))::int AS deliveries,
      (count(*) FILTER (WHERE d.lease IS NOT NULL AND d.lease_until > $2))::int AS "underWay",
      coalesce(sum((SELECT count(*) FROM posthorn.attempts a WHERE a.delivery_id = d.id
        AND (a.response_body IS NOT NULL OR a.response_headers IS NOT NULL
          OR a.request_headers <> '[]'))), 0)::int AS attempts
    FROM posthorn.deliveries d WHERE d.event_id = ANY($1::uuid[])`,
};

/** What is left of the deliveries of these events. */
export async function leftOfDeliveries(sql: Sql, events: string[], now: Date): Promise<LeftOver> {
  const [row] = await sql<LeftOver>(LEFT, [events, now]);
  return row ?? { deliveries: 0, attempts: 0, underWay: 0 };
}

const CANCEL_REMOVED = {
  name: 'deliveries_cancel_removed',
  text: `UPDATE posthorn.deliveries SET status = 'cancelled', finished_at = $3, next_attempt_at = NULL,
    planned_at = NULL,
      override = NULL, lease = NULL, lease_until = NULL
    WHERE id = ANY($1::uuid[]) AND lease = $2`,
};

/** Leased deliveries whose event's data is gone become `cancelled`: there is nothing to send. */
export async function cancelRemoved(sql: Sql, ids: string[], lease: string, now: Date): Promise<void> {
  if (ids.length > 0) await sql(CANCEL_REMOVED, [ids, lease, now]);
}
