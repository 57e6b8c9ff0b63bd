import type { Sql } from '../database/sql.js';
import { WAITING } from './open-deliveries.js';
import type { OutcomeStep } from './outcome-counts.js';

/** Where counting what is held ends. */
const MOST_HELD = 2_000;
/** The oldest due deliveries looked at, of all spaces. */
const DUE = 5_000;

const TRIED = {
  name: 'outcomes_by_space',
  text: `SELECT s.id AS "spaceId", o.succeeded, o.failed FROM posthorn.spaces s CROSS JOIN LATERAL (
      SELECT sum(succeeded)::float8 AS succeeded, sum(failed + retried)::float8 AS failed
      FROM posthorn.outcomes WHERE space_id = s.id AND step = $1 AND at >= $2
    ) o WHERE o.succeeded IS NOT NULL`,
};

const HELD = {
  name: 'deliveries_held_of_spaces',
  text: `SELECT s.id AS "spaceId", (SELECT count(*) FROM (
      SELECT FROM posthorn.deliveries WHERE space_id = s.id AND trouble = 'held' ORDER BY id LIMIT ${MOST_HELD + 1}
    ) h)::int AS held FROM unnest($1::uuid[]) AS s (id)`,
};

const OLDEST_DUE = {
  name: 'deliveries_oldest_due',
  text: `SELECT space_id AS "spaceId", min(next_attempt_at) AS at FROM (
      SELECT space_id, next_attempt_at FROM posthorn.deliveries
      WHERE ${WAITING} AND next_attempt_at <= $1 ORDER BY next_attempt_at LIMIT ${DUE}
    ) d GROUP BY space_id`,
};

/** Attempts of a space since a time. */
export interface SpaceAttempts {
  spaceId: string;
  succeeded: number;
  failed: number;
}

/** Of the spaces that made any: a few rows for each. */
export function attemptsBySpace(sql: Sql, step: OutcomeStep, since: Date): Promise<SpaceAttempts[]> {
  return sql<SpaceAttempts>(TRIED, [step, since]);
}

/** What is held in each of these spaces, up to 2,000. */
export async function heldBySpace(
  sql: Sql,
  spaceIds: string[],
): Promise<Map<string, { count: number; capped: boolean }>> {
  const rows = await sql<{ spaceId: string; held: number }>(HELD, [spaceIds]);
  return new Map(
    rows.map(({ spaceId, held }) => [
      spaceId,
      { count: Math.min(held, MOST_HELD), capped: held > MOST_HELD },
    ]),
  );
}

/** Since when each space has had something due, among the 5,000 deliveries that have been due the longest. */
export async function oldestDueBySpace(sql: Sql, now: Date): Promise<Map<string, Date>> {
  const rows = await sql<{ spaceId: string; at: Date }>(OLDEST_DUE, [now]);
  return new Map(rows.map(({ spaceId, at }) => [spaceId, at]));
}
