import { publicId } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import { lastErrors } from '../deliveries/waiting.js';
import { attemptedBefore, describeFailing, type FailingEndpoint } from '../endpoints/failing-endpoints.js';
import type { WorstView } from './overview.dto.js';

/** As the overviews show failing endpoints, with the last error of each. */
export async function failingViews(sql: Sql, endpoints: FailingEndpoint[], now: Date): Promise<WorstView[]> {
  const errors = await lastErrors(
    sql,
    endpoints.map((endpoint) => ({ id: endpoint.id, before: attemptedBefore(endpoint) })),
  );
  return endpoints.map((endpoint) => ({
    subscriptionId: publicId('sub', endpoint.id),
    url: endpoint.url,
    reason: describeFailing(endpoint, errors.get(endpoint.id) ?? null, now),
    failureCount: endpoint.failureCount,
    status: endpoint.status,
  }));
}
