import type { Sql } from './sql.js';

// In the unlogged table of rates: after a crash of the server a notice may be repeated, which does no harm.
const RECORD = {
  name: 'notices_record',
  text: `
    WITH over AS (
      DELETE FROM posthorn.rate_limits WHERE starts_with(key, $1) AND key <> ALL(SELECT $1 || id
        FROM unnest($2::text[]) AS i (id))
    )
    INSERT INTO posthorn.rate_limits AS r (key, at)
    SELECT $1 || id, $4::timestamptz FROM unnest($2::text[]) AS i (id) ORDER BY id
    ON CONFLICT (key) DO UPDATE SET at = EXCLUDED.at WHERE r.at <= $3
    RETURNING substr(key, length($1) + 1) AS id`,
};

/**
 * Records that the whole fleet gives these notices of a kind, each once in `everyMs` as long as it stays true. Returns
 * the ids of those that are due now. Ids of the kind that are not given any more are forgotten.
 */
export async function recordNotices(
  sql: Sql,
  kind: string,
  ids: string[],
  now: Date,
  everyMs: number,
): Promise<Set<string>> {
  const next = new Date(now.getTime() + everyMs);
  const rows = await sql<{ id: string }>(RECORD, [`notice/${kind}/`, ids, now, next]);
  return new Set(rows.map(({ id }) => id));
}
