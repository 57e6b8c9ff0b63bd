import type { Sql } from '../database/sql.js';

/** What another process needs to know whether this one is alive. */
export interface WorkerProcess {
  space: string;
  pid: number;
  start: string;
}

/** A worker that has been silent. */
export interface SilentWorker extends WorkerProcess {
  id: string;
  hasSession: boolean;
  isSessionOpen: boolean;
  silentMs: number;
  /** Its last heartbeat, as the database prints it. */
  seen: string;
}

/** The lock that a worker's session holds as long as it is open. */
const KEY = (id: string) => `('x' || ${id})::bit(64)::bigint`;

// A heartbeat may be lost in a crash of the server. Keepalives release the locks of a dead connection within seconds.
const SET_UP = {
  name: 'workers_set_up',
  text: `SELECT pg_backend_pid() AS pid, set_config('synchronous_commit', 'off', false), set_config('tcp_keepalives_idle', '3', false),
    set_config('tcp_keepalives_interval', '1', false), set_config('tcp_keepalives_count', '3', false)`,
};
const LOCK = { name: 'workers_lock', text: `SELECT pg_try_advisory_lock(${KEY('$1::text')}) AS mine` };
const REGISTER = {
  name: 'workers_register',
  text: `
    INSERT INTO posthorn.workers (id, process_space, pid, process_start, has_session, seen_at)
    VALUES ($1, $2, $3, $4, true, clock_timestamp()) ON CONFLICT (id) DO NOTHING`,
};

const BEAT = {
  name: 'workers_beat',
  text: `
    WITH beat AS (
      UPDATE posthorn.workers SET seen_at = clock_timestamp(), has_session = $2 AND $3 = pg_backend_pid()
      WHERE id = $1 AND ended_at IS NULL RETURNING 1
    ), silent AS MATERIALIZED (
      SELECT id, process_space AS space, pid, process_start AS start, has_session AS "hasSession", seen_at::text AS seen,
        extract(epoch FROM clock_timestamp() - seen_at)::float8 * 1000 AS "silentMs"
      FROM posthorn.workers
      WHERE ended_at IS NULL AND id <> $1 AND seen_at <= clock_timestamp() - $4::int * interval '1 millisecond'
    )
    SELECT EXISTS (SELECT FROM beat) AS mine, silent.*, silent.id IS NOT NULL AND EXISTS (
        SELECT FROM pg_locks l
        WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
          AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
          AND ((l.classid::bigint << 32) | l.objid::bigint) = ${KEY('silent.id')}
      ) AS "isSessionOpen"
    FROM (SELECT) AS always LEFT JOIN silent ON true`,
};

/** One row without anybody when none is silent. */
type BeatRow = { mine: boolean } & (SilentWorker | { id: null });

function isSomebody(row: BeatRow): row is { mine: boolean } & SilentWorker {
  return row.id !== null;
}

/** Prepares a connection to be a worker's session. Gives the number by which the database knows it. */
export async function setUpSession(sql: Sql): Promise<number> {
  const [row] = await sql<{ pid: number }>(SET_UP);
  return row?.pid ?? 0;
}

/** Takes the worker's lock for as long as the session is open; false while an earlier session has it still. */
export async function lockWorker(sql: Sql, id: string): Promise<boolean> {
  const [row] = await sql<{ mine: boolean }>(LOCK, [id]);
  return row?.mine ?? false;
}

export async function registerWorker(
  sql: Sql,
  id: string,
  { space, pid, start }: WorkerProcess,
): Promise<void> {
  await sql(REGISTER, [id, space, pid, start]);
}

/**
 * Says that the worker is alive, and whether it is by `session`, and gives those that have been silent for `silentMs`.
 * `isKnown` is false when others have taken it for dead, or the database knows nothing of it.
 */
export async function beat(
  sql: Sql,
  id: string,
  session: { isLocked: boolean; pid: number },
  silentMs: number,
): Promise<{ isKnown: boolean; silent: SilentWorker[] }> {
  const rows = await sql<BeatRow>(BEAT, [id, session.isLocked, session.pid, silentMs]);
  return { isKnown: rows[0]?.mine ?? false, silent: rows.filter(isSomebody) };
}

const END = {
  name: 'workers_end',
  text: `UPDATE posthorn.workers w SET ended_at = clock_timestamp()
    FROM unnest($1::text[], $2::timestamptz[]) AS e (id, seen) WHERE w.id = e.id AND w.seen_at = e.seen AND w.ended_at IS NULL
    RETURNING w.id`,
};

/** Writes down that these are dead, save for those that have been heard of since. Gives the ones that are. */
export async function endWorkers(sql: Sql, dead: Pick<SilentWorker, 'id' | 'seen'>[]): Promise<string[]> {
  const rows = await sql<{ id: string }>(END, [dead.map(({ id }) => id), dead.map(({ seen }) => seen)]);
  return rows.map(({ id }) => id);
}

const LEAVE = {
  name: 'workers_leave',
  text: `UPDATE posthorn.workers SET ended_at = clock_timestamp() WHERE ended_at IS NULL AND ($1::text IS NULL OR id = $1)`,
};

/** Writes down that this worker has stopped; null: that all have. */
export async function leaveWorkers(sql: Sql, id: string | null): Promise<void> {
  await sql(LEAVE, [id]);
}

/** Longer than a statement that was sent by a dead process may take to end, and longer than any lease. */
const FORGET = {
  name: 'workers_forget',
  text: `DELETE FROM posthorn.workers WHERE ended_at < clock_timestamp() - interval '15 minutes'`,
};
const ENDED = { name: 'workers_ended', text: `SELECT id FROM posthorn.workers WHERE ended_at IS NOT NULL` };

/** The workers that have ended lately. */
export async function endedWorkers(sql: Sql): Promise<string[]> {
  await sql(FORGET);
  const rows = await sql<{ id: string }>(ENDED);
  return rows.map(({ id }) => id);
}
