import { LEASED_IN_PROCESS, WAITING } from './open-deliveries.js';
import type { Sql } from '../database/sql.js';

/** Where counting ends. */
const MOST = 2_000;
/** Endpoints looked at: each costs a look into every day's index. Those that fail come first. */
const ENDPOINTS = 1_000;
/** How far back an endpoint's last error is looked for, deliveries. */
const MAX_SCANNED = 200;

// What is pending is found endpoint by endpoint, so that the partial index is used whatever the statistics say.
const COUNT = {
  name: 'deliveries_count_waiting',
  text: `
    WITH known AS MATERIALIZED (
      SELECT id FROM posthorn.subscriptions WHERE space_id = $1
      ORDER BY failure_count > 0 DESC, id DESC LIMIT ${ENDPOINTS + 1}
    ), endpoints AS MATERIALIZED (
      SELECT id FROM known LIMIT ${ENDPOINTS}
    ), pending AS (
      SELECT d.attempt_count FROM endpoints CROSS JOIN LATERAL (
        SELECT attempt_count FROM posthorn.deliveries
        WHERE subscription_id = endpoints.id AND ${WAITING} ORDER BY next_attempt_at LIMIT ${MOST + 1}
      ) d LIMIT ${MOST + 1}
    ), held AS (
      SELECT FROM posthorn.deliveries WHERE space_id = $1 AND trouble = 'held' ORDER BY id LIMIT ${MOST + 1}
    ), in_hand AS (
      SELECT FROM posthorn.deliveries WHERE space_id = $1 AND ${LEASED_IN_PROCESS} LIMIT ${MOST + 1}
    )
    SELECT (SELECT count(*) FROM pending WHERE attempt_count > 0)::int AS retrying,
      ((SELECT count(*) FROM pending WHERE attempt_count = 0) + (SELECT count(*) FROM in_hand))::int AS pending,
      (SELECT count(*) FROM held)::int AS held,
      (SELECT count(*) > ${ENDPOINTS} FROM known) OR (SELECT count(*) > ${MOST} FROM pending) AS "hasMore"`,
};

interface Row {
  retrying: number;
  pending: number;
  held: number;
  /** Not all that is pending was looked at. */
  hasMore: boolean;
}

/** How many of a space's deliveries are not finished, by what they wait for. */
export interface WaitingCounts extends Omit<Row, 'hasMore'> {
  /** Which numbers are the least there are. */
  capped: { retrying: boolean; pending: boolean; held: boolean };
}

/** Counts each up to 2,000, and looks at what is pending of up to 1,000 endpoints. */
export async function countWaiting(sql: Sql, spaceId: string): Promise<WaitingCounts> {
  const [row] = await sql<Row>(COUNT, [spaceId]);
  const { retrying, pending, held, hasMore } = row ?? { retrying: 0, pending: 0, held: 0, hasMore: false };
  const end = (count: number) => Math.min(count, MOST);
  return {
    ...{ retrying: end(retrying), pending: end(pending), held: end(held) },
    capped: {
      retrying: hasMore || retrying > MOST,
      pending: hasMore || pending > MOST,
      held: held > MOST,
    },
  };
}

const LAST_ERRORS = {
  name: 'deliveries_last_errors',
  text: `
    SELECT DISTINCT ON (s.id) s.id, d.last_error AS error
    FROM unnest($1::uuid[], $2::uuid[]) AS s (id, before) CROSS JOIN LATERAL (
      SELECT id, last_error FROM posthorn.deliveries
      WHERE subscription_id = s.id AND id < s.before ORDER BY id DESC LIMIT ${MAX_SCANNED}
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
