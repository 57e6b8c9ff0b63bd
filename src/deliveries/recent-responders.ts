import { uuidFloor } from '../core/ids.js';
import { OWN_FAULTS } from '../core/own-fault.js';
import type { Sql } from '../database/sql.js';

/** The past is looked at in so many equal parts, and in each at its newest deliveries, so that a flood hides nobody. */
const PARTS = 20;
const OF_EACH = 250;

/** An endpoint that responded to the last delivery of it that was looked at. */
export interface Responder {
  spaceId: string;
  subscriptionId: string;
  url: string;
  /** How long ago that delivery was made, milliseconds. */
  agoMs: number;
}

const LOOK = {
  name: 'deliveries_recent_responders',
  text: `
    WITH seen AS MATERIALIZED (
      SELECT DISTINCT ON (d.subscription_id) d.subscription_id, d.last_status_code, part.ago
      FROM unnest($1::uuid[], $2::uuid[], $3::float8[]) AS part (from_id, to_id, ago) CROSS JOIN LATERAL (
        SELECT id, subscription_id, last_status_code, last_error, attempt_count FROM posthorn.deliveries
        WHERE id >= part.from_id AND id < part.to_id ORDER BY id DESC LIMIT ${OF_EACH}
      ) d
      WHERE d.attempt_count > 0 AND (d.last_error IS NULL OR d.last_error <> ALL ($4::text[]))
      ORDER BY d.subscription_id, d.id DESC
    )
    SELECT s.space_id AS "spaceId", s.id AS "subscriptionId", s.url, seen.ago AS "agoMs"
    FROM seen JOIN posthorn.subscriptions s ON s.id = seen.subscription_id
    WHERE seen.last_status_code IS NOT NULL AND s.status = 'active'`,
};

/** Endpoints that responded to deliveries of the last `ms` milliseconds, of some thousands of these. `now`: epoch. */
export function findRecentResponders(sql: Sql, now: number, ms: number): Promise<Responder[]> {
  const step = ms / PARTS;
  const parts = Array.from({ length: PARTS }, (_, index) => index * step);
  return sql<Responder>(LOOK, [
    parts.map((ago) => uuidFloor(now - ago - step)),
    parts.map((ago) => uuidFloor(now - ago)),
    parts,
    OWN_FAULTS,
  ]);
}
