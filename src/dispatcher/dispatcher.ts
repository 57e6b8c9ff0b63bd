import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { LocalDispatch, type LocalWorker } from '../deliveries/local-dispatch.js';
import type { LocallyLeased, SendableCheck } from '../deliveries/locally-leased.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { DueDelivery, DeliverJob } from '../queue/deliver-job.js';
import { AttemptRunner, type AttemptListener } from './attempt/attempt-runner.js';
import { checkSendable } from './lease/check-sendable.js';
import { DeliveryLeaser, type LeaseResult, type ReadyDelivery } from './lease/lease.js';
import { DATABASE_RETRY_MS } from './lease/database-retry.js';
import { refill } from './lease/refill.js';
import { reserveSlots } from './lease/reserve-slots.js';
import { AdmissionControl } from './scheduler/admission-control.js';
import { LocalLeases } from './scheduler/local-leases.js';
import { Heartbeat } from './upkeep/heartbeat.js';
import type { EndpointQueue } from './scheduler/endpoint-queue.js';
import type { Throttle } from '../endpoints/throttles.js';
import { EndpointQueues, type DequeuedDelivery } from './scheduler/endpoint-queues.js';

/** Ids that one leasing statement asks for. */
const MAX_LEASE_BATCH = 128;
const PARALLEL_LEASES = 2;
/** Attempts in flight in this process, those being written included: bounds memory and sockets. */
const MAX_IN_FLIGHT = 4_096;
/** With more ids than this ready to leave, further jobs stay in the queue for other workers. */
const MAX_PRESSURE = 5_000;
/** The worker is behind when more deliveries than this wait for it and not for their endpoints. */
const MAX_BACKLOG = 300;
/** A local lease that has not been used after so long, milliseconds, is released to the queue. */
const LOCAL_LEASE_MS = 2_000;

/** A delivery whose lease the publisher in this process made. */
interface LocalDelivery extends DequeuedDelivery {
  leased: LocallyLeased;
}

/** A delivery with its lease and all that its attempt needs. */
interface DequeuedReady extends DequeuedDelivery {
  ready: ReadyDelivery;
}

/**
 * Decides in a worker which delivery leaves when. In: ids from the queue's jobs (`deliver.processor.ts`), or leased
 * deliveries from a publisher in this process (`LocalDispatch`). Out: attempts, made by `AttemptRunner`.
 *
 * Each delivery id goes through these states. `scheduler/delivery-states.ts` has a type for those that hold a place of
 * the endpoint's queue, so that a step out of order does not compile.
 *
 *              add              dequeue              start                 finish
 *     hint ──────────▶ waiting ─────────▶ leasing ─────────▶ in flight ───────────▶ settled
 *                       │   ▲             │     │
 *                       │   └── requeue ──┘     └─ release ─▶ released
 *                       └───────── clear ───────────────────▶ released
 *
 * - hint → waiting: `acceptJob`, `acceptIds`, `accept` and `refill` add the id to its endpoint's queue.
 * - waiting → leasing: `pump` dequeues a batch as soon as admission control and the endpoints' limits allow.
 * - leasing → in flight: `DeliveryLeaser` leased it, or confirmed its local lease; `AttemptRunner.start` takes it.
 * - leasing → waiting: the database failed, the local lease was not confirmed, or the rate limit was not known yet.
 * - leasing → released: this worker is not to send it now: held, cancelled, due later, or leased elsewhere.
 * - waiting → released: the subscription was paused, or this worker stops. The database still has the delivery.
 * - in flight → settled: `AttemptRunner` finishes it after a success at once, after a failure when that is written.
 *
 * A lease is made only when its attempt can start at once, so all that waits observes a pause, a deletion or a new URL.
 */
@Injectable()
export class Dispatcher
  implements LocalWorker, AttemptListener, OnApplicationBootstrap, BeforeApplicationShutdown
{
  private readonly logger = new Logger('dispatcher');
  private readonly queues = new EndpointQueues();
  private readonly localLeases = new LocalLeases();
  private readonly admission = new AdmissionControl();
  private leasing = 0;
  private pumping = false;
  private stopped = false;
  private onBehind: () => void = () => undefined;
  private slotTimer: NodeJS.Timeout | undefined;
  private expiryTimer: NodeJS.Timeout | undefined;

  constructor(
    private readonly leaser: DeliveryLeaser,
    private readonly runner: AttemptRunner,
    private readonly queue: DeliveryQueue,
    private readonly localDispatch: LocalDispatch,
    private readonly heartbeat: Heartbeat,
  ) {}

  onApplicationBootstrap(): void {
    this.localDispatch.attach(this);
    this.expiryTimer = setInterval(() => {
      void this.releaseLocal(this.localLeases.removeOlderThan(performance.now() - LOCAL_LEASE_MS));
      void this.enqueueUnused();
    }, LOCAL_LEASE_MS / 2);
  }

  capacity(subscriptionId: string): number {
    return this.isAccepting && this.heartbeat.isFresh ? this.queues.localCapacity(subscriptionId) : 0;
  }

  /** Whether it will soon have capacity for this subscription, if it has none now. */
  hasRoomSoon(subscriptionId: string): boolean {
    return !this.stopped && this.queues.hasRoomSoon(subscriptionId, performance.now());
  }

  /** Whether it takes leased deliveries at all. */
  get isAccepting(): boolean {
    return !this.stopped && !this.localLeases.isFull;
  }

  /** Endpoints that this worker holds back or is behind with, `most` at the most. */
  throttled(most: number): Throttle[] {
    return this.queues.throttled(most, performance.now());
  }

  /** Ids in this worker's endpoint queues. */
  get idsWaiting(): number {
    return this.queues.depth;
  }

  newLease(): string {
    return this.heartbeat.newLease();
  }

  acceptIds(due: DueDelivery[]): DueDelivery[] {
    if (this.stopped) return due;
    const rest = due.filter((one) => !this.queues.addIfShort(one));
    this.pump();
    return rest;
  }

  releaseUnused(ids: string[], leases: string[]): void {
    this.leaser.releaseUnused(ids, leases);
  }

  isBehind(): boolean {
    return this.queues.backlog > MAX_BACKLOG;
  }

  isBehindFor(subscriptionIds: () => string[]): boolean {
    return !this.stopped && this.queues.isBehindFor(subscriptionIds, performance.now());
  }

  /** Accepts deliveries that a publisher, here or in another process, leased to it. Once stopped it gives them back. */
  accept(leases: LocallyLeased[], check: SendableCheck): void {
    if (this.stopped) return void this.releaseLocal(leases);
    const now = performance.now();
    this.queues.markSendable(check);
    for (const one of leases) {
      this.localLeases.add(one, now);
      this.queues.addNew(one.delivery);
    }
    this.pump();
  }

  /** Calls `listener` when a job has come for an endpoint that this worker is behind with. */
  whenBehind(listener: () => void): void {
    this.onBehind = listener;
  }

  /** Accepts a job's ids: at once while there is room, else when there is, or after a second. */
  async acceptJob(job: DeliverJob): Promise<void> {
    for (let waited = 0; this.queues.pressure > MAX_PRESSURE && waited < 1_000 && !this.stopped; waited += 20)
      await sleep(20);
    if (this.stopped) return;
    for (const [subscriptionId, ids] of job.due)
      this.queues.add(subscriptionId, ids, job.more?.includes(subscriptionId));
    this.pump();
    this.reportBehind(job.due.map(([subscriptionId]) => subscriptionId));
  }

  /** Tells the listener if this worker is behind with one of these. */
  reportBehind(subscriptionIds: Iterable<string>): void {
    if (this.isBehindFor(() => [...subscriptionIds])) this.onBehind();
  }

  /** Accepts nothing more, lets attempts in flight end within the grace period, and puts back all others. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.slotTimer);
    clearInterval(this.expiryTimer);
    const waiting = this.queues.clear();
    await this.releaseLocal(this.localLeases.removeOlderThan(Infinity));
    while (this.leasing > 0) await sleep(5);
    await this.runner.drain();
    // Sooner than the next sweep, which would find the same ids.
    this.queue.enqueue(waiting);
    await this.queue.flush();
  }

  private pump(): void {
    if (this.pumping || this.stopped) return;
    this.pumping = true;
    // In the next turn of the event loop, so that all that a burst of jobs and responses makes possible shares a lease.
    setImmediate(() => {
      this.pumping = false;
      reserveSlots(this.queues, this.leaser, () => this.pump());
      while (!this.stopped && this.leasing < PARALLEL_LEASES) {
        const capacity = Math.min(MAX_LEASE_BATCH, MAX_IN_FLIGHT - this.runner.inFlight);
        const now = performance.now();
        const departures = this.queues.dequeue(capacity, now, this.admission.allows(now));
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

  private refill(queues: EndpointQueue[]): Promise<void> {
    return refill(new Set(queues), this.queues, this.leaser, this.admission);
  }

  private wakeAtNextSlot(): void {
    const at = this.queues.nextSlotAt(performance.now());
    clearTimeout(this.slotTimer);
    if (at !== null) this.slotTimer = setTimeout(() => this.pump(), Math.max(1, at - performance.now()));
  }

  private async processBatch(dequeued: DequeuedDelivery[]): Promise<void> {
    const local: LocalDelivery[] = [];
    const queued: DequeuedDelivery[] = [];
    for (const one of dequeued) {
      const found = this.localLeases.remove(one.id);
      if (found) local.push({ id: one.id, queue: one.queue, leased: found });
      else queued.push(one);
    }
    await Promise.all([
      local.length > 0 && this.confirmAndStart(local),
      queued.length > 0 && this.leaseAndStart(queued),
    ]);
    await this.refill(dequeued.map(({ queue }) => queue));
  }

  private async leaseAndStart(dequeued: DequeuedDelivery[]): Promise<void> {
    let leased: LeaseResult;
    try {
      leased = await this.leaser.lease(dequeued.map(({ id }) => id));
    } catch (error) {
      this.logFailure(dequeued.length, error);
      for (const one of dequeued) this.queues.requeue(one);
      await sleep(DATABASE_RETRY_MS);
      return;
    }
    for (const { at, ...due } of leased.later) this.queue.enqueue([due], at);
    if (leased.expired > 0) this.runner.countExpired(leased.expired);
    this.startAttempts(dequeued, leased.ready, ({ id, queue }) => queue.releaseToOthers(id));
  }

  /** Starts what is sendable. The leaser has released the rest, which waits again for an ordinary lease. */
  private async confirmAndStart(dequeued: LocalDelivery[]): Promise<void> {
    const all = dequeued.map(({ leased }) => leased);
    try {
      const sendable = await checkSendable(dequeued, this.queues, this.leaser);
      const ready = await this.leaser.confirm(all, sendable);
      this.startAttempts(dequeued, ready, (one) => this.queues.requeue(one));
    } catch (error) {
      this.logFailure(dequeued.length, error);
      for (const one of dequeued) this.queues.requeue(one);
      for (const one of all) this.localLeases.add(one, performance.now());
      await sleep(DATABASE_RETRY_MS);
    }
  }

  private startAttempts(
    dequeued: DequeuedDelivery[],
    ready: ReadyDelivery[],
    onNotReady: (one: DequeuedDelivery) => void,
  ): void {
    const early: DequeuedReady[] = [];
    const byId = new Map(ready.map((one) => [one.delivery.id, one]));
    for (const one of dequeued) {
      const { id, queue } = one;
      const mine = byId.get(id);
      if (mine) this.queues.learnSpace(queue, mine.delivery.spaceId);
      if (!mine) onNotReady(one);
      else if (mine.endpoint.ratePerSecond === null || queue.knowsRate(mine.endpoint))
        this.runner.start(one, mine, this);
      else early.push({ id, queue, ready: mine });
    }
    if (early.length > 0) void this.postpone(early);
  }

  /** Puts back what was dequeued before the endpoint's rate was known: it needs a slot like all others. */
  private async postpone(early: DequeuedReady[]): Promise<void> {
    for (const { queue, ready } of early)
      queue.updateRules(ready.delivery.subscriptionFailures, ready.endpoint);
    await this.leaser
      .putBack(early.map(({ ready }) => ready))
      .catch((error: unknown) => this.logFailure(early.length, error));
    for (const one of early) this.queues.requeue(one);
    this.pump();
  }

  private logFailure(deliveries: number, error: unknown): void {
    this.logger.error({ msg: 'deliveries.lease_failed', deliveries, error: (error as Error).message });
  }

  /** Releases local leases that are not used soon, and enqueues their deliveries: any worker may lease them. */
  async releaseLocal(leases: LocallyLeased[]): Promise<void> {
    if (leases.length === 0) return;
    await this.leaser.releaseLocal(leases).catch((error: unknown) => this.logFailure(leases.length, error));
    this.queue.enqueue(leases.map(({ delivery: { id, subscriptionId } }) => ({ id, subscriptionId })));
  }

  /** Delivers what had a lease that nobody uses, as after a publish whose COMMIT was not answered. */
  private async enqueueUnused(): Promise<void> {
    // Tried again a second later.
    const due = await this.leaser.releasedUnused().catch(() => []);
    if (due.length === 0) return;
    this.logger.warn({ msg: 'deliveries.unused_leases_released', deliveries: due.length });
    this.queue.enqueue(this.acceptIds(due));
  }

  /** More attempts may start: `AttemptRunner` calls this when a place is free. */
  onCapacity(): void {
    this.pump();
  }

  /** The subscription was paused, and its queue has forgotten these ids. */
  onPaused(queue: EndpointQueue, ids: string[]): void {
    void this.releasePaused(queue, ids);
  }

  /**
   * The database holds what a paused queue forgot, but not what was leased locally, what had just been put back from
   * that, and what a resume enqueued in the same moment. So the rest is looked up again.
   */
  private async releasePaused(queue: EndpointQueue, ids: string[]): Promise<void> {
    const leases = ids.flatMap((id) => this.localLeases.remove(id) ?? []);
    await this.releaseLocal(leases);
    if (leases.length === ids.length || this.stopped) return;
    queue.overflowed = true;
    await this.refill([queue]);
    this.pump();
  }
}
