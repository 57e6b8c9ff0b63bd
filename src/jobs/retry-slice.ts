import type { Sql } from '../database/sql.js';
import { findWaitingDeliveries } from '../deliveries/recover-deliveries.js';
import { countRetryable, retryDeliveries, scanDeliveries } from '../deliveries/retry-many.js';
import type { JobEntity } from './job.entity.js';
import { LATER, sliceSize, type RetryRequest, type JobSlice } from './job.js';

/** Rows one statement counts: some 10 ms. */
export const MAX_COUNTED = 10_000;
const MAX_SCANNED = 5_000;
const RETRIES = 250;
/** An endpoint with so many due deliveries has enough to do. */
export const BUSY = 1_000;

/** Counts or retries the next deliveries of the job's filter. */
export async function retrySlice(
  sql: Sql,
  job: JobEntity,
  request: RetryRequest,
  now: Date,
): Promise<JobSlice | typeof LATER> {
  const filter = { spaceId: job.spaceId, ...request };
  const between = { after: job.position, before: job.untilId };
  if (!job.counted) {
    const { hits, position } = await countRetryable(sql, filter, between, MAX_COUNTED);
    return { found: hits, due: [], position };
  }
  const { subscriptionId } = request;
  if (subscriptionId !== null) {
    const waiting = await findWaitingDeliveries(sql, subscriptionId, now, BUSY);
    if (waiting.length === BUSY) return LATER;
  }
  const { hits, position } = await scanDeliveries(sql, filter, between, {
    scanned: MAX_SCANNED,
    hits: sliceSize(job.perSecond, RETRIES),
  });
  return { found: hits.length, due: await retryDeliveries(sql, hits, now), position };
}
