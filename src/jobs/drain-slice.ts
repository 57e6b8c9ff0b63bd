import type { Sql } from '../database/sql.js';
import { drainDeliveries, isAnyHeld } from '../deliveries/move-deliveries.js';
import { findWaitingDeliveries } from '../deliveries/recover-deliveries.js';
import { countRetryable } from '../deliveries/retry-many.js';
import type { JobEntity } from './job.entity.js';
import { LATER, sliceSize, type DrainRequest, type JobSlice } from './job.js';
import { BUSY, MAX_COUNTED } from './retry-slice.js';

const RELEASES = 250;

/**
 * Counts or releases the next held deliveries of a subscription, oldest first. It waits while the subscription is
 * paused: what is held then is not for the endpoint yet.
 */
export async function drainSlice(
  sql: Sql,
  job: JobEntity,
  { subscriptionId }: DrainRequest,
  now: Date,
): Promise<JobSlice | typeof LATER> {
  if (!job.counted) {
    const filter = {
      spaceId: job.spaceId,
      subscriptionId,
      eventId: null,
      type: null,
      status: 'held' as const,
    };
    const between = { after: job.position, before: job.untilId };
    const { hits, position } = await countRetryable(sql, filter, between, MAX_COUNTED);
    return { found: hits, due: [], position };
  }
  const waiting = await findWaitingDeliveries(sql, subscriptionId, now, BUSY);
  if (waiting.length === BUSY) return LATER;
  const limit = sliceSize(job.perSecond, RELEASES);
  const due = await drainDeliveries(sql, subscriptionId, now, { before: job.untilId, limit });
  if (due.length > 0) return { found: due.length, due, position: job.position };
  return (await isAnyHeld(sql, subscriptionId, job.untilId)) ? LATER : { found: 0, due: [], position: null };
}
