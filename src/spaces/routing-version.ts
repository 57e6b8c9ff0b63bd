import type { Sql } from '../database/sql.js';

// The rows are locked in the order of their ids, so that two transactions which touch several spaces cannot deadlock.
const BUMP = {
  name: 'routing_version_bump',
  text: `
    WITH locked AS MATERIALIZED (
      SELECT id FROM posthorn.spaces WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE
    )
    UPDATE posthorn.spaces s SET routing_version = routing_version + 1 FROM locked WHERE s.id = locked.id`,
};

const BUMP_ALL = {
  name: 'routing_version_bump_all',
  text: `
    WITH locked AS MATERIALIZED (SELECT id FROM posthorn.spaces WHERE profile = ANY($1::text[])
      ORDER BY id FOR NO KEY UPDATE)
    UPDATE posthorn.spaces s SET routing_version = routing_version + 1 FROM locked WHERE s.id = locked.id`,
};

/** The same for every space of these profiles, for what is rare and concerns all: the instance's event types. */
export async function bumpAllRouting(sql: Sql, profiles: string[]): Promise<void> {
  await sql(BUMP_ALL, [profiles]);
}

/**
 * Makes what processes remember of these spaces (routes, keys, the uid) stale. To be called in the transaction that
 * changes a subscription, a custom event type or the space's profile, or revokes a key, and before deliveries are
 * moved: a publisher that locks the space's row is then either done and its deliveries visible, or waits and sees the
 * new routes.
 */
export async function bumpRouting(sql: Sql, spaceIds: string[]): Promise<void> {
  await sql(BUMP, [spaceIds]);
}
