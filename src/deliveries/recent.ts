import { parsePublicId } from '../core/ids.js';
import type { DeliveryStatus } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';
import { isUid } from '../http/uid.js';

/** Deliveries that are returned for each subscription, of those looked at. */
const EACH = 24;
const CANDIDATES = 500;

/** How one of a subscription's last deliveries that were attempted stands. */
export interface Recent {
  status: DeliveryStatus;
  attemptCount: number;
}

/** The last UUID v7 of the moment at which `s` was paused: what is newer waits, as does a great backlog. */
const PAUSED = `overlay(lpad(to_hex((extract(epoch FROM s.paused_at) * 1000)::bigint), 12, '0')
  || '-ffff-ffff-ffffffffffff' PLACING '-' FROM 9 FOR 0)`;

// One subscription after the other, each a look at the end of its index.
const RECENT = {
  name: 'deliveries_recent_attempted',
  text: `
    SELECT s.id, d.status, d.attempt_count AS "attemptCount"
    FROM posthorn.subscriptions s CROSS JOIN LATERAL (
      SELECT * FROM (
        SELECT id, status, attempt_count FROM posthorn.deliveries
        WHERE subscription_id = s.id
          AND id <= CASE WHEN s.paused_at IS NULL THEN 'ffffffff-ffff-ffff-ffff-ffffffffffff' ELSE ${PAUSED} END::uuid
        ORDER BY id DESC LIMIT ${CANDIDATES}
      ) newest WHERE attempt_count > 0 ORDER BY id DESC LIMIT ${EACH}
    ) d
    WHERE s.space_id = $1 AND s.id = ANY($2::uuid[]) ORDER BY d.id`,
};

const NAMED = {
  name: 'deliveries_recent_named',
  text: `SELECT id, uid FROM posthorn.subscriptions WHERE space_id = $1 AND uid = ANY($2)`,
};

/**
 * The last attempted deliveries of these subscriptions of a space, by id or uid, oldest first; none for one that is
 * not there.
 */
export async function readRecent(sql: Sql, spaceId: string, refs: string[]): Promise<Map<string, Recent[]>> {
  const uids = refs.filter(isUid);
  const named = uids.length === 0 ? [] : await sql<{ id: string; uid: string }>(NAMED, [spaceId, uids]);
  const idOf = new Map(named.map(({ id, uid }) => [uid, id]));
  const ids = refs.map((ref) => parsePublicId('sub', ref) ?? idOf.get(ref));
  const found = new Map(ids.map((id): [string | undefined, Recent[]] => [id, []]));
  const rows = await sql<Recent & { id: string }>(RECENT, [spaceId, [...found.keys()].filter(Boolean)]);
  for (const { id, ...recent } of rows) found.get(id)?.push(recent);
  return new Map(refs.map((ref, index) => [ref, found.get(ids[index]) ?? []]));
}
