import type { Sql } from '../database/sql.js';

/** A subscription whose deliveries may leave at this moment. */
export interface OpenGate {
  id: string;
  version: number;
  /** Failures in a row. */
  failures: number;
}

const FIND = {
  name: 'subscriptions_open',
  text: `SELECT id, version, failure_count AS failures FROM posthorn.subscriptions
    WHERE id = ANY($1::uuid[]) AND status = 'active' AND (waits_until IS NULL OR waits_until <= $2)`,
};

/** Those of the subscriptions that are active and were not asked to wait, by id. */
export async function findOpenGates(sql: Sql, ids: string[], now: Date): Promise<Map<string, OpenGate>> {
  const rows = await sql<OpenGate>(FIND, [ids, now]);
  return new Map(rows.map((row) => [row.id, row]));
}
