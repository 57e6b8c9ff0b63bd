import { newUuid } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import { insertDeliveries } from '../deliveries/insert-deliveries.js';
import { scheduleDeliveries } from '../deliveries/scheduled.js';
import { scheduledAfter } from '../event-store/scheduled-events.js';
import { findWaitingDeliveries } from '../deliveries/recover-deliveries.js';
import type { Route, RoutingTable } from '../endpoints/routing.js';
import type { JobEntity } from './job.entity.js';
import { GONE, LATER, sliceSize, type ReplayRequest, type JobSlice } from './job.js';
import { filterReplaysByOnceKeys } from './filter-replays-by-once-keys.js';
import { findMissed, type Found, type MissedEvent } from './missed-events.js';
import { BUSY } from './retry-slice.js';

const MAX_SCANNED = 250;

/** Counts or delivers the next events of a replay. */
export async function replaySlice(
  sql: Sql,
  routing: RoutingTable,
  job: JobEntity,
  request: ReplayRequest,
  now: Date,
): Promise<JobSlice | typeof LATER | typeof GONE> {
  const routes = (await routing.current(sql, [job.spaceId])).get(job.spaceId);
  const route = routes?.routes.find(({ subscriptionId }) => subscriptionId === request.subscriptionId);
  if (!routes || !route) return GONE;
  if (job.counted) {
    const waiting = await findWaitingDeliveries(sql, route.subscriptionId, now, BUSY);
    if (waiting.length === BUSY) return LATER;
  }
  const found = await findMissed(sql, job, request, route, routes, MAX_SCANNED);
  const { missed: wanted, position } = job.counted
    ? firstOf(found, sliceSize(job.perSecond, MAX_SCANNED))
    : found;
  const missed = await filterReplaysByOnceKeys(sql, job.spaceId, route, wanted, { reserve: job.counted });
  if (!job.counted) return { found: missed.length, due: [], position, skipped: found.skipped };
  const ids = missed.map(({ id }) => id);
  const later = await scheduledAfter(sql, ids, now);
  const deliveries = missed.flatMap((event) =>
    replaysOf(event, job.spaceId, route, now, later.get(event.id)),
  );
  await insertDeliveries(sql, deliveries);
  await scheduleDeliveries(sql, deliveries);
  const due = deliveries.filter(({ status, deliverAt }) => status === 'pending' && !deliverAt);
  return { found: missed.length, due, position };
}

/** The walk goes on after the last one that is taken. */
function firstOf({ missed, position }: Found, most: number): Pick<Found, 'missed' | 'position'> {
  if (missed.length <= most) return { missed, position };
  const taken = missed.slice(0, most);
  return { missed: taken, position: taken.at(-1)?.position ?? position };
}

/**
 * They wait for a paused endpoint even where its profile skips what is new: a person asked for them. `deliverAt`: of an
 * event whose time has not come.
 */
function replaysOf(
  event: MissedEvent,
  spaceId: string,
  route: Route,
  now: Date,
  deliverAt?: Date,
): NewDelivery[] {
  return event.types.map((eventType) => ({
    id: newUuid(now.getTime()),
    spaceId,
    eventId: event.id,
    eventType,
    subscriptionId: route.subscriptionId,
    status: route.status === 'paused' ? 'held' : 'pending',
    trigger: 'replay',
    override: null,
    maxAttempts: route.maxAttempts,
    dueAt: deliverAt ?? now,
    ...(deliverAt && { deliverAt }),
  }));
}
