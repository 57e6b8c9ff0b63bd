import type { DeliveryStatus } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';

/** The newest deliveries of an endpoint that are looked at, and the attempts of these. */
const DELIVERIES = 1_000;
export const MOST_ATTEMPTS = 2_000;

const ATTEMPTS = {
  name: 'attempts_of_endpoint',
  text: `
    SELECT a.started_at AS "startedAt", a.status_code AS "statusCode", a.error_code AS "errorCode",
      a.total_ms AS "totalMs", a.n, a.n = d.attempt_count AS "isLast", d.id AS "deliveryId", d.status
    FROM (
      SELECT id, status, attempt_count FROM posthorn.deliveries
      WHERE space_id = $1 AND subscription_id = $2 ORDER BY id DESC LIMIT ${DELIVERIES}
    ) d JOIN posthorn.attempts a ON a.delivery_id = d.id
    WHERE a.started_at >= $3 ORDER BY a.started_at DESC LIMIT ${MOST_ATTEMPTS + 1}`,
};

/** One attempt at an endpoint, and whether it decided its delivery. */
export interface EndpointAttempt {
  startedAt: Date;
  statusCode: number | null;
  errorCode: string | null;
  totalMs: number | null;
  n: number;
  isLast: boolean;
  deliveryId: string;
  status: DeliveryStatus;
}

/** The newest first: those of the last 1,000 deliveries, up to 2,001. */
export function readEndpointAttempts(
  sql: Sql,
  spaceId: string,
  subscriptionId: string,
  since: Date,
): Promise<EndpointAttempt[]> {
  return sql<EndpointAttempt>(ATTEMPTS, [spaceId, subscriptionId, since]);
}
