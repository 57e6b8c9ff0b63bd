import { setTimeout as sleep } from 'node:timers/promises';
import { heldOrder, isHeldOf, LEASED_IN_PROCESS, WAITING } from './open-deliveries.js';
import type { Database } from '../database/database.js';
import type { Sql, Statement } from '../database/sql.js';
import type { DueDelivery } from '../queue/deliver-job.js';

/** Deliveries that one transaction moves: its locks last some tens of milliseconds. */
export const MOVED_AT_ONCE = 1_000;
/** Time for others between two slices, milliseconds. */
export const SLICE_PAUSE_MS = 5;
/**
 * Deliveries that one release makes due: more would delay what is published at the same time (ADR 42). A worker that
 * has sent these releases the next ones, in larger slices.
 */
export const RELEASED_AT_ONCE = 32;

// What is leased is being sent by a worker: its settle step sees the new state of the subscription.
const HOLD = {
  name: 'deliveries_hold',
  text: `
    WITH slice AS MATERIALIZED (
      SELECT d.id, s.while_paused FROM posthorn.subscriptions s CROSS JOIN LATERAL (
        SELECT id FROM posthorn.deliveries
        WHERE subscription_id = s.id AND ${WAITING} AND lease IS NULL AND override IS NULL
        ORDER BY next_attempt_at, id LIMIT ${MOVED_AT_ONCE} FOR UPDATE
      ) d
      WHERE s.id = ANY($1::uuid[]) AND s.status = 'paused'
    ), moved AS (
      UPDATE posthorn.deliveries d SET next_attempt_at = NULL, planned_at = NULL,
        status = CASE WHEN while_paused = 'skip' THEN 'skipped' ELSE 'held' END,
        finished_at = CASE WHEN while_paused = 'skip' THEN $2::timestamptz END
      FROM slice WHERE d.id = slice.id RETURNING 1
    )
    SELECT count(*)::int AS count FROM moved`,
};

/**
 * The next slice of pending deliveries of each of these paused subscriptions becomes `held`, or `skipped` where nothing
 * waits for a resume. Gives how many. What a crash leaves is held when it is due (`lease-deliveries.ts`).
 */
export function holdDeliveries(sql: Sql, subscriptionIds: string[], now: Date): Promise<number> {
  return moved(sql, HOLD, [subscriptionIds, now]);
}

/**
 * Moves slice after slice, each in a transaction of its own, until one is not full. What is added meanwhile is handled
 * by the caller's transaction or the next sweep.
 */
export async function moveInSlices(database: Database, move: (sql: Sql) => Promise<number>): Promise<void> {
  while ((await database.transaction(move)) >= MOVED_AT_ONCE) await sleep(SLICE_PAUSE_MS);
}

// What is released is older than what has come since, and is sent before it: the oldest of what is due first.
const FIRST_DUE = `(
      SELECT next_attempt_at FROM posthorn.deliveries WHERE subscription_id = $1 AND ${WAITING}
      ORDER BY next_attempt_at LIMIT 1)`;

/** Makes held deliveries of an active subscription due, oldest first. */
const makeDue = (ofSubscription: string, ofDelivery: string) => `
    WITH open AS MATERIALIZED (
      SELECT FROM posthorn.subscriptions WHERE id = $1 AND status = 'active' ${ofSubscription} FOR SHARE
    ), slice AS MATERIALIZED (
      SELECT id FROM posthorn.deliveries
      WHERE ${isHeldOf('$1')} ${ofDelivery} AND EXISTS (SELECT FROM open)
      ${heldOrder()} LIMIT $3 FOR UPDATE SKIP LOCKED
    )
    UPDATE posthorn.deliveries d SET status = 'pending', next_attempt_at = greatest(deliver_at, least($2, ${FIRST_DUE}))
    FROM slice WHERE d.id = slice.id RETURNING d.id`;

const RELEASE = { name: 'deliveries_release', text: makeDue('AND drained_by IS NULL', '') };

/**
 * The oldest held deliveries of a subscription that is active, `limit` at the most, become due at once. Gives them
 * oldest first, with whether there may be more: a worker that has sent these releases the next
 * (`dispatcher/lease/lease.ts`), and so does the sweeper.
 */
export async function releaseDeliveries(
  sql: Sql,
  subscriptionId: string,
  now: Date,
  limit = RELEASED_AT_ONCE,
): Promise<DueDelivery[]> {
  const rows = await sql<{ id: string }>(RELEASE, [subscriptionId, now, limit]);
  const more = rows.length === limit;
  return rows.map(({ id }) => ({ id, subscriptionId, more })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

const DRAIN = { name: 'deliveries_drain', text: makeDue('', 'AND id < $4') };

/**
 * The same for a job that releases them at a pace, of those older than `before`. Workers release nothing meanwhile
 * (`endpoints/drains.ts`).
 */
export async function drainDeliveries(
  sql: Sql,
  subscriptionId: string,
  now: Date,
  { before, limit }: { before: string; limit: number },
): Promise<DueDelivery[]> {
  const rows = await sql<{ id: string }>(DRAIN, [subscriptionId, now, limit, before]);
  return rows.map(({ id }) => ({ id, subscriptionId })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

const ANY_HELD = {
  name: 'deliveries_any_held',
  text: `SELECT EXISTS (
    SELECT FROM posthorn.deliveries WHERE subscription_id = $1 AND trouble = 'held' AND id < $2) AS held`,
};

/** Whether anything older than `before` is held for the subscription. */
export async function isAnyHeld(sql: Sql, subscriptionId: string, before: string): Promise<boolean> {
  const [row] = await sql<{ held: boolean }>(ANY_HELD, [subscriptionId, before]);
  return row?.held ?? false;
}

const DISCARD = {
  name: 'deliveries_discard',
  text: `
    WITH paused AS MATERIALIZED (
      SELECT FROM posthorn.subscriptions WHERE id = $1 AND status = 'paused' FOR SHARE
    ), slice AS MATERIALIZED (
      SELECT id FROM posthorn.deliveries WHERE ${isHeldOf('$1')} AND EXISTS (SELECT FROM paused)
      ${heldOrder()} LIMIT ${MOVED_AT_ONCE} FOR UPDATE
    ), moved AS (
      UPDATE posthorn.deliveries d SET status = 'cancelled', finished_at = $2 FROM slice WHERE d.id = slice.id
        RETURNING 1
    )
    SELECT count(*)::int AS count FROM moved`,
};

/** The next slice of what is held for a paused subscription becomes `cancelled`. Gives how many. */
export function discardDeliveries(sql: Sql, subscriptionId: string, now: Date): Promise<number> {
  return moved(sql, DISCARD, [subscriptionId, now]);
}

const DISCARD_REST = {
  name: 'deliveries_discard_rest',
  text: `
    WITH moved AS (
      UPDATE posthorn.deliveries SET status = 'cancelled', finished_at = $2
      WHERE subscription_id = $1 AND trouble = 'held' RETURNING 1
    )
    SELECT count(*)::int AS count FROM moved`,
};

/** All that is still held for a subscription becomes `cancelled`, whatever its state. Gives how many. */
export function discardRest(sql: Sql, subscriptionId: string, now: Date): Promise<number> {
  return moved(sql, DISCARD_REST, [subscriptionId, now]);
}

const CANCELLED = `status = 'cancelled', finished_at = $2, next_attempt_at = NULL, override = NULL`;

// In this order: what is leased in process or held may become waiting between two of the statements, never the reverse.
const OPEN = Object.entries({ in_hand: LEASED_IN_PROCESS, held: `trouble = 'held'`, waiting: WAITING });
const CANCEL_OPEN = OPEN.map(([name, open]) => ({
  name: `deliveries_cancel_${name}`,
  text: `
    WITH moved AS (
      UPDATE posthorn.deliveries SET ${CANCELLED} WHERE subscription_id = $1 AND ${open} RETURNING 1
    )
    SELECT count(*)::int AS count FROM moved`,
}));

/** Everything not finished of a deleted subscription becomes `cancelled`, requests in flight included. */
export async function cancelOpenDeliveries(sql: Sql, subscriptionId: string, now: Date): Promise<number> {
  let cancelled = 0;
  for (const each of CANCEL_OPEN) cancelled += await moved(sql, each, [subscriptionId, now]);
  return cancelled;
}

const CANCEL_SLICES = OPEN.slice(1).map(([name, open]) => ({
  name: `deliveries_cancel_some_${name}`,
  text: `
    WITH slice AS MATERIALIZED (
      SELECT id FROM posthorn.deliveries WHERE subscription_id = $1 AND ${open} AND lease IS NULL
      LIMIT ${MOVED_AT_ONCE} FOR UPDATE SKIP LOCKED
    ), moved AS (
      UPDATE posthorn.deliveries d SET ${CANCELLED} FROM slice WHERE d.id = slice.id RETURNING 1
    )
    SELECT count(*)::int AS count FROM moved`,
}));

/**
 * A slice of what waits or is held for a subscription that is about to be deleted becomes `cancelled`. Gives how many.
 */
export async function cancelSomeDeliveries(sql: Sql, subscriptionId: string, now: Date): Promise<number> {
  for (const each of CANCEL_SLICES) {
    const cancelled = await moved(sql, each, [subscriptionId, now]);
    if (cancelled > 0) return cancelled;
  }
  return 0;
}

async function moved(sql: Sql, statement: Statement, values: unknown[]): Promise<number> {
  const [row] = await sql<{ count: number }>(statement, values);
  return row?.count ?? 0;
}

const CANCEL_ONE = {
  name: 'deliveries_cancel_one',
  text: `UPDATE posthorn.deliveries SET status = 'cancelled', finished_at = $3, next_attempt_at = NULL, override = NULL
    WHERE id = $1 AND space_id = $2 AND status IN ('pending', 'held') RETURNING id`,
};

/** Cancels one pending or held delivery; false when it is neither. */
export async function cancelDelivery(sql: Sql, spaceId: string, id: string, now: Date): Promise<boolean> {
  return (await sql(CANCEL_ONE, [id, spaceId, now])).length > 0;
}

const RETRY_NOW = {
  name: 'deliveries_retry_now',
  text: `UPDATE posthorn.deliveries SET
      override = CASE WHEN status IN ('pending', 'held') THEN 'manual' ELSE 'once' END,
      status = 'pending', next_attempt_at = $3, finished_at = NULL, lease = NULL, lease_until = NULL
    WHERE id = $1 AND space_id = $2 AND (lease IS NULL OR lease_until <= $3) AND erased_at IS NULL RETURNING id`,
};

// Also of what was cancelled or has expired while its request was under way: it is open again until that ends.
const RETRY_AFTERWARDS = {
  name: 'deliveries_retry_afterwards',
  text: `UPDATE posthorn.deliveries d SET override = 'again', status = 'pending', finished_at = NULL,
      next_attempt_at = CASE WHEN status = 'pending' THEN next_attempt_at ELSE $2 END
    WHERE id = ANY($1::uuid[]) AND status IN ('pending', 'cancelled', 'expired') AND lease_until > $2
      AND erased_at IS NULL AND EXISTS (SELECT FROM posthorn.subscriptions s WHERE s.id = d.subscription_id)`,
};

/** One attempt now, whatever the delivery's status; when one is under way, after that unless it succeeds. */
export async function retryDelivery(sql: Sql, spaceId: string, id: string, now: Date): Promise<void> {
  const retried = await sql(RETRY_NOW, [id, spaceId, now]);
  if (retried.length === 0) await retryAfterwards(sql, [id], now);
}

/** Of these deliveries, one more attempt for those that have one under way which does not succeed. */
export async function retryAfterwards(sql: Sql, ids: string[], now: Date): Promise<void> {
  await sql(RETRY_AFTERWARDS, [ids, now]);
}
