import { randomUUID } from 'node:crypto';
import { Injectable, Logger } from '@nestjs/common';
import { newHandedLease, workerOf } from '../core/lease.js';
import { Database } from '../database/database.js';
import { Clock } from '../lib/clock.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import { RedisChannels } from '../queue/redis-channels.js';
import { HandoverMessages, packHandover, PUBLISHERS, WORKERS, type Pulse } from './handover-messages.js';
import { putBack } from './lease-deliveries.js';
import type { LocallyLeased, SendableCheck } from './locally-leased.js';
import { WorkerCredits } from './worker-credits.js';

/** How often a process that publishes says that it is there, milliseconds. */
const HELLO_MS = 10_000;

/** For so long it is worth to wait for a worker to take more, milliseconds. */
const SHORT_MS = 100;

/** Makes the leases of one batch: one for each worker. */
export type LeaseFor = (subscriptionId: string) => string | null;

/**
 * In a process without a worker: hands deliveries over to workers elsewhere, as `LocalDispatch` does to the one in its
 * own (ADR 45). In: pulses of workers, and deliveries that were written with their leases. Out: one message for each
 * batch and worker.
 */
@Injectable()
export class HandoverSender {
  private readonly id = randomUUID();
  private readonly workers = new WorkerCredits();
  private readonly failures = new RateLimitedLog((line) => new Logger('queue').warn(line));
  private saidHelloAt = -Infinity;
  private isListening = false;

  constructor(
    private readonly channels: RedisChannels,
    private readonly messages: HandoverMessages,
    private readonly database: Database,
    private readonly queue: DeliveryQueue,
    private readonly clock: Clock,
  ) {}

  /** Null where nothing can be handed over. Gives a lease of the worker that takes a delivery; null: none does. */
  leases(): LeaseFor | null {
    if (!this.channels.isAvailable) return null;
    const now = performance.now();
    if (now - this.saidHelloAt > HELLO_MS) void this.sayHello(now);
    const leases = new Map<string, string>();
    return (subscriptionId) => {
      const worker = this.workers.pick(subscriptionId, now);
      if (!worker) return null;
      const lease = leases.get(worker.id) ?? newHandedLease(worker.id);
      leases.set(worker.id, lease);
      return lease;
    };
  }

  /** Whether workers will soon take more than now. */
  get isShort(): boolean {
    return this.workers.isShortSince(SHORT_MS, performance.now());
  }

  /** After the commit. What cannot be sent is released, by this process or by its worker. */
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
      // It may have arrived, which only the worker knows: it looks for leases whose message was lost.
      this.workers.silence(id);
      this.failures.log(
        `queue.handover_failed: ${(error as Error).message}; the worker finds the deliveries`,
      );
      return;
    }
    this.workers.silence(id);
    await this.release(lease, leased);
  }

  /** Nobody got the message. */
  private async release(lease: string, leased: LocallyLeased[]): Promise<void> {
    const ids = leased.map(({ delivery }) => delivery.id);
    try {
      this.queue.enqueue(await putBack(this.database.sql, ids, [lease], this.clock.date()));
    } catch (error) {
      this.failures.log(`queue.release_failed: ${(error as Error).message}; the leases expire`);
    }
  }

  private async sayHello(now: number): Promise<void> {
    this.saidHelloAt = now;
    try {
      // Nobody is asked to say what this process cannot hear.
      if (!this.isListening) await this.channels.listen(WORKERS, (message) => this.hear(message));
      this.isListening = true;
      await this.channels.publish(PUBLISHERS, this.messages.seal(PUBLISHERS, { publisher: this.id }));
    } catch (error) {
      this.failures.log(`queue.hello_failed: ${(error as Error).message}; deliveries go through the queue`);
    }
  }

  private hear(sealed: Buffer): void {
    const opened = this.messages.open<Pulse>(WORKERS, sealed);
    if (opened) this.workers.hear(opened.message, performance.now());
  }
}
