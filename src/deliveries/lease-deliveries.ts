import type { Override, StoredEvent, Trigger } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import type { LeasedDelivery } from './delivery.js';
import { storedEvent, type EventColumns } from '../event-store/find-events.js';

/**
 * What is due at $2. A first attempt may be due up to a second later: another process wrote its time, whose clock may
 * be ahead, and its job is not repeated.
 */
const IS_DUE = `next_attempt_at <= $2::timestamptz
  + CASE WHEN attempt_count = 0 AND deliver_at IS NULL THEN interval '1 second' ELSE interval '0' END`;

/** Events that have expired at $2 and whose deliveries are still to be expired. */
const HAS_ENDED = `FROM posthorn.event_expiries WHERE NOT done AND expires_at <= $2::timestamptz`;

/**
 * Locks the deliveries of the job by primary key and nothing else. With conditions in the same step the planner takes
 * the index of pending rows, which is full of dead entries on a busy day: 28 ms instead of 2.
 */
const LOCK_DUE = `
    WITH asked AS MATERIALIZED (
      SELECT d.id, d.event_id, d.subscription_id, d.status, d.lease, d.next_attempt_at, d.override, d.attempt_count,
        d.deliver_at
      FROM unnest($1::uuid[]) AS r (id) JOIN posthorn.deliveries d ON d.id = r.id
      FOR UPDATE OF d SKIP LOCKED
    ), due AS (
      SELECT * FROM asked WHERE status = 'pending' AND lease IS NULL AND ${IS_DUE}
    )`;

/** When the event of a delivery that is `due` was published: its id begins with that. */
const EVENT_MS = `('x' || substr(replace(due.event_id::text, '-', ''), 1, 12))::bit(48)::bigint`;

/** For how many milliseconds a delivery that is `due` waited while its subscription was paused; null: it did not. */
const PAUSED_MS = `CASE WHEN s.recent_pauses IS NOT NULL OR s.status = 'paused' THEN (
        SELECT sum(extract(epoch FROM upper(p) - greatest(lower(p), made)) * 1000)::float8
        FROM unnest(s.recent_pauses || CASE WHEN s.status = 'paused'
          THEN ARRAY[tstzrange(s.paused_at, greatest(s.paused_at, $2))] END) p,
          LATERAL (SELECT greatest(due.deliver_at, to_timestamp(${EVENT_MS} / 1000.0)) AS made) m
        WHERE upper(p) > made) END`;

/**
 * `status` is set to itself because `trouble` is generated from it: otherwise PostgreSQL 18 reads the generated
 * column's expression from the catalogue for every row, 7 of a lease's 46 µs.
 */
const LEASE = {
  name: 'deliveries_lease',
  text: `${LOCK_DUE}, leasable AS (
      SELECT due.id, s.version, s.failure_count, s.timeout_ms, ${PAUSED_MS} AS paused_ms
      FROM due JOIN posthorn.subscriptions s ON s.id = due.subscription_id
      WHERE (due.override IS NOT NULL OR (s.status = 'active' AND (s.waits_until IS NULL OR s.waits_until <= $2)))
        -- Nearly always one lookup for the whole batch.
        AND (NOT (SELECT EXISTS (SELECT ${HAS_ENDED})) OR NOT EXISTS (SELECT ${HAS_ENDED} AND event_id = due.event_id))
    ), leased AS (
      UPDATE posthorn.deliveries d SET status = d.status, lease = $3,
        lease_until = $2 + (leasable.timeout_ms + $4::int) * interval '1 millisecond'
      FROM leasable WHERE d.id = leasable.id
      RETURNING d.id, d.space_id, d.event_id, d.event_type, d.subscription_id, d.trigger, d.override,
        d.attempt_count, d.schedule_step, d.deliver_at, leasable.version, leasable.failure_count, leasable.paused_ms
    ), numbered AS (
      SELECT *, row_number() OVER (PARTITION BY event_id) AS of_event FROM leased
    )
    SELECT n.*, e.* FROM numbered n LEFT JOIN LATERAL (
      SELECT type, occurred_at, client_id, campaign_id, lead_id, trace_context, publisher_id, data, removed,
        type_version FROM posthorn.events WHERE id = n.event_id LIMIT 1
    ) e ON n.of_event = 1`,
};

interface LeaseRow extends EventColumns {
  id: string;
  event_id: string;
  event_type: string;
  subscription_id: string;
  trigger: Trigger;
  override: Override | null;
  attempt_count: number;
  schedule_step: number;
  version: number;
  failure_count: number;
  deliver_at: Date | null;
  paused_ms: number | null;
}

/**
 * Leases those of `ids` that are due, unleased and may be sent: not those of a paused or deleted subscription, and none
 * for a second worker. A lease lasts for the endpoint's timeout plus `graceMs`. Also gives their events by id, so that
 * a delivery costs one round trip instead of two.
 */
export async function leaseDeliveries(
  sql: Sql,
  ids: string[],
  lease: string,
  now: Date,
  graceMs: number,
): Promise<{ leased: LeasedDelivery[]; events: Map<string, StoredEvent> }> {
  const rows = await sql<LeaseRow>(LEASE, [ids, now, lease, graceMs]);
  const events = new Map<string, StoredEvent>();
  // The first delivery of an event carries it, and none does when it is gone.
  for (const row of rows) if (row.type) events.set(row.event_id, storedEvent(row.event_id, row));
  const leased = rows.map((row) => ({
    id: row.id,
    spaceId: row.space_id,
    eventId: row.event_id,
    eventType: row.event_type,
    subscriptionId: row.subscription_id,
    trigger: row.trigger,
    override: row.override,
    attemptCount: row.attempt_count,
    scheduleStep: row.schedule_step,
    subscriptionVersion: row.version,
    subscriptionFailures: row.failure_count,
    deliverAt: row.deliver_at,
    pausedMs: row.paused_ms,
    lease,
  }));
  return { leased, events };
}

const PUT_ASIDE = {
  name: 'deliveries_put_aside',
  text: `${LOCK_DUE}, blocked AS (
      SELECT due.id, s.id IS NULL AS deleted, s.status = 'paused' AS paused,
        s.status = 'paused' AND s.while_paused = 'skip' AS skipped, s.waits_until, x.ended IS NOT NULL AS expired
      FROM due LEFT JOIN posthorn.subscriptions s ON s.id = due.subscription_id
        LEFT JOIN LATERAL (SELECT true AS ended ${HAS_ENDED} AND event_id = due.event_id) x ON true
      WHERE s.id IS NULL OR x.ended OR due.override IS NULL AND (s.status = 'paused' OR s.waits_until > $2)
    ), put_aside AS (
      UPDATE posthorn.deliveries d SET
        status = CASE WHEN deleted THEN 'cancelled' WHEN expired THEN 'expired'
          WHEN skipped THEN 'skipped' WHEN paused THEN 'held' ELSE 'pending' END,
        next_attempt_at = CASE WHEN deleted OR paused OR expired THEN NULL ELSE blocked.waits_until END,
        planned_at = CASE WHEN NOT deleted AND NOT paused AND NOT expired
          THEN coalesce(d.planned_at, d.next_attempt_at) END,
        finished_at = CASE WHEN deleted OR skipped OR expired THEN $2 END
      FROM blocked WHERE d.id = blocked.id
      RETURNING d.id, d.subscription_id, d.next_attempt_at, d.status
    )
    SELECT id, subscription_id, next_attempt_at FROM put_aside WHERE next_attempt_at IS NOT NULL OR status = 'expired'
    UNION ALL
    SELECT id, subscription_id, next_attempt_at FROM asked
    WHERE status = 'pending' AND lease IS NULL AND id NOT IN (SELECT id FROM blocked)`,
};

/** What became of deliveries that may not be sent now. */
interface PutAside {
  /** To enqueue again, at a time in epoch milliseconds. */
  later: (DueDelivery & { at: number })[];
  /** How many have expired. */
  expired: number;
}

/**
 * Handles the due ones of `ids` that may not be sent: cancelled when the subscription is deleted, held when it is
 * paused, postponed without an attempt during a Retry-After. Gives those to enqueue again: the postponed ones, those
 * whose job came too early, and those that may be sent by now because the subscription was resumed after the lease
 * statement. And says how many expired.
 */
export async function putAsideBlocked(sql: Sql, ids: string[], now: Date): Promise<PutAside> {
  const rows = await sql<{ id: string; subscription_id: string; next_attempt_at: Date | null }>(PUT_ASIDE, [
    ids,
    now,
  ]);
  const later = rows.flatMap(({ id, subscription_id: subscriptionId, next_attempt_at: at }) =>
    at === null ? [] : [{ id, subscriptionId, at: at.getTime() }],
  );
  return { later, expired: rows.length - later.length };
}

const PUT_BACK = {
  name: 'deliveries_put_back',
  text: `UPDATE posthorn.deliveries SET lease = NULL, lease_until = NULL, next_attempt_at = $3
    WHERE id = ANY($1::uuid[]) AND lease = ANY($2::uuid[]) RETURNING id, subscription_id`,
};

/** Releases leases of this worker without an attempt. Returns their deliveries, which are due again at `at`. */
export async function putBack(sql: Sql, ids: string[], leases: string[], at: Date): Promise<DueDelivery[]> {
  const rows = await sql<{ id: string; subscription_id: string }>(PUT_BACK, [ids, leases, at]);
  return rows.map((row) => ({ id: row.id, subscriptionId: row.subscription_id }));
}
