import type { Sql } from '../database/sql.js';

const COUNT_ENDPOINTS = {
  name: 'fleet_count_endpoints',
  text: `
    SELECT count(*) FILTER (WHERE state = 'active')::int AS active,
      count(*) FILTER (WHERE state = 'failing')::int AS failing,
      count(*) FILTER (WHERE state = 'paused')::int AS paused, count(*) FILTER (WHERE state = 'waiting')::int AS waiting
    FROM (SELECT CASE WHEN status = 'paused' THEN 'paused' WHEN waits_until > $1 THEN 'waiting'
                      WHEN failure_count > 0 THEN 'failing' ELSE 'active' END AS state
          FROM posthorn.subscriptions) s`,
};

/** Subscriptions by state; each is counted once. */
type EndpointCounts = Record<'active' | 'failing' | 'paused' | 'waiting', number>;

export async function countEndpoints(sql: Sql, now: Date): Promise<EndpointCounts> {
  const [row] = await sql<EndpointCounts>(COUNT_ENDPOINTS, [now]);
  return row ?? { active: 0, failing: 0, paused: 0, waiting: 0 };
}
