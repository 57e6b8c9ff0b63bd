import type { Sql } from '../database/sql.js';

/** Seconds a row stands for: an hour by the minute, a day by quarters of an hour, a week by two hours. */
export const OUTCOME_STEPS = [60, 900, 7_200] as const;
export type OutcomeStep = (typeof OUTCOME_STEPS)[number];

/** Rows of each step are kept for a little longer than the window that shows them. */
const KEPT_SECONDS = [2 * 3_600, 2 * 86_400, 8 * 86_400];

/** What attempts of one space came to in one stretch of time. */
export interface OutcomeCounts {
  spaceId: string;
  step: OutcomeStep;
  /** When the stretch begins. */
  at: Date;
  succeeded: number;
  failed: number;
  retried: number;
  /** Counts of `lib/histogram.ts`. */
  latency: number[];
  /** The same of the time for which endpoints were paused; null: none was. */
  paused: number[] | null;
}

const sumOf = (one: string, other: string) => `ARRAY(
        SELECT coalesce(a, 0) + coalesce(b, 0) FROM unnest(${one}, ${other}) WITH ORDINALITY AS u (a, b, n)
          ORDER BY n)`;

// In the order of the key: two workers that add to the same rows wait for each other, never in a circle.
const ADD = {
  name: 'outcomes_add',
  text: `
    INSERT INTO posthorn.outcomes AS o (space_id, step, at, succeeded, failed, retried, latency, paused)
    SELECT space_id, step, at, succeeded, failed, retried, latency::int[], paused::int[]
    FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::int[], $5::int[], $6::int[], $7::text[], $8::text[])
      AS i (space_id, step, at, succeeded, failed, retried, latency, paused)
    ORDER BY space_id, step, at
    ON CONFLICT (space_id, step, at) DO UPDATE SET
      succeeded = o.succeeded + excluded.succeeded, failed = o.failed + excluded.failed,
      retried = o.retried + excluded.retried,
      latency = ${sumOf('o.latency', 'excluded.latency')},
      paused = CASE WHEN excluded.paused IS NULL THEN o.paused ELSE ${sumOf('o.paused', 'excluded.paused')} END`,
};

/** Adds to what is counted so far. */
export async function addOutcomes(sql: Sql, counts: OutcomeCounts[]): Promise<void> {
  if (counts.length === 0) return;
  await sql(ADD, [
    counts.map((one) => one.spaceId),
    counts.map((one) => one.step),
    counts.map((one) => one.at),
    counts.map((one) => one.succeeded),
    counts.map((one) => one.failed),
    counts.map((one) => one.retried),
    counts.map((one) => `{${one.latency.join()}}`),
    counts.map((one) => one.paused && `{${one.paused.join()}}`),
  ]);
}

const READ = {
  name: 'outcomes_read',
  text: `SELECT space_id AS "spaceId", step, at, succeeded, failed, retried, array_to_json(latency) AS latency,
    array_to_json(paused) AS paused
    FROM posthorn.outcomes
    WHERE space_id = $1 AND step = $2 AND at >= $3 ORDER BY at`,
};

/** A space's rows of one step since a time, oldest first. */
export function readOutcomes(
  sql: Sql,
  spaceId: string,
  step: OutcomeStep,
  since: Date,
): Promise<OutcomeCounts[]> {
  return sql<OutcomeCounts>(READ, [spaceId, step, since]);
}

const FORGET = {
  name: 'outcomes_forget',
  text: `DELETE FROM posthorn.outcomes o USING unnest($1::int[], $2::int[]) AS k (step, kept)
    WHERE o.step = k.step AND o.at < $3::timestamptz - k.kept * interval '1 second'`,
};

/** Drops what no window shows any more. */
export async function forgetOutcomes(sql: Sql, now: Date): Promise<void> {
  await sql(FORGET, [OUTCOME_STEPS, KEPT_SECONDS, now]);
}
