import { IN_HAND, WAITING } from '../database/open-deliveries.js';
import type { Sql } from '../database/sql.js';
import type { DueDelivery } from '../queue/job.js';

// What is leased is under way in a worker: its settle step sees the new state of the subscription.
const HOLD = {
  name: 'deliveries_hold',
  text: `
    UPDATE posthorn.deliveries d SET next_attempt_at = NULL, planned_at = NULL,
      status = CASE WHEN s.while_paused = 'skip' THEN 'skipped' ELSE 'held' END,
      finished_at = CASE WHEN s.while_paused = 'skip' THEN $2::timestamptz END
    FROM posthorn.subscriptions s
    WHERE d.subscription_id = ANY($1::uuid[]) AND s.id = d.subscription_id
      AND d.status = 'pending' AND d.next_attempt_at IS NOT NULL AND d.lease IS NULL AND d.override IS NULL`,
};

/** Pending deliveries of paused subscriptions become `held`, or `skipped` where nothing waits for a resume. */
export async function holdDeliveries(sql: Sql, subscriptionIds: string[], now: Date): Promise<void> {
  await sql(HOLD, [subscriptionIds, now]);
}

const RELEASE = {
  name: 'deliveries_release',
  text: `UPDATE posthorn.deliveries SET status = 'pending', next_attempt_at = $2
    WHERE subscription_id = $1 AND trouble = 'held' RETURNING id`,
};

/** Held deliveries of a resumed subscription become due at once. Gives them oldest first. */
export async function releaseDeliveries(sql: Sql, subscriptionId: string, now: Date): Promise<DueDelivery[]> {
  const rows = await sql<{ id: string }>(RELEASE, [subscriptionId, now]);
  return rows.map(({ id }) => ({ id, subscriptionId })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** A delivery that waits no longer for its endpoint's sake, and when it is due by its schedule. */
export type WokenDelivery = DueDelivery & { at: number };

/** How many of them are rung for; the sweeper finds the others. */
const WAKE_RINGS = 1_000;

// What an older release has put off has no planned time, and waits until the very moment the endpoint had named.
const END_WAIT = {
  name: 'deliveries_end_wait',
  text: `
    WITH woken AS (
      UPDATE posthorn.deliveries SET next_attempt_at = greatest(planned_at, $2), planned_at = NULL
      WHERE subscription_id = $1 AND ${WAITING} AND lease IS NULL AND next_attempt_at > $2
        AND (planned_at IS NOT NULL OR next_attempt_at = $3)
      RETURNING id, next_attempt_at
    )
    SELECT id, next_attempt_at AS at, (SELECT count(*) FROM woken) > ${WAKE_RINGS} AS more
    FROM woken ORDER BY next_attempt_at, id LIMIT ${WAKE_RINGS}`,
};

/**
 * What waits because its endpoint had asked to be left alone, until `until`, goes by its schedule again. Gives what shall be
 * rung for. Call it after the subscription's wait has been taken back, in the same transaction.
 */
export async function endWait(
  sql: Sql,
  subscriptionId: string,
  now: Date,
  until: Date,
): Promise<WokenDelivery[]> {
  const rows = await sql<{ id: string; at: Date; more: boolean }>(END_WAIT, [subscriptionId, now, until]);
  return rows.map(({ id, at, more }) => ({ id, subscriptionId, more, at: at.getTime() }));
}

const DISCARD = {
  name: 'deliveries_discard',
  text: `UPDATE posthorn.deliveries SET status = 'cancelled', finished_at = $2
    WHERE subscription_id = $1 AND trouble = 'held' RETURNING id`,
};

/** Held deliveries of a subscription become `cancelled`. Gives how many. */
export async function discardDeliveries(sql: Sql, subscriptionId: string, now: Date): Promise<number> {
  return (await sql(DISCARD, [subscriptionId, now])).length;
}

// In this order: what is in hand or held may become waiting between two of the statements, and nothing goes the other way.
const CANCEL_OPEN = Object.entries({ in_hand: IN_HAND, held: `trouble = 'held'`, waiting: WAITING }).map(
  ([name, open]) => ({
    name: `deliveries_cancel_${name}`,
    text: `UPDATE posthorn.deliveries SET status = 'cancelled', finished_at = $2, next_attempt_at = NULL, override = NULL
      WHERE subscription_id = $1 AND ${open} RETURNING id`,
  }),
);

/** Everything not finished of a deleted subscription becomes `cancelled`, requests under way included. */
export async function cancelOpenDeliveries(sql: Sql, subscriptionId: string, now: Date): Promise<number> {
  let cancelled = 0;
  for (const each of CANCEL_OPEN) cancelled += (await sql(each, [subscriptionId, now])).length;
  return cancelled;
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
      trigger = CASE WHEN status IN ('pending', 'held') OR trigger = 'test' THEN trigger ELSE 'manual' END,
      status = 'pending', next_attempt_at = $3, finished_at = NULL, lease = NULL, lease_until = NULL
    WHERE id = $1 AND space_id = $2 AND (lease IS NULL OR lease_until <= $3) RETURNING id`,
};

const RETRY_AFTERWARDS = {
  name: 'deliveries_retry_afterwards',
  text: `UPDATE posthorn.deliveries SET override = 'again'
    WHERE id = ANY($1::uuid[]) AND status = 'pending' AND lease_until > $2`,
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
