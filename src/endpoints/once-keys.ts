import { createHash } from 'node:crypto';
import type { Sql } from '../database/sql.js';

/** An event that may be the first of something a subscription receives only once. */
export interface OnceKeyReservation {
  spaceId: string;
  subscriptionId: string;
  /** What it receives once: text of any length. */
  once: string;
  eventId: string;
}

const RESERVE = {
  name: 'firsts_take',
  text: `INSERT INTO posthorn.firsts (space_id, subscription_id, key, event_id)
    SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::bytea[], $4::uuid[])
    ON CONFLICT DO NOTHING RETURNING subscription_id, encode(key, 'hex') AS key, event_id`,
};

const FIND = {
  name: 'firsts_find',
  text: `SELECT f.subscription_id, encode(f.key, 'hex') AS key, f.event_id
    FROM posthorn.firsts f JOIN unnest($1::uuid[], $2::uuid[], $3::bytea[]) AS w (space_id, subscription_id, key)
      USING (space_id, subscription_id, key)`,
};

const FORGET = {
  name: 'firsts_forget',
  text: `DELETE FROM posthorn.firsts WHERE space_id = $1 AND subscription_id = $2 RETURNING 1 AS gone`,
};

interface OnceKeyRow {
  subscription_id: string;
  /** In hexadecimal, as any library reads it. */
  key: string;
  event_id: string;
}

/** Which event was the first, for those reservations that have one. */
export class OnceKeys {
  private readonly events = new Map<string, string>();

  /** Of two for the same thing the one that stands first counts. */
  constructor(rows: OnceKeyRow[]) {
    for (const { subscription_id: subscriptionId, key, event_id: eventId } of rows) {
      const name = nameOf(subscriptionId, key);
      if (!this.events.has(name)) this.events.set(name, eventId);
    }
  }

  /** Dashed event id; undefined: there is none, as far as was asked. */
  eventOf({ subscriptionId, once }: Pick<OnceKeyReservation, 'subscriptionId' | 'once'>): string | undefined {
    return this.events.get(nameOf(subscriptionId, hexOf(once)));
  }
}

/**
 * Makes these events the first where there was none, and gives what it made. Of reservations for the same thing the one
 * that stands first counts. One that another transaction is making right now is waited for; sorted, so that two
 * publishers cannot deadlock. They are gone again if the transaction of `sql` is rolled back.
 */
export async function reserveOnceKeys(sql: Sql, reservations: OnceKeyReservation[]): Promise<OnceKeys> {
  const fresh = new Map<string, OnceKeyReservation & { key: Buffer }>();
  for (const reservation of reservations) {
    const key = keyOf(reservation.once);
    const name = nameOf(reservation.subscriptionId, key.toString('hex'));
    if (!fresh.has(name)) fresh.set(name, { ...reservation, key });
  }
  const sorted = [...fresh].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, reservation]) => reservation);
  const rows = await sql<OnceKeyRow>(RESERVE, [
    sorted.map(({ spaceId }) => spaceId),
    sorted.map(({ subscriptionId }) => subscriptionId),
    sorted.map(({ key }) => key),
    sorted.map(({ eventId }) => eventId),
  ]);
  return new OnceKeys(rows);
}

/** What `reserveOnceKeys` would make if there were none yet. */
export function assumeOnceKeys(reservations: OnceKeyReservation[]): OnceKeys {
  return new OnceKeys(
    reservations.map((reservation) => ({
      subscription_id: reservation.subscriptionId,
      key: hexOf(reservation.once),
      event_id: reservation.eventId,
    })),
  );
}

/** The same without reserving anything. */
export async function findOnceKeys(
  sql: Sql,
  reservations: Omit<OnceKeyReservation, 'eventId'>[],
): Promise<OnceKeys> {
  if (reservations.length === 0) return new OnceKeys([]);
  const rows = await sql<OnceKeyRow>(FIND, [
    reservations.map(({ spaceId }) => spaceId),
    reservations.map(({ subscriptionId }) => subscriptionId),
    reservations.map(({ once }) => keyOf(once)),
  ]);
  return new OnceKeys(rows);
}

/**
 * For a subscription that is deleted. What is being published to it in this moment may leave a row behind, out of
 * reach.
 */
export async function deleteOnceKeys(sql: Sql, spaceId: string, subscriptionId: string): Promise<void> {
  await sql(FORGET, [spaceId, subscriptionId]);
}

function nameOf(subscriptionId: string, key: string): string {
  return `${subscriptionId}/${key}`;
}

function hexOf(once: string): string {
  return keyOf(once).toString('hex');
}

function keyOf(once: string): Buffer {
  return createHash('sha256').update(once).digest();
}
