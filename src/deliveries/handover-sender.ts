import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { newHandoverLease, workerOf } from '../core/lease.js';
import { Database } from '../database/database.js';
import { Clock } from '../lib/clock.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import { RedisChannels } from '../queue/redis-channels.js';
import {
  HandoverMessages,
  packHandover,
  PUBLISHERS,
  WORKERS,
  type WorkerAnnouncement,
} from './handover-messages.js';
import { putBack } from './lease-deliveries.js';
import type { LocallyLeased, SendableCheck } from './locally-leased.js';
import { WorkerCredits } from './worker-credits.js';

/** How often a publishing process announces itself to workers, milliseconds. */
const ANNOUNCE_MS = 10_000;

/** Gives the lease for a delivery of one batch, one lease for each worker; null: no worker has room for it. */
export type LeaseFor = (subscriptionId: string) => string | null;

/**
 * Hands deliveries over to workers in other processes, when this process has none (ADR 45). `LocalDispatch` does the
 * same within a process. In: the credits that workers announce, and deliveries that were written with their leases.
 * Out: one message for each batch and worker.
 */
@Injectable()
export class HandoverSender {
  private readonly id = randomUUID();
  private readonly workers = new WorkerCredits();
  private readonly failures = new RateLimitedLog((line) => new Logger('queue').warn(line));
  private announcedAt = -Infinity;
  private isAnnouncing = false;
  private isListening = false;

  constructor(
    private readonly channels: RedisChannels,
    private readonly messages: HandoverMessages,
    private readonly database: Database,
    private readonly queue: DeliveryQueue,
    private readonly clock: Clock,
  ) {}

  /** Null where nothing can be handed over: the queue is not on a single Redis. */
  leases(): LeaseFor | null {
    if (!this.channels.isAvailable) return null;
    const now = performance.now();
    if (!this.isAnnouncing && now - this.announcedAt > ANNOUNCE_MS) void this.announce(now);
    const leases = new Map<string, string>();
    return (subscriptionId) => {
      const worker = this.workers.pick(subscriptionId, now);
      if (!worker) return null;
      const lease = leases.get(worker.id) ?? newHandoverLease(worker.id);
      leases.set(worker.id, lease);
      return lease;
    };
  }

  /** Whether there are no credits for an endpoint at the moment: workers will soon announce some. */
  get isShort(): boolean {
    return this.workers.isShort(performance.now());
  }

  /** To be called after the commit. Leases whose message cannot be sent are released, here or by the worker. */
  send(leased: LocallyLeased[], check: SendableCheck): void {
    const byLease = new Map<string, LocallyLeased[]>();
    for (const one of leased) {
      const group = byLease.get(one.lease);
      if (group) group.push(one);
      else byLease.set(one.lease, [one]);
    }
    for (const [lease, group] of byLease) void this.sendTo(lease, group, check);
  }

  private async sendTo(lease: string, leased: LocallyLeased[], check: SendableCheck): Promise<void> {
    const id = workerOf(lease);
    const worker = this.workers.find(id);
    try {
      if (worker) {
        const message = this.messages.seal(worker.inbox, packHandover(lease, leased, check));
        if ((await this.channels.publish(worker.inbox, message)) > 0) return;
      }
    } catch (error) {
      // The message may have arrived. The worker looks for leases whose message was lost.
      this.workers.suspend(id);
      this.failures.log(
        `queue.handover_failed: ${(error as Error).message}; the worker finds the deliveries`,
      );
      return;
    }
    this.workers.suspend(id);
    await this.release(lease, leased);
  }

  /** No worker received the message: its deliveries go through the queue. */
  private async release(lease: string, leased: LocallyLeased[]): Promise<void> {
    const ids = leased.map(({ delivery }) => delivery.id);
    try {
      this.queue.enqueue(await putBack(this.database.sql, ids, [lease], this.clock.date()));
    } catch (error) {
      this.failures.log(`queue.release_failed: ${(error as Error).message}; the leases expire`);
    }
  }

  /** While Redis is away, the first call waits for it. */
  private async announce(now: number): Promise<void> {
    this.announcedAt = now;
    this.isAnnouncing = true;
    try {
      // First: workers answer the announcement with their credits.
      if (!this.isListening) await this.channels.listen(WORKERS, (message) => this.updateCredits(message));
      this.isListening = true;
      await this.channels.publish(PUBLISHERS, this.messages.seal(PUBLISHERS, { publisher: this.id }));
    } catch (error) {
      if (this.channels.isClosed) return;
      this.failures.log(
        `queue.announce_failed: ${(error as Error).message}; deliveries go through the queue`,
      );
    } finally {
      this.isAnnouncing = false;
    }
  }

  private updateCredits(sealed: Buffer): void {
    const opened = this.messages.open<WorkerAnnouncement>(WORKERS, sealed);
    if (opened) this.workers.update(opened.message, performance.now());
  }
}
