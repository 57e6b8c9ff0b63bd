import type { Sql } from '../database/sql.js';

/** SQL for the hash of a publisher's event id, by which it stays reserved once its event is erased. */
function hashSql(spaceId: string, key: string): string {
  return `sha256(convert_to(${spaceId}::text || ':' || ${key}, 'UTF8'))`;
}

/**
 * SQL for the erased event that had the key of the row `of`, to be read by itself for each row: a join would be planned
 * for the empty table that this usually is.
 */
export function erasedKeysOf(of: string): string {
  return (
    `FROM posthorn.erased_keys e WHERE e.space_id = ${of}.space_id AND e.key = ` +
    hashSql(`${of}.space_id`, `${of}.key`)
  );
}

// Before the keys themselves are deleted, so that there is no moment in which one is free.
const RESERVE = {
  name: 'erased_keys_reserve',
  text: `
    INSERT INTO posthorn.erased_keys (space_id, key, event_id, deliveries, fingerprint, erased_at)
    SELECT e.space_id, ${hashSql('e.space_id', 'e.publisher_id')}, e.id, coalesce(k.deliveries, 0), k.fingerprint, $2
    FROM posthorn.events e
      LEFT JOIN posthorn.event_keys k ON k.space_id = e.space_id AND k.key = e.publisher_id AND k.event_id = e.id
    WHERE e.id = ANY($1::uuid[]) AND e.publisher_id IS NOT NULL
    ON CONFLICT DO NOTHING`,
};

const RELEASE = {
  name: 'erased_keys_release',
  text: `
    WITH gone AS (
      DELETE FROM posthorn.event_keys k USING posthorn.events e
      WHERE e.id = ANY($1::uuid[]) AND k.space_id = e.space_id AND k.key = e.publisher_id AND k.event_id = e.id
        RETURNING 1
    )
    SELECT count(*)::int AS count FROM gone`,
};

/** Reserves the ids that publishers gave these events, as hashes. */
export async function reserveErasedKeys(sql: Sql, events: string[], now: Date): Promise<void> {
  await sql(RESERVE, [events, now]);
}

/** Deletes the ids themselves. Gives how many. */
export async function deleteErasedKeys(sql: Sql, events: string[]): Promise<number> {
  const [row] = await sql<{ count: number }>(RELEASE, [events]);
  return row?.count ?? 0;
}

const FORGET = {
  name: 'erased_keys_forget',
  text: `DELETE FROM posthorn.erased_keys WHERE ctid = ANY(ARRAY(
    SELECT ctid FROM posthorn.erased_keys WHERE erased_at < $1 LIMIT 10000))`,
};

/** Forgets reserved hashes of erasures before `before`, up to 10,000 of them. */
export async function forgetErasedKeys(sql: Sql, before: Date): Promise<void> {
  await sql(FORGET, [before]);
}
