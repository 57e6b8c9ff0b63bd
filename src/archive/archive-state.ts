import { DAY_MS } from '../database/partitions.js';
import type { Sql } from '../database/sql.js';

// Days that have their tables, and what is known of their archive.
const DAYS = {
  name: 'archive_days',
  text: `SELECT to_char(p.day, 'YYYY-MM-DD') AS day, coalesce(d.passes, 0) AS passes, d.covered_until AS "coveredUntil",
      d.began_at AS "beganAt", coalesce(d.failures, 0) AS failures, d.next_try_at AS "nextTryAt"
    FROM (SELECT to_date(substr(relname, 12), 'YYYYMMDD') AS day FROM pg_class
      WHERE relnamespace = 'posthorn'::regnamespace AND relkind = 'r' AND relispartition
        AND relname ~ '^deliveries_\\d{8}$') p
    LEFT JOIN posthorn.archived_days d ON d.day = p.day
    WHERE p.day <= $1::date ORDER BY p.day`,
};

const RETRY_NOW = {
  name: 'archive_retry_now',
  text: `UPDATE posthorn.archived_days SET next_try_at = NULL WHERE next_try_at IS NOT NULL`,
};

/** A finished day in the database, and how far its archive has come. */
export interface ArchiveDay {
  /** `2031-05-10` */
  day: string;
  /** Complete passes. */
  passes: number;
  coveredUntil: Date | null;
  /** When the pass under way began. */
  beganAt: Date | null;
  /** In a row. */
  failures: number;
  nextTryAt: Date | null;
}

/** The last day that ended so many days before `now`, `2031-05-10`. */
export function lastDueDay(now: number, afterDays: number): string {
  return new Date(now - (afterDays + 1) * DAY_MS).toISOString().slice(0, 10);
}

/** The days up to `until` that are in the database, oldest first. */
export function archiveDays(sql: Sql, until: string): Promise<ArchiveDay[]> {
  return sql<ArchiveDay>(DAYS, [until]);
}

/** Days that failed are tried again by the next run, not when their wait is over. */
export async function retryNow(sql: Sql): Promise<void> {
  await sql(RETRY_NOW);
}
