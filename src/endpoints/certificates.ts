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
