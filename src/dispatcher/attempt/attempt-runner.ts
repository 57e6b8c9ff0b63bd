import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../../config/settings.js';
import { AttemptMaker } from './attempt-maker.js';
import type { ReadyDelivery } from '../lease/lease.js';
import type { FinishedAttempt } from './finish-attempt.js';
import type { EndpointQueue } from '../scheduler/endpoint-queue.js';
import type { DequeuedDelivery } from '../scheduler/endpoint-queues.js';
import { isSilence } from './excuse.js';
import { isProxyFault } from '../../core/own-fault.js';
import { ProcessMetrics } from '../../telemetry/process-metrics.js';
import { OwnNetwork } from './own-network.js';
import { NotWritten, Settler } from '../settle/settler.js';

/** Statuses by which a receiver says that it is overloaded. */
const OVERLOADED = new Set([429, 503]);

/** A response no longer than this costs next to nothing to keep. */
const CHEAP_BYTES = 4_096;

/** How long a stopping worker tries to write what it aborted. */
const FINAL_WRITE_MS = 3_000;

/** What the starter of an attempt is called back with. */
export interface AttemptListener {
  /** A queue may have room for further attempts. */
  onCapacity(): void;
  /** The endpoint's subscription was paused; `ids` are those that its queue has forgotten. */
  onPaused(queue: EndpointQueue, ids: string[]): void;
}

/**
 * Runs one attempt from start to end. In: a leased delivery from the `Dispatcher`. Has it made (`AttemptMaker`), has it
 * written (`Settler`), and adjusts the endpoint's queue to the result. Out: a free place in that queue, in any case.
 */
@Injectable()
export class AttemptRunner {
  /** Attempts started and not yet committed. */
  inFlight = 0;
  private readonly logger = new Logger('dispatcher');

  constructor(
    private readonly attempts: AttemptMaker,
    private readonly settler: Settler,
    private readonly network: OwnNetwork,
    private readonly settings: Settings,
    private readonly metrics: ProcessMetrics,
  ) {}

  /** Deliveries that ended without an attempt, because their events had. */
  countExpired(deliveries: number): void {
    this.metrics.counters.deliveriesFinished.inc({ outcome: 'expired' }, deliveries);
  }

  /** Leasing → in flight. Returns at once; calls `listener` back with the result. */
  start(dequeued: DequeuedDelivery, ready: ReadyDelivery, listener: AttemptListener): void {
    this.inFlight += 1;
    void this.run(dequeued, ready, listener);
  }

  /** Waits for the attempts in flight; after the grace period the others are aborted, recorded and put back. */
  async drain(): Promise<void> {
    const deadline = performance.now() + this.settings.shutdownGraceMs;
    while (this.inFlight > 0 && performance.now() < deadline) await sleep(10);
    this.attempts.abort();
    // If the database is away, the rest is not written. The sweeper recovers it when the leases expire.
    const end = performance.now() + FINAL_WRITE_MS;
    while (this.inFlight > 0 && performance.now() < end) await sleep(5);
    this.settler.stop();
  }

  /** In flight → settled. */
  private async run(
    { id: leasingId, queue }: DequeuedDelivery,
    ready: ReadyDelivery,
    listener: AttemptListener,
  ): Promise<void> {
    const id = queue.begin(leasingId, ready.delivery.subscriptionFailures, ready.endpoint);
    let hasPlace = true;
    try {
      const made = await this.attempts.make(ready);
      const finished = isSilence(made) ? await this.network.excuseIfOutage(made) : made;
      if (isProxyFault(made.record.errorCode)) this.metrics.counters.attemptsExcused.inc({ reason: 'proxy' });
      if (finished !== made || isProxyFault(finished.record.errorCode))
        void this.suspendWhileOut(queue, finished, listener);
      else if (finished.record.statusCode !== null) this.network.recordResponse(finished);
      if (finished.verdict.kind === 'delivered') {
        queue.recordSuccess(isCheap(finished), finished.record.totalMs ?? 0);
        queue.finish(id);
        hasPlace = false;
        listener.onCapacity();
        await this.settler.settle(finished);
      } else {
        // A failure keeps its place until it is counted: the next attempt must know whether the endpoint is paused.
        const { health } = await this.settler.settle(finished);
        if (health?.paused) listener.onPaused(queue, queue.resetAfterPause());
        queue.recordFailure(health?.failures ?? 0, isOverload(finished));
      }
    } catch (error) {
      // A bug of Posthorn. The lease expires, and the sweeper recovers the delivery.
      if (!(error instanceof NotWritten))
        this.logger.error({ msg: 'attempt.crashed', delivery: id, error: (error as Error).stack });
    }
    if (hasPlace) queue.finish(id);
    this.inFlight -= 1;
    listener.onCapacity();
  }

  /** While our own network or proxy is down, the queue is suspended until its endpoint can be reached. */
  private async suspendWhileOut(
    queue: EndpointQueue,
    attempt: FinishedAttempt,
    listener: AttemptListener,
  ): Promise<void> {
    const usable = queue.isSuspended ? null : this.network.whenUsable(attempt);
    if (usable === null) return;
    queue.suspend();
    await usable;
    queue.resume();
    listener.onCapacity();
  }
}

function isCheap({ record }: FinishedAttempt): boolean {
  return !record.responseTruncated && (record.responseBody?.length ?? 0) <= CHEAP_BYTES;
}

function isOverload({ record }: FinishedAttempt): boolean {
  return record.errorCode === 'timeout' || (record.statusCode !== null && OVERLOADED.has(record.statusCode));
}
