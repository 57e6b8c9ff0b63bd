import type { DeliveryStatus } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import { retryAfterwards } from './move-deliveries.js';

/** Which deliveries of a space; null: whatever. Ids are dashed. */
export interface DeliveryFilter {
  spaceId: string;
  subscriptionId: string | null;
  eventId: string | null;
  type: string | null;
  status: DeliveryStatus | null;
}

/** The next deliveries in the order of their ids, of which `hits` pass the filter. */
export interface Scan {
  hits: string[];
  /** The last id looked at; null when there are no more. */
  position: string | null;
}

const HIT = `space_id = $5 AND ($6::uuid IS NULL OR subscription_id = $6) AND ($7::uuid IS NULL OR event_id = $7)
  AND ($8::text IS NULL OR event_type = $8) AND ($9::text IS NULL OR status = $9)`;

/**
 * Statements that look at a bounded number of rows, however few of them pass: only what an index can tell narrows the
 * look itself. A pair for each index, because a statement with all of the conditions in it is planned for none.
 */
function statementsBy(column: 'space_id' | 'subscription_id' | 'event_id') {
  const candidates = `SELECT id, space_id, subscription_id, event_id, event_type, status FROM posthorn.deliveries
    WHERE ${column} = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4`;
  return {
    scan: {
      name: `deliveries_scan_${column}`,
      text: `SELECT id, ${HIT} AS hit FROM (${candidates}) AS candidates ORDER BY id`,
    },
    count: {
      name: `deliveries_count_${column}`,
      text: `WITH candidates AS MATERIALIZED (${candidates})
        SELECT count(*)::int AS scanned, (count(*) FILTER (WHERE ${HIT}))::int AS hits,
          (SELECT id FROM candidates ORDER BY id DESC LIMIT 1) AS last FROM candidates`,
    },
  };
}

const BY_SPACE = statementsBy('space_id');
const BY_SUBSCRIPTION = statementsBy('subscription_id');
const BY_EVENT = statementsBy('event_id');

/** Ids to look between; both are left out themselves. */
export interface Between {
  after: string;
  before: string;
}

/** Looks at up to `scanned` deliveries and stops after `hits` that pass. */
export async function scanDeliveries(
  sql: Sql,
  filter: DeliveryFilter,
  between: Between,
  limit: { scanned: number; hits: number },
): Promise<Scan> {
  const { statements, values } = scanStatements(filter, between, limit.scanned);
  const rows = await sql<{ id: string; hit: boolean }>(statements.scan, values);
  const passed = rows.filter(({ hit }) => hit).map(({ id }) => id);
  const hits = passed.slice(0, limit.hits);
  if (hits.length < passed.length) return { hits, position: hits.at(-1) ?? null };
  return { hits, position: rows.length === limit.scanned ? (rows.at(-1)?.id ?? null) : null };
}

/** Looks at up to `scanned` deliveries and counts those that pass. `position` as in a scan. */
export async function countRetryable(
  sql: Sql,
  filter: DeliveryFilter,
  between: Between,
  scanned: number,
): Promise<{ hits: number; position: string | null }> {
  const { statements, values } = scanStatements(filter, between, scanned);
  const [row] = await sql<{ scanned: number; hits: number; last: string | null }>(statements.count, values);
  return { hits: row?.hits ?? 0, position: row?.scanned === scanned ? row.last : null };
}

function scanStatements(filter: DeliveryFilter, { after, before }: Between, scanned: number) {
  const { spaceId, subscriptionId, eventId, type, status } = filter;
  const statements = eventId !== null ? BY_EVENT : subscriptionId !== null ? BY_SUBSCRIPTION : BY_SPACE;
  const key = eventId ?? subscriptionId ?? spaceId;
  return {
    statements,
    values: [key, after, before, scanned, spaceId, subscriptionId, eventId, type, status],
  };
}

// The rule of a single retry (move-deliveries.ts), with two exceptions. A paused endpoint is left in peace: what is
// finished is held there until somebody resumes it, and what is held stays so. And what was skipped or expired goes on
// with its schedule.
const RETRY_MANY = {
  name: 'deliveries_retry_many',
  text: `
    WITH chosen AS MATERIALIZED (
      SELECT d.id, s.status = 'paused' AS paused FROM posthorn.deliveries d
      JOIN posthorn.subscriptions s ON s.id = d.subscription_id
      WHERE d.id = ANY($1::uuid[]) AND (d.lease IS NULL OR d.lease_until <= $2) AND d.erased_at IS NULL
        AND EXISTS (SELECT FROM posthorn.events e WHERE e.id = d.event_id AND e.removed IS NULL)
      ORDER BY d.id FOR UPDATE OF d
    )
    UPDATE posthorn.deliveries d SET
      override = CASE WHEN paused THEN NULL
        WHEN d.status IN ('pending', 'held', 'skipped', 'expired') THEN 'manual' ELSE 'once' END,
      status = CASE WHEN paused THEN 'held' ELSE 'pending' END,
      next_attempt_at = CASE WHEN paused THEN NULL ELSE $2::timestamptz END,
      finished_at = NULL, lease = NULL, lease_until = NULL
    FROM chosen WHERE d.id = chosen.id
    RETURNING d.id, d.subscription_id, paused`,
};

/**
 * One more attempt for each of these, now, or when their paused endpoint is resumed, or after the one that is under
 * way. Those whose subscription is deleted, or whose event's data is gone, are left alone. Gives the ones that are due,
 * oldest first.
 */
export async function retryDeliveries(sql: Sql, ids: string[], now: Date): Promise<DueDelivery[]> {
  if (ids.length === 0) return [];
  await retryAfterwards(sql, ids, now);
  const rows = await sql<{ id: string; subscription_id: string; paused: boolean }>(RETRY_MANY, [ids, now]);
  return rows
    .filter(({ paused }) => !paused)
    .map((row) => ({ id: row.id, subscriptionId: row.subscription_id }))
    .sort((a, b) => (a.id < b.id ? -1 : 1));
}
