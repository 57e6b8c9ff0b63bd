import { publicId } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import { lastErrors } from '../deliveries/waiting.js';
import {
  attemptedBefore,
  causeOf,
  describeFailing,
  type FailingEndpoint,
} from '../endpoints/failing-endpoints.js';
import type { FailingEndpointView } from './overview.dto.js';

/** As the overviews show failing endpoints, with the last error of each. */
export async function failingViews(
  sql: Sql,
  endpoints: FailingEndpoint[],
  now: Date,
): Promise<FailingEndpointView[]> {
  const errors = await lastErrors(
    sql,
    endpoints.map((endpoint) => ({ id: endpoint.id, before: attemptedBefore(endpoint) })),
  );
  return endpoints.map((endpoint) => {
    const cause = causeOf(endpoint, errors.get(endpoint.id) ?? null);
    return {
      subscriptionId: publicId('sub', endpoint.id),
      uid: endpoint.uid,
      url: endpoint.url,
      reason: describeFailing(endpoint, cause, now),
      cause,
      pausedAt: endpoint.pausedAt?.toISOString() ?? null,
      failureCount: endpoint.failureCount,
      status: endpoint.status,
    };
  });
}
