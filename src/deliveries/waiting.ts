import { LEASED_IN_PROCESS, WAITING } from './open-deliveries.js';
import type { Sql } from '../database/sql.js';

/** Where counting ends. */
const MOST = 2_000;
/** Endpoints looked at, the newest: each costs a look into every day's index. */
const ENDPOINTS = 1_000;
/** How far back an endpoint's last error is looked for, deliveries. */
const LOOKS = 200;

// One endpoint after the other, so that the partial indexes are used whatever the statistics say about a status.
const COUNT = {
  name: 'deliveries_count_waiting',
  text: `
    WITH endpoints AS MATERIALIZED (
      SELECT id, status FROM posthorn.subscriptions WHERE space_id = $1 ORDER BY id DESC LIMIT ${ENDPOINTS}
    ), pending AS (
      SELECT d.attempt_count FROM endpoints CROSS JOIN LATERAL (
        SELECT attempt_count FROM posthorn.deliveries
        WHERE subscription_id = endpoints.id AND ${WAITING} ORDER BY next_attempt_at LIMIT ${MOST}
      ) d LIMIT ${MOST}
    ), held AS (
      SELECT FROM endpoints CROSS JOIN LATERAL (
        SELECT FROM posthorn.deliveries
        WHERE subscription_id = endpoints.id AND trouble = 'held' ORDER BY id LIMIT ${MOST}
      ) d WHERE endpoints.status = 'paused' LIMIT ${MOST}
    ), in_hand AS (
      SELECT FROM posthorn.deliveries WHERE space_id = $1 AND ${LEASED_IN_PROCESS} LIMIT ${MOST}
    )
    SELECT (SELECT count(*) FROM pending WHERE attempt_count > 0)::int AS retrying,
      least(${MOST}, (SELECT count(*) FROM pending WHERE attempt_count = 0) + (SELECT count(*) FROM in_hand))::int AS pending,
      (SELECT count(*) FROM held)::int AS held`,
};

/** How many of a space's deliveries are not finished, by what they wait for; each up to 2,000. */
export async function countWaiting(
  sql: Sql,
  spaceId: string,
): Promise<{ retrying: number; pending: number; held: number }> {
  const [row] = await sql<{ retrying: number; pending: number; held: number }>(COUNT, [spaceId]);
  return row ?? { retrying: 0, pending: 0, held: 0 };
}

const LAST_ERRORS = {
  name: 'deliveries_last_errors',
  text: `
    SELECT DISTINCT ON (s.id) s.id, d.last_error AS error
    FROM unnest($1::uuid[], $2::uuid[]) AS s (id, before) CROSS JOIN LATERAL (
      SELECT id, last_error FROM posthorn.deliveries
      WHERE subscription_id = s.id AND id < s.before ORDER BY id DESC LIMIT ${LOOKS}
    ) d WHERE d.last_error IS NOT NULL ORDER BY s.id, d.id DESC`,
};

/** The newest error code among each subscription's last deliveries made before an id; absent where there is none. */
export async function lastErrors(
  sql: Sql,
  subscriptions: { id: string; before: string }[],
): Promise<Map<string, string>> {
  const rows = await sql<{ id: string; error: string }>(LAST_ERRORS, [
    subscriptions.map(({ id }) => id),
    subscriptions.map(({ before }) => before),
  ]);
  return new Map(rows.map(({ id, error }) => [id, error]));
}
