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
  /** It has leased nothing and says so: only the end of its session counts. */
  isResting: boolean;
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
  text: `SELECT pg_backend_pid() AS pid, set_config('synchronous_commit', 'off', false),
    set_config('tcp_keepalives_idle', '3', false),
    set_config('tcp_keepalives_interval', '1', false), set_config('tcp_keepalives_count', '3', false)`,
};
const LOCK = { name: 'workers_lock', text: `SELECT pg_try_advisory_lock(${KEY('$1::text')}) AS mine` };
const REGISTER = {
  name: 'workers_register',
  text: `
    INSERT INTO posthorn.workers (id, process_space, pid, process_start, has_session, seen_at)
    VALUES ($1, $2, $3, $4, true, clock_timestamp()) ON CONFLICT (id) DO NOTHING`,
};

/** The last heartbeat of a worker that rests. It is in the future, so that earlier releases leave it alone, too. */
const RESTING = `'infinity'::timestamptz`;

// A worker that rests writes nothing again and again.
const BEAT = {
  name: 'workers_beat',
  text: `
    WITH beat AS (
      UPDATE posthorn.workers SET seen_at = CASE WHEN $5 THEN ${RESTING} ELSE clock_timestamp() END,
        has_session = $2 AND $3 = pg_backend_pid()
      WHERE id = $1 AND ended_at IS NULL AND NOT ($5 AND seen_at = ${RESTING} AND has_session) RETURNING 1
    ), sessions AS MATERIALIZED (
      SELECT (l.classid::bigint << 32) | l.objid::bigint AS key FROM pg_locks l
      WHERE l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
        AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
    ), others AS MATERIALIZED (
      SELECT id, process_space AS space, pid, process_start AS start, has_session AS "hasSession",
        seen_at::text AS seen,
        seen_at = ${RESTING} AS "isResting", CASE WHEN seen_at = ${RESTING} THEN 0
          ELSE extract(epoch FROM clock_timestamp() - seen_at)::float8 * 1000 END AS "silentMs"
      FROM posthorn.workers WHERE ended_at IS NULL AND id <> $1
        AND (seen_at = ${RESTING} OR seen_at <= clock_timestamp() - $4::int * interval '1 millisecond')
    ), silent AS (
      SELECT others.*, EXISTS (SELECT FROM sessions WHERE key = ${KEY('others.id')}) AS "isSessionOpen" FROM others
    )
    SELECT EXISTS (SELECT FROM beat)
        OR $5 AND EXISTS (SELECT FROM posthorn.workers WHERE id = $1 AND ended_at IS NULL) AS mine, silent.*
    FROM (SELECT) AS always LEFT JOIN silent ON NOT (silent."isResting" AND silent."isSessionOpen")`,
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
 * Records that the worker is alive, and whether it rests. `session`: what proves it, if the worker's lock is held.
 * Returns those that have been silent for `silentMs`. `isKnown` is false when others have taken this one for dead, or
 * the database knows nothing of it.
 */
export async function beat(
  sql: Sql,
  id: string,
  session: { isLocked: boolean; pid: number },
  silentMs: number,
  isResting: boolean,
): Promise<{ isKnown: boolean; silent: SilentWorker[] }> {
  const rows = await sql<BeatRow>(BEAT, [id, session.isLocked, session.pid, silentMs, isResting]);
  return { isKnown: rows[0]?.mine ?? false, silent: rows.filter(isSomebody) };
}

const END = {
  name: 'workers_end',
  text: `UPDATE posthorn.workers w SET ended_at = clock_timestamp()
    FROM unnest($1::text[], $2::timestamptz[]) AS e (id, seen) WHERE w.id = e.id AND w.seen_at = e.seen
      AND w.ended_at IS NULL
    RETURNING w.id`,
};

/** Writes down that these are dead, save for those that have been heard of since. Gives the ones that are. */
export async function endWorkers(sql: Sql, dead: Pick<SilentWorker, 'id' | 'seen'>[]): Promise<string[]> {
  const rows = await sql<{ id: string }>(END, [dead.map(({ id }) => id), dead.map(({ seen }) => seen)]);
  return rows.map(({ id }) => id);
}

const LEAVE = {
  name: 'workers_leave',
  text: `UPDATE posthorn.workers
    SET ended_at = clock_timestamp() WHERE ended_at IS NULL AND ($1::text IS NULL OR id = $1)`,
};

/** Writes down that this worker has stopped; null: that all have. */
export async function leaveWorkers(sql: Sql, id: string | null): Promise<void> {
  await sql(LEAVE, [id]);
}

/** Longer than a statement that was sent by a dead process may take to end, and longer than any lease. */
const IS_OVER = `ended_at < clock_timestamp() - interval '15 minutes'`;
const FORGET = { name: 'workers_forget', text: `DELETE FROM posthorn.workers WHERE ${IS_OVER}` };

/** SQL for whether there are workers to forget. */
export const HAS_FORGETTABLE = `EXISTS (SELECT FROM posthorn.workers WHERE ${IS_OVER})`;

const ENDED = { name: 'workers_ended', text: `SELECT id FROM posthorn.workers WHERE ended_at IS NOT NULL` };

/** The workers that have ended lately. */
export async function endedWorkers(sql: Sql): Promise<string[]> {
  await sql(FORGET);
  const rows = await sql<{ id: string }>(ENDED);
  return rows.map(({ id }) => id);
}
