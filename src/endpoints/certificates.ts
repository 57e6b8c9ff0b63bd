import type { Sql } from '../database/sql.js';

/** What a worker saw when it connected. */
export interface SeenCertificate {
  subscriptionId: string;
  validTo: Date;
}

// Subscriptions may be deleted meanwhile. In the order of the key: two workers may write the same ones.
const NOTE = {
  name: 'certificates_note',
  text: `
    INSERT INTO posthorn.endpoint_certificates (subscription_id, valid_to, seen_at)
    SELECT c.id, c.valid_to, $3 FROM unnest($1::uuid[], $2::timestamptz[]) AS c (id, valid_to)
    JOIN posthorn.subscriptions s ON s.id = c.id ORDER BY c.id
    ON CONFLICT (subscription_id) DO UPDATE SET valid_to = EXCLUDED.valid_to, seen_at = EXCLUDED.seen_at`,
};

/** Keeps until when certificates are valid. */
export async function noteCertificates(sql: Sql, seen: SeenCertificate[], now: Date): Promise<void> {
  if (seen.length === 0) return;
  await sql(NOTE, [
    seen.map(({ subscriptionId }) => subscriptionId),
    seen.map(({ validTo }) => validTo),
    now,
  ]);
}

const FORGET = {
  name: 'certificates_forget',
  text: `DELETE FROM posthorn.endpoint_certificates WHERE subscription_id = $1`,
};

/** It was another server's: the subscription leads elsewhere now. */
export async function forgetCertificate(sql: Sql, subscriptionId: string): Promise<void> {
  await sql(FORGET, [subscriptionId]);
}

const READ = {
  name: 'certificates_read',
  text: `SELECT valid_to AS "validTo", seen_at AS "seenAt"
    FROM posthorn.endpoint_certificates WHERE subscription_id = $1`,
};

/** Null: it was never seen, or the endpoint has none. */
export async function readCertificate(
  sql: Sql,
  subscriptionId: string,
): Promise<{ validTo: Date; seenAt: Date } | null> {
  const [row] = await sql<{ validTo: Date; seenAt: Date }>(READ, [subscriptionId]);
  return row ?? null;
}

// One that is paused, or was not seen for a week, may have been renewed meanwhile.
const EXPIRING_ONES = `posthorn.endpoint_certificates c JOIN posthorn.subscriptions s ON s.id = c.subscription_id
      AND s.status = 'active' AND c.valid_to < $1::timestamptz + interval '14 days'
      AND c.seen_at > $1::timestamptz - interval '7 days'`;

const EXPIRING = {
  name: 'certificates_expiring',
  text: `
    SELECT c.subscription_id AS "subscriptionId", s.space_id AS "spaceId", c.valid_to AS "validTo",
      c.seen_at AS "seenAt"
    FROM ${EXPIRING_ONES} ORDER BY c.subscription_id`,
};

/** The certificates of active subscriptions that end within 14 days, or have ended. */
export function expiringCertificates(
  sql: Sql,
  now: Date,
): Promise<(SeenCertificate & { spaceId: string; seenAt: Date })[]> {
  return sql(EXPIRING, [now]);
}

/** An endpoint whose certificate is over soon, or is over. */
export interface ExpiringCertificate {
  subscriptionId: string;
  url: string;
  spaceId: string;
  spaceName: string;
  validTo: Date;
  /** How many there are in all. */
  total: number;
}

const SOONEST = {
  name: 'certificates_soonest',
  text: `
    SELECT s.id AS "subscriptionId", s.url, s.space_id AS "spaceId", p.name AS "spaceName", c.valid_to AS "validTo",
      count(*) OVER ()::int AS total
    FROM ${EXPIRING_ONES} JOIN posthorn.spaces p ON p.id = s.space_id
    ORDER BY c.valid_to, s.id LIMIT $2`,
};

/** Those of active subscriptions that end within 14 days, or have ended, the soonest first. */
export function soonestCertificates(sql: Sql, now: Date, limit: number): Promise<ExpiringCertificate[]> {
  return sql<ExpiringCertificate>(SOONEST, [now, limit]);
}
