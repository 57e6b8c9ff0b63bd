import { uuidFloor } from '../core/ids.js';
import type { PausedReason, SubscriptionStatus } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';

/** A subscription that is paused or failing. */
export interface FailingEndpoint {
  id: string;
  uid: string | null;
  url: string;
  status: SubscriptionStatus;
  pausedReason: PausedReason | null;
  pausedAt: Date | null;
  failureCount: number;
}

const COUNT = {
  name: 'subscriptions_by_health',
  text: `SELECT (count(*) FILTER (WHERE status = 'paused'))::int AS paused,
      (count(*) FILTER (WHERE status = 'active' AND failure_count > 0))::int AS failing,
      (count(*) FILTER (WHERE status = 'active' AND failure_count = 0))::int AS active
    FROM posthorn.subscriptions WHERE space_id = $1`,
};

const FAILING = {
  name: 'subscriptions_worst',
  text: `SELECT id, uid, url, status, paused_reason AS "pausedReason", paused_at AS "pausedAt",
    failure_count AS "failureCount"
    FROM posthorn.subscriptions WHERE space_id = $1 AND (status = 'paused' OR failure_count > 0)
    ORDER BY coalesce(paused_reason = 'manual', false), status DESC, failure_count DESC, id LIMIT $2`,
};

/** How many of a space's subscriptions are well, failing and paused. */
export async function countByHealth(
  sql: Sql,
  spaceId: string,
): Promise<{ active: number; paused: number; failing: number }> {
  const [row] = await sql<{ active: number; paused: number; failing: number }>(COUNT, [spaceId]);
  return row ?? { active: 0, paused: 0, failing: 0 };
}

/** The subscriptions to look at first: paused by failures or a 410, then failing, then paused by a person. */
export function findFailingEndpoints(sql: Sql, spaceId: string, limit: number): Promise<FailingEndpoint[]> {
  return sql<FailingEndpoint>(FAILING, [spaceId, limit]);
}

/** Why it is failing, in words. `lastError` is an attempt's error code. */
export function causeOf(endpoint: FailingEndpoint, lastError: string | null): string {
  const failures = `${endpoint.failureCount} ${endpoint.failureCount === 1 ? 'failure' : 'failures'}`;
  const last = lastError === null ? '' : `, last: ${lastError.replace(/^http_/, '').replaceAll('_', ' ')}`;
  if (endpoint.status === 'active') return `${failures} in a row${last}`;
  return {
    failures: `${failures}${last}`,
    gone: 'it responded with 410 Gone',
    manual: 'by a person',
    rate: 'its rate was too high',
  }[endpoint.pausedReason ?? 'manual'];
}

/**
 * The cause, after the time of a pause. Times are UTC, since the words are the same for everybody. The day is told when
 * it is not today's.
 */
export function describeFailing({ status, pausedAt }: FailingEndpoint, cause: string, now: Date): string {
  if (status === 'active') return cause;
  const at = pausedAt?.toISOString() ?? '';
  const day = at.slice(0, 10) === now.toISOString().slice(0, 10) ? '' : `${at.slice(0, 10)} `;
  return `paused since ${day}${at.slice(11, 16)} UTC: ${cause}`;
}

/** Before which id the attempts that paused it are, or everything for one that is active. */
export function attemptedBefore({ pausedAt }: FailingEndpoint): string {
  return pausedAt === null ? 'ffffffff-ffff-ffff-ffff-ffffffffffff' : uuidFloor(pausedAt.getTime() + 1);
}
