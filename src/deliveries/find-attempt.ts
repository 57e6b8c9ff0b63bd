import { uuidFloor, uuidTime } from '../core/ids.js';
import type { Sql } from '../database/sql.js';

/** An attempt belongs to a delivery that was made before it; clocks of processes may differ by so much. */
const MARGIN_MS = 60_000;
/** The longest schedules end within so many days. */
const DAYS = 31;
const DAY_MS = 86_400_000;
/** The last moment that a UUID v7 can name. */
const LATEST_MS = 2 ** 48 - 1;
/** Deliveries of a space, and attempts of all spaces, that are looked at: no index knows attempts' ids (ADR 35). */
const DELIVERIES = 5_000;
const ATTEMPTS = 20_000;

const IN_SPACE = {
  name: 'attempt_find_in_space',
  text: `
    WITH scanned AS MATERIALIZED (
      SELECT id, space_id, event_type FROM posthorn.deliveries
      WHERE space_id = $4 AND id < $2 AND id > $3 ORDER BY id DESC LIMIT ${DELIVERIES}
    ), found AS (
      SELECT d.id, d.space_id, d.event_type, a.n FROM scanned d CROSS JOIN LATERAL (
        SELECT n FROM posthorn.attempts WHERE delivery_id = d.id AND id = $1
      ) a LIMIT 1
    )
    SELECT (SELECT id FROM scanned ORDER BY id LIMIT 1) AS last, f.id AS "deliveryId", f.space_id AS "spaceId",
      f.event_type AS "eventType", f.n
    FROM (SELECT) one LEFT JOIN found f ON true`,
};

const ANYWHERE = {
  name: 'attempt_find_anywhere',
  text: `
    WITH scanned AS MATERIALIZED (
      SELECT delivery_id, id, n FROM posthorn.attempts
      WHERE delivery_id < $2 AND delivery_id > $3 ORDER BY delivery_id DESC LIMIT ${ATTEMPTS}
    )
    SELECT (SELECT delivery_id FROM scanned ORDER BY delivery_id LIMIT 1) AS last, d.id AS "deliveryId",
      d.space_id AS "spaceId", d.event_type AS "eventType", l.n
    FROM (SELECT) one
    LEFT JOIN (SELECT delivery_id, n FROM scanned WHERE id = $1 LIMIT 1) l ON true
    LEFT JOIN posthorn.deliveries d ON d.id = l.delivery_id`,
};

interface Row {
  last: string | null;
  deliveryId: string | null;
  spaceId: string;
  eventType: string;
  n: number;
}

/** Where an attempt is, or how far it was looked for. */
export type AttemptPlace =
  { deliveryId: string; spaceId: string; eventType: string; n: number } | { searchedTo: Date | null };

/** Looks for an attempt by its dashed id, among a bounded number. `spaceId`: null for all spaces. */
export async function findAttempt(sql: Sql, id: string, spaceId: string | null): Promise<AttemptPlace> {
  const at = uuidTime(id);
  const between = [
    uuidFloor(Math.min(at + MARGIN_MS, LATEST_MS)),
    uuidFloor(Math.max(0, at - DAYS * DAY_MS)),
  ];
  const [row] =
    spaceId === null
      ? await sql<Row>(ANYWHERE, [id, ...between])
      : await sql<Row>(IN_SPACE, [id, ...between, spaceId]);
  if (row && row.deliveryId !== null) {
    const { deliveryId, eventType, n } = row;
    return { deliveryId, spaceId: row.spaceId, eventType, n };
  }
  return { searchedTo: row?.last ? new Date(uuidTime(row.last)) : null };
}
