import type { Sql } from '../database/sql.js';

/** What a process says about itself. */
export interface OwnProcess {
  id: string;
  role: string;
  version: string;
  host: string;
  space: string;
  pid: number;
  /** As in `workers`. */
  start: string;
  /** How long it has been running, milliseconds. */
  uptimeMs: number;
  clockSkewMs: number;
}

/** How long a process that says nothing more is listed, as long as a worker that has ended. */
const KEPT = `interval '15 minutes'`;
const MAX_INTEGER = 2_147_483_647;

const REPORT = {
  name: 'processes_report',
  text: `
    WITH forgotten AS (DELETE FROM posthorn.processes WHERE id <> $1 AND seen_at < clock_timestamp() - ${KEPT})
    INSERT INTO posthorn.processes (id, role, version, host, process_space, pid, process_start, started_at, seen_at,
      clock_skew_ms)
    VALUES ($1, $2, $3, $4, $5, $6, $7, clock_timestamp() - $8::float8 * interval '1 millisecond', clock_timestamp(),
      $9)
    ON CONFLICT (id) DO UPDATE SET seen_at = EXCLUDED.seen_at, clock_skew_ms = EXCLUDED.clock_skew_ms
    RETURNING extract(epoch FROM clock_timestamp())::float8 * 1000 AS ms`,
};

/** Says that the process is alive. Gives the database's time, epoch milliseconds. */
export async function reportProcess(sql: Sql, own: OwnProcess): Promise<number> {
  const skew = Math.max(-MAX_INTEGER, Math.min(MAX_INTEGER, own.clockSkewMs));
  const identity = [own.id, own.role, own.version, own.host, own.space, own.pid, own.start];
  const [row] = await sql<{ ms: number }>(REPORT, [...identity, own.uptimeMs, skew]);
  return row?.ms ?? 0;
}

const LEAVE = { name: 'processes_leave', text: `DELETE FROM posthorn.processes WHERE id = $1` };

export async function leaveProcesses(sql: Sql, id: string): Promise<void> {
  await sql(LEAVE, [id]);
}

/** A process as the fleet knows it. */
export interface KnownProcess {
  id: string;
  role: string;
  version: string;
  host: string;
  pid: number;
  startedAt: Date;
  seenAt: Date;
  /** Since its last report, by the database's clock. */
  silentMs: number;
  clockSkewMs: number;
  /** Other workers have found that it has ended. */
  isDead: boolean;
}

const LIST = {
  name: 'processes_list',
  text: `
    SELECT p.id, p.role, p.version, p.host, p.pid, p.started_at AS "startedAt", p.seen_at AS "seenAt",
      greatest(0, extract(epoch FROM clock_timestamp() - p.seen_at)::float8 * 1000) AS "silentMs",
        p.clock_skew_ms AS "clockSkewMs",
      EXISTS (SELECT FROM posthorn.workers w WHERE w.process_space = p.process_space AND w.pid = p.pid
        AND w.process_start = p.process_start AND w.ended_at >= p.seen_at) AS "isDead"
    FROM posthorn.processes p WHERE p.seen_at >= clock_timestamp() - ${KEPT}
    ORDER BY p.started_at, p.id LIMIT 1000`,
};

export function listProcesses(sql: Sql): Promise<KnownProcess[]> {
  return sql<KnownProcess>(LIST);
}

const COUNT_UNREPORTED = {
  name: 'processes_count_unreported',
  text: `
    SELECT count(*)::int AS count FROM posthorn.workers w
    WHERE w.ended_at IS NULL AND w.seen_at > clock_timestamp() - interval '5 seconds' AND NOT EXISTS (SELECT
      FROM posthorn.processes p
      WHERE p.process_space = w.process_space AND p.pid = w.pid AND p.process_start = w.process_start)`,
};

/** Workers that deliver and do not report themselves: they are of an earlier release. */
export async function countUnreportedWorkers(sql: Sql): Promise<number> {
  const [row] = await sql<{ count: number }>(COUNT_UNREPORTED);
  return row?.count ?? 0;
}
