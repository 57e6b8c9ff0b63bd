import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Clock } from '../core/clock.js';
import type { StoredEvent } from '../core/words.js';
import { Database } from '../database/database.js';
import { claimDeliveries, putAsideBarred, putBack } from '../deliveries/claim-deliveries.js';
import type { ClaimedDelivery } from '../deliveries/delivery.js';
import { findEvents } from '../deliveries/find-events.js';
import type { DueDelivery } from '../queue/job.js';
import { Endpoints, type Endpoint } from '../subscriptions/endpoints.js';

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
  /** Deliveries that have to wait, because their endpoint asked for it or the ring was early, with the time they are due. */
  later: (DueDelivery & { at: number })[];
}

/** Takes deliveries for this worker, for a time. */
@Injectable()
export class Claimer {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly endpoints: Endpoints,
    private readonly settings: Settings,
  ) {}

  /**
   * Leases the deliveries and loads what their attempts need. The subscription's state is read in the claiming
   * statement itself, so a pause, a deletion or a new URL counts from the moment it is committed.
   */
  async claim(ids: string[]): Promise<Claim> {
    const { sql } = this.database;
    const now = this.clock.date();
    const lease = randomUUID();
    // A worker that has lost the database for the grace still gets to write what it saw; a dead one's work waits as long.
    const claimed = await claimDeliveries(sql, ids, lease, now, this.settings.leaseGraceMs);
    const [later, bySubscription, events] = await Promise.all([
      claimed.length < ids.length ? putAsideBarred(sql, ids, now) : [],
      this.endpoints.load(claimed.map((d) => ({ id: d.subscriptionId, version: d.subscriptionVersion }))),
      claimed.length > 0
        ? findEvents(sql, [...new Set(claimed.map((d) => d.eventId))])
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
    if (unreadable.length > 0) await putBack(sql, unreadable, lease, new Date(now.getTime() + UNREADABLE_MS));
    return { ready, later };
  }
}
