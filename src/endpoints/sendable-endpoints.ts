import type { Sql } from '../database/sql.js';

/** A subscription whose deliveries may be sent. */
export interface SendableEndpoint {
  id: string;
  version: number;
  /** Failures in a row. */
  failures: number;
}

/** SQL for those of the subscriptions in `$ids` that are active and were not asked to wait at `$now`. */
export function sendableEndpointsSql(ids: string, now: string): string {
  return `SELECT id, version, failure_count AS failures FROM posthorn.subscriptions
    WHERE id = ANY(${ids}::uuid[]) AND status = 'active' AND (waits_until IS NULL
      OR waits_until <= ${now}::timestamptz)`;
}

const FIND = { name: 'subscriptions_open', text: sendableEndpointsSql('$1', '$2') };

/** The same, looked up. */
export function findSendableEndpoints(sql: Sql, ids: string[], now: Date): Promise<SendableEndpoint[]> {
  return sql<SendableEndpoint>(FIND, [ids, now]);
}
