import { EventLoopThrottle } from '../lib/event-loop-throttle.js';

/** After a small request another one is expected for so long, milliseconds. */
const EXPECTED_MS = 1_000;

/**
 * Makes bulk publishes leave room while others publish single events: each of those takes a dozen turns of the event
 * loop, and beside bulk it would wait at every one. Bulk then goes on at a tenth to a quarter of its speed (ADR 9).
 */
export class BulkThrottle {
  private readonly throttle = new EventLoopThrottle({ share: 0.15, maxWaitMs: 200 });
  private smallAt = -Infinity;
  private reopened: Promise<void> = Promise.resolve();
  private turn: Promise<void> = Promise.resolve();

  /** A small request is being published. */
  noteSmallRequest(): void {
    this.smallAt = performance.now();
  }

  /** Resolves when the next batch of bulk may be written, one batch at a time. */
  waitForTurn(): Promise<void> {
    this.turn = this.turn.then(async () => {
      if (performance.now() - this.smallAt < EXPECTED_MS) await this.reopened;
      this.reopened = this.throttle.pass();
    });
    return this.turn;
  }
}
