import type { DeliveryStatus } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';

/** A delivery with what its last attempt brought; the attempt's columns are null when there was none. */
export interface DeliveryWithLastAttempt {
  id: string;
  event_type: string;
  status: DeliveryStatus;
  attempt_count: number;
  started_at: Date | null;
  status_code: number | null;
  response_body: Buffer | null;
  total_ms: number | null;
  error_code: string | null;
}

/** Deliveries of one subscription, but for those that were skipped and never sent. */
export interface SentBySubscription {
  spaceId: string;
  subscriptionId: string;
  statuses: DeliveryStatus[];
}

const WITH_LAST_ATTEMPT = `
  SELECT d.id, d.event_type, d.status, d.attempt_count, a.started_at, a.status_code, a.response_body, a.total_ms,
    a.error_code
  FROM posthorn.deliveries d LEFT JOIN LATERAL (
    SELECT * FROM posthorn.attempts a WHERE a.delivery_id = d.id ORDER BY n DESC LIMIT 1
  ) a ON true`;
const IS_SENT = `(d.status <> 'skipped' OR d.attempt_count > 0)`;

const LIST = {
  name: 'deliveries_last_attempts',
  text: `${WITH_LAST_ATTEMPT}
    WHERE d.space_id = $1 AND d.subscription_id = $2 AND d.status = ANY($3::text[]) AND ${IS_SENT}
    ORDER BY d.id DESC LIMIT $4 OFFSET $5`,
};

const COUNT = {
  name: 'deliveries_last_attempts_count',
  text: `SELECT count(*)::int AS total FROM posthorn.deliveries d
    WHERE d.space_id = $1 AND d.subscription_id = $2 AND d.status = ANY($3::text[]) AND ${IS_SENT}`,
};

/** A page, newest first, and how many there are in all. */
export async function listWithLastAttempt(
  sql: Sql,
  { spaceId, subscriptionId, statuses }: SentBySubscription,
  { limit, offset }: { limit: number; offset: number },
): Promise<{ rows: DeliveryWithLastAttempt[]; total: number }> {
  const filter = [spaceId, subscriptionId, statuses];
  const [rows, [count]] = await Promise.all([
    sql<DeliveryWithLastAttempt>(LIST, [...filter, limit, offset]),
    sql<{ total: number }>(COUNT, filter),
  ]);
  return { rows, total: count?.total ?? 0 };
}

const FIND = {
  name: 'deliveries_last_attempt',
  text: `${WITH_LAST_ATTEMPT} WHERE d.space_id = $1 AND d.subscription_id = $2 AND d.id = $3 AND ${IS_SENT}`,
};

/** One of them by its dashed id; undefined when the subscription has no such delivery. */
export async function findWithLastAttempt(
  sql: Sql,
  { spaceId, subscriptionId }: Omit<SentBySubscription, 'statuses'>,
  deliveryId: string,
): Promise<DeliveryWithLastAttempt | undefined> {
  const [row] = await sql<DeliveryWithLastAttempt>(FIND, [spaceId, subscriptionId, deliveryId]);
  return row;
}

const REMAINS = {
  name: 'deliveries_of_deleted',
  text: `SELECT FROM posthorn.deliveries WHERE space_id = $1 AND subscription_id = $2
    AND NOT EXISTS (SELECT FROM posthorn.subscriptions WHERE id = $2) LIMIT 1`,
};

/** Whether a subscription was deleted and some of its deliveries are still kept. */
export async function hasDeliveriesOfDeleted(
  sql: Sql,
  spaceId: string,
  subscriptionId: string,
): Promise<boolean> {
  return (await sql(REMAINS, [spaceId, subscriptionId])).length > 0;
}

const LAST_FINISHED = {
  name: 'deliveries_last_finished',
  text: `
    SELECT s.id, d.status, d.finished_at FROM unnest($1::uuid[]) AS s (id) JOIN LATERAL (
      SELECT status, finished_at FROM posthorn.deliveries d
      WHERE d.subscription_id = s.id AND d.status IN ('succeeded', 'failed') ORDER BY d.id DESC LIMIT 1
    ) d ON true`,
};

/** The newest delivery of each of these subscriptions that succeeded or failed; absent: there is none. */
export function lastFinished(
  sql: Sql,
  subscriptionIds: string[],
): Promise<{ id: string; status: 'succeeded' | 'failed'; finished_at: Date | null }[]> {
  return sql(LAST_FINISHED, [subscriptionIds]);
}
