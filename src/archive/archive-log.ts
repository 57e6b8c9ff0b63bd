import type { Sql } from '../database/sql.js';
import type { ArchivedDayEntity } from './archived-day.entity.js';
import type { ArchivedPartEntity } from './archived-part.entity.js';
import type { PassPosition } from './day-rows.js';

const COLUMNS = `day::text, passes, covered_until AS "coveredUntil", began_at AS "beganAt", position, failures,
  next_try_at AS "nextTryAt"`;

const BEGIN = {
  name: 'archive_begin',
  text: `INSERT INTO posthorn.archived_days AS d (day, began_at) VALUES ($1, $2)
    ON CONFLICT (day) DO UPDATE SET began_at = coalesce(d.began_at, EXCLUDED.began_at) RETURNING ${COLUMNS}`,
};

const ADD_PART = {
  name: 'archive_add_part',
  text: `WITH moved AS (UPDATE posthorn.archived_days SET position = $9 WHERE day = $1)
    INSERT INTO posthorn.archived_parts (day, pass, part, space_id, kind, key, rows, bytes, sha256)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $10)`,
};

const PARTS = {
  name: 'archive_parts',
  text: `SELECT day::text, pass, part, space_id AS "spaceId", kind, key, rows, bytes, sha256
    FROM posthorn.archived_parts WHERE day = $1 AND pass = $2 ORDER BY part`,
};

const END = {
  name: 'archive_end',
  // The manifest has the parts.
  text: `WITH gone AS (DELETE FROM posthorn.archived_parts WHERE day = $1)
    UPDATE posthorn.archived_days SET passes = passes + 1, covered_until = began_at, began_at = NULL,
      position = NULL, failures = 0, next_try_at = NULL WHERE day = $1`,
};

const START_OVER = {
  name: 'archive_start_over',
  text: `WITH gone AS (DELETE FROM posthorn.archived_parts WHERE day = $1 AND pass = $2)
    UPDATE posthorn.archived_days SET began_at = NULL, position = NULL WHERE day = $1`,
};

const FAIL = {
  name: 'archive_fail',
  text: `INSERT INTO posthorn.archived_days AS d (day, failures, next_try_at)
    VALUES ($1, 1, $2::timestamptz + interval '1 minute')
    ON CONFLICT (day) DO UPDATE SET failures = d.failures + 1,
      -- The exponent is limited, too: the power of a thousand failures is no number any more.
      next_try_at = $2::timestamptz + least(power(2, least(d.failures, 6)), 60) * interval '1 minute'`,
};

// Days that have their table, and no complete pass; not those that failed a moment ago.
const TO_DO = {
  name: 'archive_to_do',
  text: `SELECT to_char(to_date(substr(relname, 12), 'YYYYMMDD'), 'YYYY-MM-DD') AS day FROM pg_class
    LEFT JOIN posthorn.archived_days d ON d.day = to_date(substr(relname, 12), 'YYYYMMDD')
    WHERE relnamespace = 'posthorn'::regnamespace AND relkind = 'r' AND relispartition
      AND relname ~ '^deliveries_\\d{8}$' AND to_date(substr(relname, 12), 'YYYYMMDD') <= $1::date
      AND coalesce(d.passes, 0) = 0 AND (d.next_try_at IS NULL OR d.next_try_at <= $2)
    ORDER BY 1 LIMIT 1`,
};

/** The oldest day up to `until` that is still to be archived; null: none is. */
export async function nextDay(sql: Sql, until: string, now: Date): Promise<string | null> {
  const [row] = await sql<{ day: string }>(TO_DO, [until, now]);
  return row?.day ?? null;
}

/** Begins a pass, or goes on with the one that was begun. */
export async function beginPass(sql: Sql, day: string, now: Date): Promise<ArchivedDayEntity> {
  const [row] = await sql<ArchivedDayEntity>(BEGIN, [day, now]);
  if (!row) throw new Error(`The archive of ${day} was not begun.`);
  return row;
}

/** Records an object, and that the pass goes on behind it. Throws when another process has recorded it. */
export async function addPart(sql: Sql, part: ArchivedPartEntity, position: PassPosition): Promise<void> {
  const { day, pass, part: n, spaceId, kind, key, rows, bytes, sha256 } = part;
  await sql(ADD_PART, [
    ...[day, pass, n, spaceId, kind, key, rows, bytes],
    ...[JSON.stringify(position), sha256],
  ]);
}

export function archivedPartsOf(sql: Sql, day: string, pass: number): Promise<ArchivedPartEntity[]> {
  return sql<ArchivedPartEntity>(PARTS, [day, pass]);
}

export async function endPass(sql: Sql, day: string): Promise<void> {
  await sql(END, [day]);
}

/** What was written is not what is there. */
export async function startPassOver(sql: Sql, day: string, pass: number): Promise<void> {
  await sql(START_OVER, [day, pass]);
}

export async function recordFailure(sql: Sql, day: string, now: Date): Promise<void> {
  await sql(FAIL, [day, now]);
}
