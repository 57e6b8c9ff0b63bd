import { Injectable, Logger } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import { Attempts } from './attempt.js';
import type { ReadyDelivery } from './claim.js';
import type { FinishedAttempt } from './decide.js';
import type { Lane } from './lane.js';
import { isSilence } from './excuse.js';
import { OwnNetwork } from './own-network.js';
import { Settler } from './settler.js';

/** Statuses by which a receiver says that it gets too much. */
const OVERLOADED = new Set([429, 503]);

/** An answer no longer than this costs next to nothing to keep. */
const CHEAP_BYTES = 4_096;

/** How long a stopping worker tries to write what it aborted. */
const LAST_WORDS_MS = 3_000;

/** Runs attempts, settles them and tells their lane what it learned. */
@Injectable()
export class AttemptRunner {
  /** Called whenever a lane may have room again. */
  onFree: () => void = () => undefined;
  /** Called with the ids a lane has forgotten because its subscription was paused. */
  onCooled: (lane: Lane, ids: string[]) => void = () => undefined;
  /** Attempts started and not yet committed. */
  underWay = 0;
  /** Lanes whose endpoint cannot be reached because our network is out, with its origin. */
  private readonly suspended = new Map<Lane, string>();
  private readonly logger = new Logger('dispatcher');

  constructor(
    private readonly attempts: Attempts,
    private readonly settler: Settler,
    private readonly network: OwnNetwork,
    private readonly settings: Settings,
  ) {
    this.network.onReached = (origin) => this.resume(origin);
  }

  start(lane: Lane, ready: ReadyDelivery): void {
    lane.learn(ready.delivery.subscriptionFailures, ready.endpoint);
    this.underWay += 1;
    void this.run(lane, ready);
  }

  /** Waits for the attempts under way; after the grace period the rest is aborted, recorded and handed back. */
  async drain(): Promise<void> {
    const deadline = performance.now() + this.settings.shutdownGraceMs;
    while (this.underWay > 0 && performance.now() < deadline) await sleep(10);
    this.attempts.breakOff();
    // What cannot be written by now, because the database is away, the sweeper takes back when its lease runs out.
    const end = performance.now() + LAST_WORDS_MS;
    while (this.underWay > 0 && performance.now() < end) await sleep(5);
  }

  /** Deliveries wait in their lane until the endpoint can be reached: no attempt is spent on finding out. */
  private suspend(lane: Lane, { endpoint }: ReadyDelivery): void {
    if (!this.network.isOut) return;
    lane.suspend();
    this.suspended.set(lane, new URL(endpoint.url).origin);
  }

  /** Lets lanes go on: those to this origin, or all. */
  private resume(origin: string | null): void {
    for (const [lane, where] of this.suspended) {
      if (origin !== null && where !== origin) continue;
      this.suspended.delete(lane);
      lane.resume();
    }
    this.onFree();
  }

  private async run(lane: Lane, ready: ReadyDelivery): Promise<void> {
    const { id } = ready.delivery;
    try {
      const made = await this.attempts.make(ready);
      const finished = isSilence(made) ? await this.network.judge(made) : made;
      if (finished !== made) this.suspend(lane, ready);
      else if (finished.record.statusCode !== null) this.network.heard(finished);
      if (finished.verdict.kind === 'delivered') {
        lane.succeeded(isCheap(finished), finished.record.totalMs ?? 0);
        lane.release(id);
        this.onFree();
        await this.settler.settle(finished);
      } else {
        // The slot of a failure is free only once it is counted: the next request must know whether the endpoint is paused.
        const { health } = await this.settler.settle(finished);
        if (health?.paused) this.onCooled(lane, lane.cool());
        lane.failed(health?.failures ?? 0, isOverload(finished));
        lane.release(id);
      }
    } catch (error) {
      // A fault of ours. The lease runs out and the sweeper takes the delivery back.
      this.logger.error({ msg: 'attempt.crashed', delivery: id, error: (error as Error).stack });
      lane.release(id);
    }
    this.underWay -= 1;
    this.onFree();
  }
}

function isCheap({ record }: FinishedAttempt): boolean {
  return !record.responseTruncated && (record.responseBody?.length ?? 0) <= CHEAP_BYTES;
}

function isOverload({ record }: FinishedAttempt): boolean {
  return record.errorCode === 'timeout' || (record.statusCode !== null && OVERLOADED.has(record.statusCode));
}
