import type { Sql } from '../sql.js';

// A number above all that have ended is in progress, or was given by a primary that a failover has replaced: for such a
// one pg_xact_status fails, and with it the answer for all others.
const STATUS = {
  name: 'transaction_status',
  text: `SELECT xid, CASE WHEN xid::xid8 >= pg_snapshot_xmax(pg_current_snapshot()) THEN 'in progress'
      ELSE pg_xact_status(xid::xid8) END AS status
    FROM unnest($1::text[]) AS x (xid)`,
};

const FIRST_MS = 3;
const GROWTH = 1.5;
const LONGEST_MS = 250;
/** After that the sweeper finds what was committed. */
const GIVE_UP_MS = 600_000;
const MOST = 10_000;

interface Watched {
  callbacks: (() => void)[];
  since: number;
  delay: number;
  at: number;
}

/**
 * Calls back once a transaction of another connection has committed, for libraries that cannot tell. Asks the database,
 * less and less often while a transaction goes on.
 */
export class CommitPoll {
  private readonly watched = new Map<string, Watched>();
  private timer: NodeJS.Timeout | undefined;
  private isAsking = false;
  private isClosed = false;

  constructor(private readonly sql: Sql) {}

  /** `xid`: the transaction's number. Forgotten when it rolls back, and after ten minutes. */
  onCommit(xid: string, callback: () => void): void {
    if (this.isClosed) return;
    const known = this.watched.get(xid);
    if (known) known.callbacks.push(callback);
    else if (this.watched.size < MOST) {
      const now = performance.now();
      this.watched.set(xid, { callbacks: [callback], since: now, delay: FIRST_MS, at: now + FIRST_MS });
    }
    this.schedule();
  }

  /** The transaction has probably just ended. */
  hurry(xid: string): void {
    const known = this.watched.get(xid);
    if (!known) return;
    Object.assign(known, { at: performance.now(), delay: FIRST_MS });
    this.schedule();
  }

  close(): void {
    this.isClosed = true;
    clearTimeout(this.timer);
    this.watched.clear();
  }

  private schedule(): void {
    clearTimeout(this.timer);
    if (this.isAsking || this.isClosed || this.watched.size === 0) return;
    let next = Infinity;
    for (const { at } of this.watched.values()) next = Math.min(next, at);
    this.timer = setTimeout(() => void this.ask(), Math.max(0, next - performance.now())).unref();
  }

  private async ask(): Promise<void> {
    const now = performance.now();
    const due = [...this.watched].filter(([, { at }]) => at <= now).map(([xid]) => xid);
    this.isAsking = true;
    try {
      const rows =
        due.length > 0 ? await this.sql<{ xid: string; status: string | null }>(STATUS, [due]) : [];
      for (const { xid, status } of rows) this.note(xid, status, now);
    } catch {
      // The database is away: asked again later.
      for (const xid of due) this.note(xid, 'in progress', now);
    } finally {
      this.isAsking = false;
      this.schedule();
    }
  }

  private note(xid: string, status: string | null, now: number): void {
    const known = this.watched.get(xid);
    if (!known) return;
    if (status === 'in progress' && now - known.since < GIVE_UP_MS) {
      known.delay = Math.min(LONGEST_MS, known.delay * GROWTH);
      known.at = now + known.delay;
      return;
    }
    this.watched.delete(xid);
    if (status === 'committed') for (const callback of known.callbacks) callback();
  }
}
