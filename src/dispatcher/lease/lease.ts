import { Injectable } from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../lib/clock.js';
import type { StoredEvent } from '../../core/domain-types.js';
import { Database } from '../../database/database.js';
import { isOutcomeUnknown } from '../../database/unknown-outcome.js';
import { RateStore } from '../../database/rate-store.js';
import { cancelRemoved } from '../../deliveries/erase-deliveries.js';
import { leaseDeliveries, putAsideBlocked, putBack } from '../../deliveries/lease-deliveries.js';
import type { LeasedDelivery } from '../../deliveries/delivery.js';
import { releaseDeliveries } from '../../deliveries/move-deliveries.js';
import { findWaitingDeliveries } from '../../deliveries/recover-deliveries.js';
import { LONGEST_TIMEOUT_MS } from '../../deliveries/local-dispatch.js';
import type { LocallyLeased } from '../../deliveries/locally-leased.js';
import type { DueDelivery } from '../../queue/deliver-job.js';
import { EndpointsService, type Endpoint } from '../../endpoints/endpoints.service.js';
import { findSendableEndpoints, type SendableEndpoint } from '../../endpoints/sendable-endpoints.js';
import { Heartbeat } from '../upkeep/heartbeat.js';
import { UnusedLeases } from './unused-leases.js';

/** When a delivery is tried again whose endpoint or event cannot be read, milliseconds. */
const UNREADABLE_MS = 60_000;

const NONE_ASIDE = { later: [], expired: 0 };

/** A leased delivery with everything its attempt needs. */
export interface ReadyDelivery {
  delivery: LeasedDelivery;
  endpoint: Endpoint;
  event: StoredEvent;
}

/** Due deliveries of a subscription. */
export interface WaitingIds {
  ids: string[];
  /** Whether some of them were held until now: there may be more. */
  isReleasing: boolean;
}

/** What came of leasing some ids. Those in neither list are not this worker's to send now. */
export interface LeaseResult {
  ready: ReadyDelivery[];
  /** Deliveries to enqueue for a later time, epoch milliseconds: the endpoint asked to wait, or the job came early. */
  later: (DueDelivery & { at: number })[];
  /** How many have expired. */
  expired: number;
}

/**
 * Leases deliveries to this worker. In: ids that the `Dispatcher` has dequeued. Out: leased deliveries with their
 * events and endpoints, for `AttemptRunner`.
 */
@Injectable()
export class DeliveryLeaser {
  private readonly rates: RateStore;
  private readonly unused: UnusedLeases;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly endpoints: EndpointsService,
    private readonly settings: Settings,
    private readonly heartbeat: Heartbeat,
  ) {
    this.rates = new RateStore(database);
    this.unused = new UnusedLeases(LONGEST_TIMEOUT_MS + settings.leaseGraceMs);
  }

  /**
   * Leases the deliveries and loads what their attempts need. The leasing statement also reads the subscription, so a
   * pause, a deletion or a new URL applies from its commit on.
   */
  async lease(ids: string[]): Promise<LeaseResult> {
    const { sql } = this.database;
    if (!this.heartbeat.isFresh) await this.heartbeat.confirmed();
    const now = this.clock.date();
    const lease = this.heartbeat.newLease();
    // The grace is for a worker that stalls: it may still write what it has sent. A dead worker's leases are recovered
    // at once.
    let leasedIds: string[] = [];
    try {
      const { leased, events } = await leaseDeliveries(sql, ids, lease, now, this.settings.leaseGraceMs);
      leasedIds = leased.map(({ id }) => id);
      return await this.load({ ids, lease, now }, leased, events);
    } catch (error) {
      // Nothing of it is sent, and the next try needs the deliveries released.
      this.releaseUnused(isOutcomeUnknown(error) ? ids : leasedIds, [lease]);
      throw error;
    }
  }

  private async load(
    { ids, lease, now }: { ids: string[]; lease: string; now: Date },
    leased: LeasedDelivery[],
    events: Map<string, StoredEvent>,
  ): Promise<LeaseResult> {
    const { sql } = this.database;
    const [{ later, expired }, bySubscription] = await Promise.all([
      leased.length < ids.length ? putAsideBlocked(sql, ids, now) : NONE_ASIDE,
      this.endpoints.load(leased.map((d) => ({ id: d.subscriptionId, version: d.subscriptionVersion }))),
    ]);
    const ready: ReadyDelivery[] = [];
    const unreadable: string[] = [];
    const removed: string[] = [];
    for (const delivery of leased) {
      const endpoint = bySubscription.get(delivery.subscriptionId);
      const event = events.get(delivery.eventId);
      if (event?.removed !== undefined) removed.push(delivery.id);
      else if (endpoint && event) ready.push({ delivery, endpoint, event });
      else unreadable.push(delivery.id);
    }
    if (unreadable.length > 0)
      await putBack(sql, unreadable, [lease], new Date(now.getTime() + UNREADABLE_MS));
    await cancelRemoved(sql, removed, lease, now);
    return { ready, later, expired };
  }

  /**
   * Loads what the attempts of locally leased deliveries need. `sendable` was read a moment ago, so a pause, a deletion
   * or a new URL applies here, too. Releases the leases of what is not sendable; the next ordinary lease decides on it.
   */
  async confirm(leased: LocallyLeased[], sendable: SendableEndpoint[]): Promise<ReadyDelivery[]> {
    // A worker that has stalled may have lost its leases.
    if (!this.heartbeat.isFresh) await this.heartbeat.confirmed();
    const sendableById = new Map(sendable.map((each) => [each.id, each]));
    const endpoints = await this.endpoints.load(sendable);
    const ready: ReadyDelivery[] = [];
    const blocked: LocallyLeased[] = [];
    for (const one of leased) {
      const sendableEndpoint = sendableById.get(one.delivery.subscriptionId);
      const endpoint = endpoints.get(one.delivery.subscriptionId);
      if (sendableEndpoint && endpoint && this.heartbeat.owns(one.lease))
        ready.push({ delivery: asLeasedDelivery(one, sendableEndpoint), endpoint, event: one.event });
      else blocked.push(one);
    }
    // Not `releaseLocal`: after a failure the `Dispatcher` keeps all of these leases.
    if (blocked.length > 0) await putBack(this.database.sql, ...idsAndLeases(blocked), this.clock.date());
    return ready;
  }

  /** Those of the subscriptions that are active, and whose endpoint did not ask to wait. */
  checkSendable(subscriptionIds: string[]): Promise<SendableEndpoint[]> {
    return findSendableEndpoints(this.database.sql, subscriptionIds, this.clock.date());
  }

  /**
   * Reserves slots of a subscription's rate, which all workers share. Returns the first one's time, monotonic
   * milliseconds.
   */
  reserveSlots(subscriptionId: string, count: number, perSecond: number): Promise<number> {
    return this.rates.reserveSlots(`subscription/${subscriptionId}`, count, perSecond);
  }

  /**
   * The due deliveries of a subscription, oldest first. When they are fewer than `limit`, releases the next ones that
   * are still held after a resume: a great backlog is released as fast as it is sent.
   */
  async waiting(subscriptionId: string, limit: number): Promise<WaitingIds> {
    const { sql } = this.database;
    const now = this.clock.date();
    const ids = await findWaitingDeliveries(sql, subscriptionId, now, limit);
    if (ids.length === limit) return { ids, isReleasing: false };
    const released = await releaseDeliveries(sql, subscriptionId, now, limit - ids.length);
    return { ids: [...ids, ...released.map(({ id }) => id)], isReleasing: released.length > 0 };
  }

  /** Releases the leases of deliveries that were not sent; they are due at once. */
  async putBack(ready: ReadyDelivery[]): Promise<void> {
    const ids = ready.map(({ delivery }) => delivery.id);
    const leases = [...new Set(ready.map(({ delivery }) => delivery.lease))];
    await this.putBackIds(ids, leases);
  }

  /** The same for local leases. */
  async releaseLocal(leased: LocallyLeased[]): Promise<void> {
    if (leased.length === 0) return;
    await this.putBackIds(...idsAndLeases(leased));
  }

  /** For leases that may be in the database and will not be used: `releasedUnused` releases them when it can. */
  releaseUnused(ids: string[], leases: string[]): void {
    this.unused.add(ids, leases, performance.now());
  }

  /** The deliveries whose unused leases were found and released now. Throws while the database is away. */
  releasedUnused(): Promise<DueDelivery[]> {
    return this.unused.release(this.database.sql, this.clock.date(), performance.now());
  }

  private async putBackIds(ids: string[], leases: string[]): Promise<void> {
    try {
      await putBack(this.database.sql, ids, leases, this.clock.date());
    } catch (error) {
      this.releaseUnused(ids, leases);
      throw error;
    }
  }
}

function idsAndLeases(leased: LocallyLeased[]): [ids: string[], leases: string[]] {
  return [leased.map(({ delivery }) => delivery.id), [...new Set(leased.map(({ lease }) => lease))]];
}

function asLeasedDelivery({ delivery, lease }: LocallyLeased, endpoint: SendableEndpoint): LeasedDelivery {
  // One literal: a spread costs more (ADR 9).
  return {
    id: delivery.id,
    spaceId: delivery.spaceId,
    eventId: delivery.eventId,
    eventType: delivery.eventType,
    subscriptionId: delivery.subscriptionId,
    trigger: delivery.trigger,
    override: delivery.override,
    lease,
    attemptCount: 0,
    scheduleStep: 0,
    subscriptionVersion: endpoint.version,
    subscriptionFailures: endpoint.failures,
  };
}
