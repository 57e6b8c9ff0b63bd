import { createHash } from 'node:crypto';
import { canonicalJson, comparableJson } from '../lib/canonical-json.js';
import type { Sql } from '../database/sql.js';
import type { EventDraft } from './draft.js';

/** A publisher's event id inside its space, as a map key. */
export function keyOf(spaceId: string, key: string): string {
  return `${spaceId}/${key}`;
}

/** The same for two publishes of the same event, whatever the spacing and key order of their JSON. */
export function fingerprint(draft: EventDraft): Buffer {
  const { type, occurredAt, scope, text, data, expiry } = draft;
  return createHash('sha256')
    .update(
      canonicalJson([
        type,
        occurredAt?.toISOString() ?? null,
        scope,
        comparableJson(text, data),
        // Nothing for the others, whose fingerprints are as they have always been.
        ...(expiry === undefined ? [] : [typeof expiry === 'number' ? expiry : expiry.toISOString()]),
      ]),
    )
    .digest();
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
  fingerprint: Buffer;
}

const INSERT = {
  name: 'event_keys_insert',
  text: `INSERT INTO posthorn.event_keys (space_id, key, event_id, deliveries, fingerprint, created_at)
    SELECT space_id, key, event_id, deliveries, fingerprint, $6
    FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::int[], $5::bytea[])
      AS k (space_id, key, event_id, deliveries, fingerprint)
    ON CONFLICT DO NOTHING RETURNING space_id, key`,
};

const FIND = {
  name: 'event_keys_find',
  text: `SELECT k.space_id, k.key, k.event_id, k.deliveries, k.fingerprint
    FROM posthorn.event_keys k JOIN unnest($1::uuid[], $2::text[]) AS w (space_id, key) USING (space_id, key)`,
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
 * Takes the keys nobody has and finds the owners of the others. A key that another transaction is taking right now
 * is waited for. Sorted, so that two publishers with the same keys cannot deadlock.
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
  if (others.length === 0) return new Map();
  const rows = await sql<{
    space_id: string;
    key: string;
    event_id: string;
    deliveries: number;
    fingerprint: Buffer;
  }>(FIND, [others.map((each) => each.spaceId), others.map((each) => each.key)]);
  return new Map(
    rows.map((row) => [
      keyOf(row.space_id, row.key),
      { eventId: row.event_id, deliveries: row.deliveries, fingerprint: row.fingerprint },
    ]),
  );
}

/** Gives keys back that this transaction took for a request it now refuses. */
export async function releaseKeys(sql: Sql, reservations: KeyReservation[]): Promise<void> {
  if (reservations.length === 0) return;
  await sql(DROP, [reservations.map((each) => each.spaceId), reservations.map((each) => each.key)]);
}

/** Corrects how many deliveries the events have whose keys this transaction took. */
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
