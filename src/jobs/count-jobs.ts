import { uuidFloor } from '../core/ids.js';
import type { Sql } from '../database/sql.js';

const MOST_JOBS = 10_000;

// Open jobs have an index of their own; of the others only the newest are looked at, by the primary key.
const COUNT_JOBS = {
  name: 'jobs_count',
  text: `
    SELECT count(*) FILTER (WHERE status = 'running')::int AS running,
      count(*) FILTER (WHERE status = 'pending')::int AS waiting,
      (SELECT count(*)::int FROM (SELECT FROM posthorn.jobs WHERE id >= $1 AND status = 'failed'
        LIMIT ${MOST_JOBS}) f) AS failed
    FROM (SELECT status FROM posthorn.jobs WHERE finished_at IS NULL LIMIT ${MOST_JOBS}) j`,
};

/** Replays and bulk retries; each up to 10,000. */
export interface JobCounts {
  running: number;
  waiting: number;
  failed: number;
}

/** Of the failed ones, those that were made at `since`, epoch milliseconds, or later. */
export async function countJobs(sql: Sql, since: number): Promise<JobCounts> {
  const [row] = await sql<JobCounts>(COUNT_JOBS, [uuidFloor(since)]);
  return row ?? { running: 0, waiting: 0, failed: 0 };
}
