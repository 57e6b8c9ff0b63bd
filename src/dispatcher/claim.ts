import { randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.js';
import type { StoredEvent } from '../core/words.js';
import type { Database } from '../database/database.js';
import { claimDeliveries, putAsideBarred, putBack } from '../deliveries/claim-deliveries.js';
import type { ClaimedDelivery } from '../deliveries/delivery.js';
import { findEvents } from '../deliveries/find-events.js';
import type { DueDelivery } from '../queue/job.js';
import type { Endpoint, Endpoints } from '../subscriptions/endpoints.js';

/**
 * How much longer than its attempt may take a lease lasts. A worker that has lost the database for half a minute still
 * gets to write what it saw; a dead worker's deliveries wait for as long.
 */
const LEASE_GRACE_MS = 30_000;
/** When a delivery is tried again whose endpoint or event could not be read. */
const UNREADABLE_MS = 60_000;

/** A claimed delivery with everything its attempt needs. */
export interface ReadyDelivery {
  delivery: ClaimedDelivery;
  endpoint: Endpoint;
  event: StoredEvent;
}

/** What came of asking for some ids. */
export interface Claim {
  ready: ReadyDelivery[];
  /** Deliveries put back because their endpoint asked to wait, with the time they are due. */
  later: (DueDelivery & { at: number })[];
}

/**
 * Leases the deliveries and loads what their attempts need. The subscription's state is read in the claiming
 * statement itself, so a pause, a deletion or a new URL counts from the moment it is committed.
 */
export async function claim(
  database: Database,
  clock: Clock,
  endpoints: Endpoints,
  ids: string[],
): Promise<Claim> {
  const now = clock.date();
  const lease = randomUUID();
  const claimed = await claimDeliveries(database.sql, ids, lease, now, LEASE_GRACE_MS);
  const [later, bySubscription, events] = await Promise.all([
    claimed.length < ids.length ? putAsideBarred(database.sql, ids, now) : [],
    endpoints.load(claimed.map((d) => ({ id: d.subscriptionId, version: d.subscriptionVersion }))),
    claimed.length > 0
      ? findEvents(database.sql, [...new Set(claimed.map((d) => d.eventId))])
      : new Map<string, StoredEvent>(),
  ]);
  const ready: ReadyDelivery[] = [];
  const unreadable: string[] = [];
  for (const delivery of claimed) {
    const endpoint = bySubscription.get(delivery.subscriptionId);
    const event = events.get(delivery.eventId);
    if (endpoint && event) ready.push({ delivery, endpoint, event });
    else unreadable.push(delivery.id);
  }
  if (unreadable.length > 0)
    await putBack(database.sql, unreadable, lease, new Date(now.getTime() + UNREADABLE_MS));
  return { ready, later };
}
