import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import { AttemptMaker } from './attempt-maker.js';
import type { ReadyDelivery } from './lease.js';
import type { FinishedAttempt } from './finish-attempt.js';
import type { EndpointQueue } from './scheduler/endpoint-queue.js';
import { isSilence } from './excuse.js';
import { OwnNetwork } from './own-network.js';
import { Settler } from './settler.js';

/** Statuses by which a receiver says that it gets too much. */
const OVERLOADED = new Set([429, 503]);

/** An answer no longer than this costs next to nothing to keep. */
const CHEAP_BYTES = 4_096;

/** How long a stopping worker tries to write what it aborted. */
const FINAL_WRITE_MS = 3_000;

/** Runs attempts, settles them and tells their lane what it learned. */
@Injectable()
export class AttemptRunner {
  /** Called whenever a lane may have room again. */
  onCapacity: () => void = () => undefined;
  /** Called with the ids a lane has forgotten because its subscription was paused. */
  onPaused: (queue: EndpointQueue, ids: string[]) => void = () => undefined;
  /** Attempts started and not yet committed. */
  inFlight = 0;
  /** Lanes whose endpoint cannot be reached because our network is out, with its origin. */
  private readonly suspended = new Map<EndpointQueue, string>();
  private readonly logger = new Logger('dispatcher');

  constructor(
    private readonly attempts: AttemptMaker,
    private readonly settler: Settler,
    private readonly network: OwnNetwork,
    private readonly settings: Settings,
  ) {
    this.network.onReached = (origin) => this.resume(origin);
  }

  start(queue: EndpointQueue, ready: ReadyDelivery): void {
    queue.updateRules(ready.delivery.subscriptionFailures, ready.endpoint);
    this.inFlight += 1;
    void this.run(queue, ready);
  }

  /** Waits for the attempts under way; after the grace period the rest is aborted, recorded and handed back. */
  async drain(): Promise<void> {
    const deadline = performance.now() + this.settings.shutdownGraceMs;
    while (this.inFlight > 0 && performance.now() < deadline) await sleep(10);
    this.attempts.abort();
    // What cannot be written by now, because the database is away, the sweeper takes back when its lease runs out.
    const end = performance.now() + FINAL_WRITE_MS;
    while (this.inFlight > 0 && performance.now() < end) await sleep(5);
  }

  /** Deliveries wait in their lane until the endpoint can be reached: no attempt is spent on finding out. */
  private suspend(queue: EndpointQueue, { endpoint }: ReadyDelivery): void {
    if (!this.network.isOut) return;
    queue.suspend();
    this.suspended.set(queue, new URL(endpoint.url).origin);
  }

  /** Lets lanes go on: those to this origin, or all. */
  private resume(origin: string | null): void {
    for (const [queue, where] of this.suspended) {
      if (origin !== null && where !== origin) continue;
      this.suspended.delete(queue);
      queue.resume();
    }
    this.onCapacity();
  }

  private async run(queue: EndpointQueue, ready: ReadyDelivery): Promise<void> {
    const { id } = ready.delivery;
    try {
      const made = await this.attempts.make(ready);
      const finished = isSilence(made) ? await this.network.excuseIfOutage(made) : made;
      if (finished !== made) this.suspend(queue, ready);
      else if (finished.record.statusCode !== null) this.network.recordResponse(finished);
      if (finished.verdict.kind === 'delivered') {
        queue.recordSuccess(isCheap(finished), finished.record.totalMs ?? 0);
        queue.finish(id);
        this.onCapacity();
        await this.settler.settle(finished);
      } else {
        // The slot of a failure is free only once it is counted: the next request must know whether the endpoint is paused.
        const { health } = await this.settler.settle(finished);
        if (health?.paused) this.onPaused(queue, queue.resetAfterPause());
        queue.recordFailure(health?.failures ?? 0, isOverload(finished));
        queue.finish(id);
      }
    } catch (error) {
      // A fault of ours. The lease runs out and the sweeper takes the delivery back.
      this.logger.error({ msg: 'attempt.crashed', delivery: id, error: (error as Error).stack });
      queue.finish(id);
    }
    this.inFlight -= 1;
    this.onCapacity();
  }
}

function isCheap({ record }: FinishedAttempt): boolean {
  return !record.responseTruncated && (record.responseBody?.length ?? 0) <= CHEAP_BYTES;
}

function isOverload({ record }: FinishedAttempt): boolean {
  return record.errorCode === 'timeout' || (record.statusCode !== null && OVERLOADED.has(record.statusCode));
}
