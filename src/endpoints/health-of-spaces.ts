import type { Sql } from '../database/sql.js';
import type { FailingEndpoint } from './failing-endpoints.js';

/** How many endpoints of a space are in which state. */
export interface SpaceEndpoints {
  spaceId: string;
  endpoints: number;
  failing: number;
  paused: number;
}

const COUNT = {
  name: 'subscriptions_by_space',
  text: `SELECT space_id AS "spaceId", count(*)::int AS endpoints,
      (count(*) FILTER (WHERE status = 'paused'))::int AS paused,
      (count(*) FILTER (WHERE status = 'active' AND failure_count > 0))::int AS failing
    FROM posthorn.subscriptions GROUP BY space_id`,
};

const FAILING = {
  name: 'subscriptions_worst_of_all',
  text: `SELECT s.id, s.uid, s.url, s.status, s.paused_reason AS "pausedReason", s.paused_at AS "pausedAt",
      s.failure_count AS "failureCount", s.space_id AS "spaceId"
    FROM posthorn.subscriptions s WHERE s.status = 'paused' OR s.failure_count > 0
    ORDER BY coalesce(s.paused_reason = 'manual', false), s.status DESC, s.failure_count DESC, s.id LIMIT $1`,
};

/** Of all spaces that have any. Reads every subscription: some 50 ms for 100,000. */
export function countEndpointsBySpace(sql: Sql): Promise<SpaceEndpoints[]> {
  return sql<SpaceEndpoints>(COUNT, []);
}

/** The subscriptions of all spaces to look at first. */
export function findFailingOfAll(
  sql: Sql,
  limit: number,
): Promise<(FailingEndpoint & { spaceId: string })[]> {
  return sql<FailingEndpoint & { spaceId: string }>(FAILING, [limit]);
}
