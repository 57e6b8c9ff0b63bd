import type { Sql } from '../database/sql.js';
import { erasedKeysOf } from './erased-keys.js';

/** A publisher's event id inside its space, as a map key. */
export function keyOf(spaceId: string, key: string): string {
  return `${spaceId}/${key}`;
}

/** A key together with the event that is about to own it. */
export interface KeyReservation {
  spaceId: string;
  key: string;
  eventId: string;
  deliveries: number;
  fingerprint: Buffer;
}

/** The event that owns a key already. */
export interface KeyOwner {
  eventId: string;
  deliveries: number;
  /** Null: of an erased event, and no longer known. */
  fingerprint: Buffer | null;
}

/** Whether a key was used before for an event with another body. */
export function isOtherEvent(owner: KeyOwner, { fingerprint }: Pick<KeyReservation, 'fingerprint'>): boolean {
  return owner.fingerprint !== null && !owner.fingerprint.equals(fingerprint);
}

const INSERT = {
  name: 'event_keys_insert',
  text: `INSERT INTO posthorn.event_keys (space_id, key, event_id, deliveries, fingerprint, created_at)
    SELECT space_id, key, event_id, deliveries, fingerprint, $6::timestamptz
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::bytea[])
      AS k (space_id, key, event_id, deliveries, fingerprint)
    WHERE (SELECT e.event_id ${erasedKeysOf('k')} LIMIT 1) IS NULL
    ON CONFLICT DO NOTHING RETURNING space_id, key`,
};

const FIND = {
  name: 'event_keys_find',
  text: `SELECT k.space_id, k.key, k.event_id, k.deliveries, encode(k.fingerprint, 'hex') AS fingerprint
    FROM posthorn.event_keys k JOIN unnest($1::uuid[], $2::text[]) AS w (space_id, key) USING (space_id, key)
    UNION ALL
    SELECT w.space_id, w.key, e.event_id, e.deliveries, encode(e.fingerprint, 'hex')
    FROM unnest($1::uuid[], $2::text[]) AS w (space_id, key) CROSS JOIN LATERAL (SELECT e.* ${erasedKeysOf('w')}
      LIMIT 1) e`,
};

const DROP = {
  name: 'event_keys_drop',
  text: `DELETE FROM posthorn.event_keys k USING unnest($1::uuid[], $2::text[]) AS d (space_id, key)
    WHERE k.space_id = d.space_id AND k.key = d.key RETURNING k.key`,
};

const RECOUNT = {
  name: 'event_keys_recount',
  text: `UPDATE posthorn.event_keys k SET deliveries = c.deliveries
    FROM unnest($1::uuid[], $2::text[], $3::int[]) AS c (space_id, key, deliveries)
    WHERE k.space_id = c.space_id AND k.key = c.key`,
};

/**
 * Reserves the keys that are free and finds the owners of the others. Waits for a key that another transaction is
 * reserving. Sorted, so that two publishers with the same keys cannot deadlock.
 */
export async function reserveKeys(
  sql: Sql,
  reservations: KeyReservation[],
  now: Date,
): Promise<Map<string, KeyOwner>> {
  const sorted = reservations.toSorted((a, b) =>
    keyOf(a.spaceId, a.key) < keyOf(b.spaceId, b.key) ? -1 : 1,
  );
  const reserved = await sql<{ space_id: string; key: string }>(INSERT, [
    sorted.map((each) => each.spaceId),
    sorted.map((each) => each.key),
    sorted.map((each) => each.eventId),
    sorted.map((each) => each.deliveries),
    sorted.map((each) => each.fingerprint),
    now,
  ]);
  const ours = new Set(reserved.map((row) => keyOf(row.space_id, row.key)));
  const others = sorted.filter((each) => !ours.has(keyOf(each.spaceId, each.key)));
  return others.length === 0 ? new Map<string, KeyOwner>() : findOwners(sql, others);
}

interface OwnerRow {
  space_id: string;
  key: string;
  event_id: string;
  deliveries: number;
  fingerprint: string | null;
}

/** The events that own these keys, by `keyOf`; keys that are free are absent. */
export async function findOwners(
  sql: Sql,
  keys: Pick<KeyReservation, 'spaceId' | 'key'>[],
): Promise<Map<string, KeyOwner>> {
  const rows = await sql<OwnerRow>(FIND, [keys.map((each) => each.spaceId), keys.map((each) => each.key)]);
  return new Map(
    rows.map((row) => [
      keyOf(row.space_id, row.key),
      {
        eventId: row.event_id,
        deliveries: row.deliveries,
        fingerprint: row.fingerprint === null ? null : Buffer.from(row.fingerprint, 'hex'),
      },
    ]),
  );
}

/** Releases keys that this transaction reserved for a request it now refuses. */
export async function releaseKeys(sql: Sql, reservations: KeyReservation[]): Promise<void> {
  if (reservations.length === 0) return;
  await sql(DROP, [reservations.map((each) => each.spaceId), reservations.map((each) => each.key)]);
}

/** Corrects the number of deliveries of events whose keys this transaction reserved. */
export async function recountKeys(
  sql: Sql,
  counts: { spaceId: string; key: string; deliveries: number }[],
): Promise<void> {
  if (counts.length === 0) return;
  await sql(RECOUNT, [
    counts.map(({ spaceId }) => spaceId),
    counts.map(({ key }) => key),
    counts.map(({ deliveries }) => deliveries),
  ]);
}

const FIND_ONE = {
  name: 'events_find_by_key',
  text: `SELECT event_id FROM posthorn.event_keys WHERE space_id = $1 AND key = $2`,
};

/** The event that has this key in a space; null when none has. */
export async function findEventByKey(sql: Sql, spaceId: string, key: string): Promise<string | null> {
  // PostgreSQL's text has no NUL.
  if (key.includes('\0')) return null;
  const [owner] = await sql<{ event_id: string }>(FIND_ONE, [spaceId, key]);
  return owner?.event_id ?? null;
}

const FIND_MANY = {
  name: 'events_find_by_keys',
  text: `SELECT key, event_id FROM posthorn.event_keys WHERE space_id = $1 AND key = ANY($2::text[])`,
};

/** The events that have these keys in a space, by key. */
export async function findEventIds(sql: Sql, spaceId: string, keys: string[]): Promise<Map<string, string>> {
  const sound = keys.filter((key) => !key.includes('\0'));
  const rows = await sql<{ key: string; event_id: string }>(FIND_MANY, [spaceId, sound]);
  return new Map(rows.map((row) => [row.key, row.event_id]));
}

/** Keys are promised to hold for a day, and hold for two. */
const KEPT_MS = 2 * 86_400_000;
const BATCH = 10_000;
const DELETE_EXPIRED = {
  name: 'retention_drop_keys',
  text: `WITH old AS (SELECT space_id, key FROM posthorn.event_keys WHERE created_at < $1 LIMIT ${BATCH}),
         gone AS (DELETE FROM posthorn.event_keys k USING old WHERE k.space_id = old.space_id AND k.key = old.key
           RETURNING 1)
         SELECT count(*)::int AS count FROM gone`,
};

/** Deletes keys that are older than two days. Gives how many. */
export async function deleteExpiredKeys(sql: Sql, now: number): Promise<number> {
  for (let total = 0; ;) {
    const [row] = await sql<{ count: number }>(DELETE_EXPIRED, [new Date(now - KEPT_MS)]);
    total += row?.count ?? 0;
    if ((row?.count ?? 0) < BATCH) return total;
  }
}
