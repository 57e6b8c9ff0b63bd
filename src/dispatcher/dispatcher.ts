import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  LocalDispatch,
  type LocallyLeased,
  type LocalWorker,
  type SendableCheck,
  type SendableEndpoint,
} from '../deliveries/local-dispatch.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { DueDelivery, DeliverJob } from '../queue/deliver-job.js';
import { AttemptRunner } from './attempt-runner.js';
import { DeliveryLeaser, type LeaseResult, type ReadyDelivery } from './lease.js';
import { AdmissionControl } from './scheduler/admission-control.js';
import { LocalLeases } from './scheduler/local-leases.js';
import { Heartbeat } from './heartbeat.js';
import type { EndpointQueue } from './scheduler/endpoint-queue.js';
import { EndpointQueues, type DequeuedDelivery } from './scheduler/endpoint-queues.js';

/** Ids one claiming statement asks for. */
const MAX_LEASE_BATCH = 128;
const PARALLEL_LEASES = 2;
/** Attempts under way in this process, unsettled ones included: what bounds memory and sockets. */
const MAX_IN_FLIGHT = 4_096;
/** Ids about to leave beyond which jobs wait in the queue, where another worker may take them. */
const MAX_PRESSURE = 5_000;
/** Ids that a lane is refilled with, and while single deliveries would feel it: a release is an update of so many rows. */
const REFILL = 1_000;
const SMALL_REFILL = 200;
const DATABASE_AWAY_MS = 500;

/** More deliveries than this wait for nothing but this process when it is behind. */
const MAX_BACKLOG = 300;
/** For how long a look at a subscription counts for what leaves, milliseconds: as long as the way from a look to a request may take. */
const CHECK_TTL_MS = 20;
/** What came past the queue leaves within this time, milliseconds, or takes the ordinary way. */
const LOCAL_LEASE_MS = 2_000;

/**
 * The heart of a worker. Rung ids wait in their endpoint's lane; whenever a lane has room they are claimed in batches
 * and sent at once, so nothing claimed ever waits and a pause or deletion is seen by everything not yet under way.
 * What a publisher in this process hands over is leased already, and looked at in the same moment instead.
 */
@Injectable()
export class Dispatcher implements LocalWorker, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('dispatcher');
  private readonly queues = new EndpointQueues();
  private readonly localLeases = new LocalLeases();
  private readonly admission = new AdmissionControl();
  private leasing = 0;
  private pumping = false;
  private stopped = false;
  private slotTimer: NodeJS.Timeout | undefined;
  private expiryTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly leaser: DeliveryLeaser,
    private readonly runner: AttemptRunner,
    private readonly queue: DeliveryQueue,
    private readonly localDispatch: LocalDispatch,
    private readonly heartbeat: Heartbeat,
  ) {
    this.runner.onCapacity = () => this.pump();
    this.runner.onPaused = (queue, ids) => void this.onPaused(queue, ids);
  }

  onApplicationBootstrap(): void {
    this.localDispatch.worker = this;
    const releaseExpired = () =>
      this.releaseLocal(this.localLeases.removeOlderThan(performance.now() - LOCAL_LEASE_MS));
    this.expiryTimer = setInterval(() => void releaseExpired(), LOCAL_LEASE_MS / 2);
  }

  capacity(subscriptionId: string): number {
    return this.stopped || this.localLeases.isFull || !this.heartbeat.isFresh
      ? 0
      : this.queues.localCapacity(subscriptionId);
  }

  newLease(): string {
    return this.heartbeat.newLease();
  }

  acceptIds(due: DueDelivery[]): DueDelivery[] {
    if (this.stopped) return due;
    const rest = due.filter(({ subscriptionId, id }) => !this.queues.addIfShort(subscriptionId, id));
    this.pump();
    return rest;
  }

  isBehind(): boolean {
    return this.queues.backlog > MAX_BACKLOG;
  }

  /** Takes deliveries in that a publisher of this process has leased to it. */
  accept(leases: LocallyLeased[], check: SendableCheck): void {
    const now = performance.now();
    this.queues.markSendable(check);
    for (const one of leases) {
      this.localLeases.add(one, now);
      this.queues.add(one.delivery.subscriptionId, [one.delivery.id]);
    }
    this.pump();
  }

  /** Takes a job's ids in. Resolves at once while there is room, else when some has been made or after a second. */
  async acceptJob(job: DeliverJob): Promise<void> {
    for (let waited = 0; this.queues.pressure > MAX_PRESSURE && waited < 1_000 && !this.stopped; waited += 20)
      await sleep(20);
    if (this.stopped) return;
    for (const [subscriptionId, ids] of job.due)
      this.queues.add(subscriptionId, ids, job.more?.includes(subscriptionId));
    this.pump();
  }

  /** Stops taking work, lets requests under way end, aborts and hands back the rest. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.slotTimer);
    clearInterval(this.expiryTimer);
    const waiting = this.queues.clear();
    await this.releaseLocal(this.localLeases.removeOlderThan(Infinity));
    while (this.leasing > 0) await sleep(5);
    await this.runner.drain();
    // Ringing is a courtesy to the other workers: without it they would find the same ids at the next sweep.
    this.queue.enqueue(waiting);
    await this.queue.flush();
  }

  private pump(): void {
    if (this.pumping || this.stopped) return;
    this.pumping = true;
    // One turn of the event loop: everything a burst of jobs and answers makes possible shares one claim.
    setImmediate(() => {
      this.pumping = false;
      this.requestSlots();
      while (!this.stopped && this.leasing < PARALLEL_LEASES) {
        const room = Math.min(MAX_LEASE_BATCH, MAX_IN_FLIGHT - this.runner.inFlight);
        const now = performance.now();
        const departures = this.queues.dequeue(room, now, this.admission.allows(now));
        this.admission.recordDepartures(departures, now, () => this.pump());
        const dequeued = [
          ...departures.single,
          ...departures.idle,
          ...departures.flood,
          ...departures.unknown,
        ];
        if (dequeued.length === 0) return this.wakeAtNextSlot();
        this.leasing += 1;
        void this.processBatch(dequeued).finally(() => {
          this.leasing -= 1;
          this.pump();
        });
      }
    });
  }

  private wakeAtNextSlot(): void {
    const at = this.queues.nextSlotAt(performance.now());
    clearTimeout(this.slotTimer);
    if (at !== null) this.slotTimer = setTimeout(() => this.pump(), Math.max(1, at - performance.now()));
  }

  private async processBatch(dequeued: DequeuedDelivery[]): Promise<void> {
    const local: (DequeuedDelivery & { handed: LocallyLeased })[] = [];
    const queued: DequeuedDelivery[] = [];
    for (const one of dequeued) {
      const found = this.localLeases.remove(one.id);
      if (found) local.push({ id: one.id, queue: one.queue, handed: found });
      else queued.push(one);
    }
    await Promise.all([
      local.length > 0 && this.confirmAndStart(local),
      queued.length > 0 && this.leaseAndStart(queued),
    ]);
    await this.refill(new Set(dequeued.map(({ queue }) => queue)));
  }

  private async leaseAndStart(dequeued: DequeuedDelivery[]): Promise<void> {
    let leased: LeaseResult;
    try {
      leased = await this.leaser.lease(dequeued.map(({ id }) => id));
    } catch (error) {
      this.logFailure(dequeued.length, error);
      for (const { id, queue: lane } of dequeued) this.requeue(lane, id);
      await sleep(DATABASE_AWAY_MS);
      return;
    }
    for (const { at, ...due } of leased.later) this.queue.enqueue([due], at);
    this.startAttempts(dequeued, leased.ready, (queue, id) => queue.finish(id));
  }

  /** Looks at the subscriptions of these lanes, but for those that were looked at a moment ago. */
  private async checkSendable(queues: Set<EndpointQueue>): Promise<SendableEndpoint[]> {
    const at = performance.now();
    const sendable: SendableEndpoint[] = [];
    const unknown: string[] = [];
    for (const queue of queues) {
      const endpoint = queue.sendableSince(at - CHECK_TTL_MS);
      if (endpoint) sendable.push(endpoint);
      else unknown.push(queue.subscriptionId);
    }
    if (unknown.length === 0) return sendable;
    const check: SendableCheck = { sendable: await this.leaser.checkSendable(unknown), checkedAt: at };
    this.queues.markSendable(check);
    return [...sendable, ...check.sendable];
  }

  /** What turns out to be barred is put back, and claimed: that knows what to do with it. */
  private async confirmAndStart(dequeued: (DequeuedDelivery & { handed: LocallyLeased })[]): Promise<void> {
    const all = dequeued.map(({ handed }) => handed);
    try {
      const sendable = await this.checkSendable(new Set(dequeued.map(({ queue }) => queue)));
      const ready = await this.leaser.confirm(all, sendable);
      this.startAttempts(dequeued, ready, (queue, id) => this.requeue(queue, id));
    } catch (error) {
      this.logFailure(dequeued.length, error);
      for (const { id, queue: lane } of dequeued) this.requeue(lane, id);
      const now = performance.now();
      for (const one of all) this.localLeases.add(one, now);
      await sleep(DATABASE_AWAY_MS);
    }
  }

  /** Nothing is sent without a slot: where nobody can give one out, what is limited waits. */
  private requestSlots(): void {
    for (const { queue, rate, count } of this.queues.slotsNeeded(performance.now())) {
      rate.markRequested();
      this.leaser
        .reserveSlots(queue.subscriptionId, count, rate.perSecond)
        .then((at) => rate.grant(at, count))
        .catch(async () => {
          await sleep(DATABASE_AWAY_MS);
          rate.grant(0, 0);
        })
        .finally(() => this.pump());
    }
  }

  private startAttempts(
    dequeued: DequeuedDelivery[],
    ready: ReadyDelivery[],
    other: (queue: EndpointQueue, id: string) => void,
  ): void {
    const early: (DequeuedDelivery & { ready: ReadyDelivery })[] = [];
    const byId = new Map(ready.map((one) => [one.delivery.id, one]));
    for (const { id, queue } of dequeued) {
      const mine = byId.get(id);
      if (!mine) other(queue, id);
      else if (mine.endpoint.ratePerSecond === null || queue.knowsRate(mine.endpoint))
        this.runner.start(queue, mine);
      else early.push({ id, queue, ready: mine });
    }
    if (early.length > 0) void this.postpone(early);
  }

  /** Puts back what was taken before its endpoint's rate was known: it takes a slot like everything else. */
  private async postpone(early: (DequeuedDelivery & { ready: ReadyDelivery })[]): Promise<void> {
    for (const { queue, ready } of early)
      queue.updateRules(ready.delivery.subscriptionFailures, ready.endpoint);
    await this.leaser
      .putBack(early.map(({ ready }) => ready))
      .catch((error: unknown) => this.logFailure(early.length, error));
    for (const { id, queue } of early) this.requeue(queue, id);
    this.pump();
  }

  private logFailure(deliveries: number, error: unknown): void {
    this.logger.error({ msg: 'deliveries.claim_failed', deliveries, error: (error as Error).message });
  }

  private requeue(queue: EndpointQueue, id: string): void {
    queue.finish(id);
    this.queues.add(queue.subscriptionId, [id]);
  }

  /** Gives up the leases of what was handed over and does not leave soon, and rings: an ordinary claim knows what to do with it. */
  private async releaseLocal(leases: LocallyLeased[]): Promise<void> {
    if (leases.length === 0) return;
    // Without the database the leases run out by themselves.
    await this.leaser.releaseLocal(leases).catch((error: unknown) => this.logFailure(leases.length, error));
    this.queue.enqueue(leases.map(({ delivery: { id, subscriptionId } }) => ({ id, subscriptionId })));
  }

  /**
   * What a lane forgot when it was paused is held in the database, but for what was handed over, what had just been put back
   * from that, and what a resume rang for in the same moment.
   */
  private async onPaused(queue: EndpointQueue, ids: string[]): Promise<void> {
    const leases = ids.flatMap((id) => this.localLeases.remove(id) ?? []);
    await this.releaseLocal(leases);
    if (leases.length === ids.length || this.stopped) return;
    queue.overflowed = true;
    await this.refill(new Set([queue]));
    this.pump();
  }

  /** Fetches what overflowing lanes forgot, once they have run dry. */
  private async refill(queues: Set<EndpointQueue>): Promise<void> {
    for (const queue of queues) {
      if (!queue.overflowed || queue.depth > 0) continue;
      queue.overflowed = false;
      const count = this.admission.isFloodNoticed(performance.now()) ? SMALL_REFILL : REFILL;
      const ids = await this.leaser.waiting(queue.subscriptionId, count).catch(() => []);
      this.queues.add(queue.subscriptionId, ids);
      if (ids.length === count) queue.overflowed = true;
    }
  }
}
