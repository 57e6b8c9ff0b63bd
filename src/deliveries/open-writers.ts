import type { Sql } from '../database/sql.js';

/**
 * Transactions that may write deliveries which are not visible yet. Each holds this lock from before it reads
 * `booked_until` until it commits. The lock is visible for every role; the start of the transaction only for its own
 * role. Sessions of the release before are found by their names.
 */
const LOOK = {
  name: 'in_hand_writers',
  text: `
    SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now,
      (SELECT booked_until FROM posthorn.in_hand) AS watermark,
      (SELECT extract(epoch FROM min(xact_start))::float8 * 1000 FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = 'posthorn'
         AND pid <> pg_backend_pid()) AS "namedSince",
      (SELECT json_agg(json_build_object('id', l.virtualtransaction, 'since', extract(epoch FROM a.xact_start) * 1000))
       FROM pg_locks l LEFT JOIN pg_stat_activity a ON a.pid = l.pid
       WHERE l.locktype = 'relation' AND l.mode = 'RowExclusiveLock' AND l.relation = 'posthorn.deliveries'::regclass
         AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
         AND l.pid IS DISTINCT FROM pg_backend_pid()) AS writers`,
};

interface Look {
  now: number;
  watermark: string;
  namedSince: number | null;
  writers: Writer[] | null;
}

/** A transaction that writes deliveries. `since`: when it began, milliseconds, where that is visible. */
export interface Writer {
  id: string;
  since: number | null;
}

/** Remembers the writers of its last look. One that was not among them has begun since. */
export class OpenWriters {
  private checkedAt: number | null = null;
  private known = new Map<string, number | null>();

  /** `closeAt`: all deliveries that were to be written before it, milliseconds, are visible; null: not known. */
  async look(sql: Sql): Promise<{ closeAt: number | null; watermark: string }> {
    const [row] = await sql<Look>(LOOK);
    if (!row) return { closeAt: null, watermark: '' };
    const closeAt = this.seen(row.now, row.writers ?? []);
    const { namedSince, watermark } = row;
    return {
      closeAt: closeAt !== null && namedSince !== null ? Math.min(closeAt, namedSince) : closeAt,
      watermark,
    };
  }

  /** The earliest time at which one of them can have begun; `now` when there are none. */
  seen(now: number, writers: Writer[]): number | null {
    const before = this.known;
    this.known = new Map(writers.map(({ id, since }) => [id, since ?? before.get(id) ?? null]));
    for (const { id } of writers)
      if (!before.has(id) && this.known.get(id) === null) this.known.set(id, this.checkedAt);
    this.checkedAt = now;
    const starts = [...this.known.values()];
    return starts.includes(null) ? null : Math.min(now, ...(starts as number[]));
  }
}
