import { Global, Injectable, Module } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import type { StoredEvent } from '../core/domain-types.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import type { NewDelivery } from './delivery.js';

/** How often to look whether the worker has caught up, and how long to wait for it, milliseconds. */
const LOOK_MS = 5;
const MAX_WAIT_MS = 1_000;

/** No endpoint may take longer. */
const LONGEST_TIMEOUT_MS = 30_000;

/** A new delivery that was written with a lease, and its event. */
export interface LocallyLeased {
  delivery: NewDelivery;
  lease: string;
  event: StoredEvent;
}

/** A subscription whose deliveries may leave. */
export interface SendableEndpoint {
  id: string;
  version: number;
  /** Failures in a row. */
  failures: number;
}

/** The subscriptions that were found open by a statement which was sent at `at`, monotonic milliseconds. */
export interface SendableCheck {
  sendable: SendableEndpoint[];
  checkedAt: number;
}

/** A worker in this very process. */
export interface LocalWorker {
  /** How many more new deliveries of this subscription it would send soon. */
  capacity(subscriptionId: string): number;
  accept(handed: LocallyLeased[], looked: SendableCheck): void;
  newLease(): string;
  /** Takes the ids of deliveries that are due now, and gives back those that it has no room for. */
  acceptIds(due: DueDelivery[]): DueDelivery[];
  /** Whether it has more to send than this process has time for. */
  isBehind(): boolean;
}

/**
 * The short way from a publisher to a worker in the same process. What the worker has room for is leased to it in the
 * very statement that writes it, which saves a claim and reading the event back: half of the database's work for a
 * delivery. Of what else it has room for it gets the ids, and only the rest is rung for.
 */
@Injectable()
export class LocalDispatch {
  /** Null where nobody delivers in this process. */
  private worker: LocalWorker | null = null;

  constructor(private readonly settings: Settings) {}

  /** Connects the worker of this process, once it can accept deliveries. Throws when one is attached already. */
  attach(worker: LocalWorker): void {
    if (this.worker) throw new Error('LocalDispatch has a worker already: a process delivers with one.');
    this.worker = worker;
  }

  /** Leases those of these deliveries, not yet written, which the worker has room for. Gives their subscriptions' ids. */
  lease(deliveries: NewDelivery[]): string[] {
    const { worker } = this;
    if (!worker) return [];
    const leased = new Set<string>();
    const id = worker.newLease();
    const leaseMs = LONGEST_TIMEOUT_MS + this.settings.leaseGraceMs;
    const capacity = new Map<string, number>();
    for (const delivery of deliveries) {
      if (delivery.status !== 'pending' || delivery.expires) continue;
      const { subscriptionId } = delivery;
      const left = capacity.get(subscriptionId) ?? worker.capacity(subscriptionId);
      capacity.set(subscriptionId, left - 1);
      if (left <= 0) continue;
      delivery.lease = { id, until: new Date(delivery.dueAt.getTime() + leaseMs) };
      leased.add(subscriptionId);
    }
    return [...leased];
  }

  /**
   * Waits, a second at the most, while the worker is behind: a flood that is written no faster than it is sent takes the
   * short way, and is over earlier than one that is written first.
   */
  async applyBackpressure(): Promise<void> {
    for (let waited = 0; waited < MAX_WAIT_MS && this.worker?.isBehind(); waited += LOOK_MS)
      await sleep(LOOK_MS);
  }

  /**
   * Gives the worker what was leased to it, with what the writing statement saw of its subscriptions, and tells it of the
   * others, once all of it is committed. Gives back what a worker elsewhere should be told of.
   */
  dispatch(leased: LocallyLeased[], check: SendableCheck, due: DueDelivery[]): DueDelivery[] {
    if (!this.worker) return due;
    this.worker.accept(leased, check);
    return this.worker.acceptIds(due);
  }
}

@Global()
@Module({ providers: [LocalDispatch], exports: [LocalDispatch] })
export class LocalDispatchModule {}
