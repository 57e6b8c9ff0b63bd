import { newUuid } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import { isTimeSql } from './scheduled.js';
import { heldOrder, isHeldOf } from './open-deliveries.js';
import { makeRecoverableOf } from './leased-in-process.js';
import { ALL_LEASES, IS_LEASED_WITHIN, type LeaseBounds } from './lease-bounds.js';
import { leaveWorkers } from './worker-registry.js';

const LIMIT = 5_000;
const NONE: LeaseBounds = [[], []];

/** How far a search for due deliveries has come. */
export interface DuePosition {
  /** The time up to which it has seen all. */
  at: Date;
  /** How many of those due at this time, or in its millisecond, it has seen: many may share it. */
  seen: number;
}

/** Before all due deliveries. */
export const BEFORE_ALL_DUE: DuePosition = { at: new Date(0), seen: 0 };

// A backlog of one subscription must not fill the whole look: at most PER_SUBSCRIPTION of each are enqueued. Not by
// `id` as well: for that all that are due at one moment would be sorted each time.
const PER_SUBSCRIPTION = 500;
const DUE = {
  name: 'deliveries_due',
  text: `
    WITH due AS MATERIALIZED (
      SELECT id, subscription_id, next_attempt_at FROM posthorn.deliveries
      WHERE status = 'pending' AND lease IS NULL AND next_attempt_at <= $1 AND next_attempt_at >= $2
      ORDER BY next_attempt_at OFFSET $3 LIMIT ${LIMIT}
    ), seen AS (
      SELECT date_trunc('milliseconds', max(next_attempt_at)) AS until FROM due HAVING count(*) = ${LIMIT}
    )
    SELECT id, subscription_id, of_all > ${PER_SUBSCRIPTION} AS more, (SELECT until FROM seen) AS seen_until,
      (SELECT count(*) FROM due WHERE next_attempt_at >= (SELECT until FROM seen))::int AS seen_there
    FROM (
      SELECT id, subscription_id, next_attempt_at, count(*) OVER (PARTITION BY subscription_id) AS of_all,
        row_number() OVER (PARTITION BY subscription_id ORDER BY next_attempt_at, id) AS place
      FROM due
    ) AS placed
    WHERE place <= ${PER_SUBSCRIPTION} ORDER BY next_attempt_at, id`,
};

interface DueRow {
  id: string;
  subscription_id: string;
  /** Whether the look found more of this subscription than it gives. */
  more: boolean;
  seen_until: Date | null;
  seen_there: number;
}

/**
 * Unleased deliveries that have been due since `before`, the first 5,000 of those after the position `from`. `next` is
 * where the next look must go on, so that an endpoint with a longer backlog than one look hides no other endpoint's
 * deliveries; null when this look saw the end.
 */
export async function findDueDeliveries(
  sql: Sql,
  before: Date,
  from: DuePosition,
): Promise<{ due: DueDelivery[]; next: DuePosition | null }> {
  const rows = await sql<DueRow>(DUE, [before, from.at, from.seen]);
  return {
    due: rows.map((row) => ({ id: row.id, subscriptionId: row.subscription_id, more: row.more })),
    next: positionAfter(from, rows[0]),
  };
}

function positionAfter(from: DuePosition, row: DueRow | undefined): DuePosition | null {
  if (!row?.seen_until) return null;
  const at = row.seen_until;
  return { at, seen: row.seen_there + (at.getTime() === from.at.getTime() ? from.seen : 0) };
}

const WAITING = {
  name: 'deliveries_waiting',
  text: `SELECT id FROM posthorn.deliveries
    WHERE subscription_id = $1 AND status = 'pending' AND lease IS NULL AND next_attempt_at <= $2
    ORDER BY next_attempt_at, id LIMIT $3`,
};

/** The due deliveries of one subscription, oldest first: how a worker refills an endpoint's queue. */
export async function findWaitingDeliveries(
  sql: Sql,
  subscriptionId: string,
  now: Date,
  limit: number,
): Promise<string[]> {
  const rows = await sql<{ id: string }>(WAITING, [subscriptionId, now, limit]);
  return rows.map((row) => row.id);
}

const LOST = {
  name: 'deliveries_lost',
  text: `SELECT id FROM posthorn.deliveries d
    WHERE status = 'pending' AND next_attempt_at <= $1 AND lease IS NOT NULL
      AND (lease_until <= $1 OR ${IS_LEASED_WITHIN('$2', '$3')})
    LIMIT ${LIMIT} FOR UPDATE SKIP LOCKED`,
};

// As `attemptTriggerOf` of the dispatcher has it; `again` was asked for after the attempt that was lost had begun.
const ATTEMPT_TRIGGER = `CASE WHEN d.override = 'probe' THEN 'probe'
  WHEN d.override IN ('manual', 'once') AND NOT (d.trigger = 'test' AND d.attempt_count = 1) THEN 'manual' END`;

// The attempt is in the log, since the receiver may have seen it; the schedule does not count it.
const RECLAIM = {
  name: 'deliveries_reclaim',
  text: `
    WITH lost AS (
      SELECT * FROM unnest($1::uuid[], $2::uuid[]) AS l (delivery_id, attempt_id)
    ), back AS (
      UPDATE posthorn.deliveries d SET
        attempt_count = attempt_count + 1, last_status_code = NULL, last_error = 'interrupted',
        lease = NULL, lease_until = NULL, next_attempt_at = $3
      FROM lost WHERE d.id = lost.delivery_id
      RETURNING d.id, lost.attempt_id, d.attempt_count AS n, d.subscription_id, ${ATTEMPT_TRIGGER} AS trigger
    ), logged AS (
      INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers, trigger, error_code,
        error_detail)
      SELECT id, n, attempt_id, $3, '', '[]', trigger, 'interrupted',
        'The worker that made this attempt stopped before its end.'
      FROM back
    )
    SELECT id, subscription_id FROM back`,
};

/**
 * Takes back deliveries whose lease ran out, because their worker hangs or lost the database, or is dead: `dead` are
 * such leases. Call it inside a transaction. Gives those that are due again, at once.
 */
export async function reclaimLostDeliveries(sql: Sql, now: Date, dead = NONE): Promise<DueDelivery[]> {
  const lost = await sql<{ id: string }>(LOST, [now, ...dead]);
  if (lost.length === 0) return [];
  const attemptIds = lost.map(() => newUuid(now.getTime()));
  const rows = await sql<{ id: string; subscription_id: string }>(RECLAIM, [
    lost.map(({ id }) => id),
    attemptIds,
    now,
  ]);
  return rows.map((row) => ({ id: row.id, subscriptionId: row.subscription_id }));
}

/**
 * Takes back all leases, for a database that no other process can be using. Call it inside a transaction. Gives the
 * deliveries that are due again at once.
 */
export async function reclaimAllDeliveries(sql: Sql, now: Date): Promise<DueDelivery[]> {
  await leaveWorkers(sql, null);
  await makeRecoverableOf(sql, ALL_LEASES, now);
  const all: DueDelivery[] = [];
  for (;;) {
    const reclaimed = await reclaimLostDeliveries(sql, now, ALL_LEASES);
    all.push(...reclaimed);
    if (reclaimed.length < LIMIT) return all;
  }
}

// Steps from one subscription with held deliveries to the next: a million held for one endpoint cost one step.
const ORPHANED_HELD = {
  name: 'deliveries_stray_held',
  text: `
    WITH RECURSIVE holding (id) AS (
      (SELECT subscription_id FROM posthorn.deliveries WHERE trouble = 'held' ORDER BY subscription_id LIMIT 1)
      UNION ALL
      SELECT (SELECT d.subscription_id FROM posthorn.deliveries d
              WHERE d.trouble = 'held' AND d.subscription_id > holding.id ORDER BY d.subscription_id LIMIT 1)
      FROM holding WHERE holding.id IS NOT NULL
    )
    SELECT s.id FROM holding JOIN posthorn.subscriptions s ON s.id = holding.id AND s.status = 'active'`,
};

/**
 * SQL for whether a sweep would find something at `$1`: what has been due for `graceMs`, leases that have ended or are
 * to be watched, or what is held for an active subscription. Each part is one step in an index.
 */
export function hasLostSql(graceMs: number): string {
  return `
    (SELECT next_attempt_at FROM posthorn.deliveries
      WHERE next_attempt_at <= $1::timestamptz - interval '${graceMs} ms' ORDER BY next_attempt_at LIMIT 1) IS NOT NULL
    OR (SELECT id FROM posthorn.deliveries WHERE id >= (SELECT booked_until FROM posthorn.in_hand)
      ORDER BY id LIMIT 1) IS NOT NULL
    OR EXISTS (${ORPHANED_HELD.text})`;
}

/**
 * Active subscriptions for which something is held: what a resume has not released yet, or what met a publish or a
 * crash half-way. In the order of their ids.
 */
export async function findOrphanedSubscriptions(sql: Sql): Promise<string[]> {
  const rows = await sql<{ id: string }>(ORPHANED_HELD);
  return rows.map(({ id }) => id).sort();
}

/** How many held deliveries are looked at for a probe, from either end. */
const PROBES_SCANNED = 100;

// One that has used up its schedule may be what the endpoint cannot take: others go first, and then the one tried
// least.
const HELD_END = (order: string) => `(SELECT id, attempt_count, max_attempts FROM posthorn.deliveries
      WHERE ${isHeldOf('$1')} AND ${isTimeSql('$2')} ${heldOrder(order)} LIMIT ${PROBES_SCANNED})`;
const RELEASE_FOR_PROBE = {
  name: 'deliveries_take_probe',
  text: `UPDATE posthorn.deliveries SET status = 'pending', override = 'probe', next_attempt_at = $2
    WHERE id = (
      SELECT id FROM (${HELD_END('ASC')} UNION ${HELD_END('DESC')}) AS held
      ORDER BY CASE WHEN attempt_count >= max_attempts THEN attempt_count ELSE 0 END, id LIMIT 1
    ) AND status = 'held'
    RETURNING id`,
};

/**
 * Lets a held delivery of a paused subscription leave for one attempt, the oldest unless it has used up its schedule.
 * Null when nothing is held.
 */
export async function releaseForProbe(
  sql: Sql,
  subscriptionId: string,
  now: Date,
): Promise<DueDelivery | null> {
  const [row] = await sql<{ id: string }>(RELEASE_FOR_PROBE, [subscriptionId, now]);
  return row ? { id: row.id, subscriptionId } : null;
}
