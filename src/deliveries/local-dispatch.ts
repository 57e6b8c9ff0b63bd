import { Global, Injectable, Module } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import type { StoredEvent } from '../core/domain-types.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { QueueModule } from '../queue/queue.module.js';
import type { NewDelivery } from './delivery.js';
import { FleetBacklog } from './fleet-backlog.js';
import { HandoverMessages } from './handover-messages.js';
import { HandoverSender, type LeaseFor } from './handover-sender.js';
import type { LocallyLeased, SendableCheck } from './locally-leased.js';

/** How often to check whether the worker has caught up, and how long to wait for it, milliseconds. */
const CHECK_MS = 5;
const MAX_WAIT_MS = 1_000;
const SLOW_CHECK_MS = 20;

/** The longest timeout that an endpoint may have. */
export const LONGEST_TIMEOUT_MS = 30_000;

/** Batches with more data than this, characters, are not handed over to another process. */
const MAX_HANDED_OVER = 512 * 1024;

/** A worker in this process. */
export interface LocalWorker {
  /** How many more new deliveries of this subscription it can send soon. */
  capacity(subscriptionId: string): number;
  /** Accepts deliveries that are leased to it. `check`: what the writing statement found of their subscriptions. */
  accept(leases: LocallyLeased[], check: SendableCheck): void;
  newLease(): string;
  /** Accepts ids of deliveries that are due now. Returns those that it has no room for. */
  acceptIds(due: DueDelivery[]): DueDelivery[];
  /** Whether more waits for it than this process can send soon. */
  isBehind(): boolean;
  /**
   * Whether more waits for one of these subscriptions than this process can send soon, although its endpoint could.
   * They are asked for only while anything waits.
   */
  isBehindFor(subscriptionIds: () => string[]): boolean;
  /** Releases leases that may have been written, once the database can tell, and delivers what had them. */
  releaseUnused(ids: string[], leases: string[]): void;
}

/** The leases of one batch. If it stays unknown whether the batch was stored, `release` keeps its deliveries moving. */
export class BatchLeases {
  private readonly ids: string[] = [];
  private readonly leases = new Set<string>();

  constructor(
    private readonly worker: LocalWorker | null,
    private readonly handover: HandoverSender | null,
    private readonly leaseMs: number,
  ) {}

  /**
   * Sets the lease of those deliveries, not written yet, that a worker has room for. Returns their subscriptions' ids.
   */
  lease(deliveries: NewDelivery[], events: StoredEvent[]): string[] {
    const leaseFor = this.worker ? ownLeases(this.worker) : this.leasesElsewhere(events);
    if (!leaseFor) return [];
    const leased = new Set<string>();
    for (const delivery of deliveries) {
      if (delivery.status !== 'pending' || delivery.expires || delivery.deliverAt) continue;
      const { subscriptionId } = delivery;
      const id = leaseFor(subscriptionId);
      if (id === null) continue;
      delivery.lease = { id, until: new Date(delivery.dueAt.getTime() + this.leaseMs) };
      this.ids.push(delivery.id);
      this.leases.add(id);
      leased.add(subscriptionId);
    }
    return [...leased];
  }

  /** Only for this process's worker: one in another process looks for leases whose message was lost. */
  release(): void {
    this.worker?.releaseUnused(this.ids, [...this.leases]);
  }

  private leasesElsewhere(events: StoredEvent[]): LeaseFor | null {
    let characters = 0;
    for (const { data } of events) characters += data.length;
    return characters > MAX_HANDED_OVER ? null : (this.handover?.leases() ?? null);
  }
}

/** The lease of this process's worker: the same for the whole batch. */
function ownLeases(worker: LocalWorker): LeaseFor {
  const id = worker.newLease();
  const capacity = new Map<string, number>();
  return (subscriptionId) => {
    const left = capacity.get(subscriptionId) ?? worker.capacity(subscriptionId);
    capacity.set(subscriptionId, left - 1);
    return left > 0 ? id : null;
  };
}

/**
 * Gives new deliveries to the worker in the same process, past the queue. In: new deliveries, before and after they
 * are written. What the worker has room for is written with its lease, which saves half of the database's work (ADR 7).
 * Out: leased deliveries and ids for the worker (`Dispatcher`); the ids it has no room for go into the `DeliveryQueue`.
 */
@Injectable()
export class LocalDispatch {
  /** Null in a process that delivers nothing. */
  private worker: LocalWorker | null = null;

  constructor(
    private readonly settings: Settings,
    private readonly fleet: FleetBacklog,
    private readonly handover: HandoverSender,
  ) {}

  /** Connects the worker of this process, once it can accept deliveries. Throws when one is attached already. */
  attach(worker: LocalWorker): void {
    if (this.worker) throw new Error('LocalDispatch has a worker already: a process delivers with one.');
    this.worker = worker;
  }

  /** Whether this process delivers. */
  get hasWorker(): boolean {
    return this.worker !== null;
  }

  /** For the leases of a batch that is about to be written. */
  batch(): BatchLeases {
    return new BatchLeases(this.worker, this.handover, LONGEST_TIMEOUT_MS + this.settings.leaseGraceMs);
  }

  /**
   * Waits, a second at the most, while the worker is behind, or until workers elsewhere renew their credits. A flood
   * that is written no faster than it is sent bypasses the queue, and ends sooner.
   */
  async applyBackpressure(): Promise<void> {
    for (let waited = 0; waited < MAX_WAIT_MS && this.isFull; waited += CHECK_MS) await sleep(CHECK_MS);
  }

  private get isFull(): boolean {
    return this.worker ? this.worker.isBehind() : this.handover.isShort;
  }

  /**
   * Waits while workers are behind with one of these subscriptions, for as long as the setting allows: a publisher
   * that is faster than its deliveries is slowed down, and no other.
   */
  async slowDown(subscriptionIds: () => string[]): Promise<void> {
    const judge = this.worker ?? this.fleet;
    const until = performance.now() + this.settings.slowPublishMs;
    let ids: string[] | null = null;
    const once = () => (ids ??= subscriptionIds());
    while (performance.now() < until && judge.isBehindFor(once)) await sleep(SLOW_CHECK_MS);
  }

  /**
   * To be called after the commit. Gives workers the deliveries that are leased to them, and this process's worker the
   * ids of the others. Returns those that it has no room for, to be enqueued. `check`: what the writing statement found
   * out about the subscriptions.
   */
  dispatch(leased: LocallyLeased[], check: SendableCheck, due: DueDelivery[]): DueDelivery[] {
    if (!this.worker) {
      this.handover.send(leased, check);
      return due;
    }
    this.worker.accept(leased, check);
    return this.worker.acceptIds(due);
  }
}

@Global()
@Module({
  imports: [QueueModule, EndpointsModule],
  providers: [LocalDispatch, FleetBacklog, HandoverSender, HandoverMessages],
  exports: [LocalDispatch, HandoverMessages],
})
export class LocalDispatchModule {}
