import { setTimeout as sleep } from 'node:timers/promises';

/** For so long after a small request another one is expected, milliseconds. */
const EXPECTED_MS = 1_000;
/** The part of the event loop's time that bulk may fill while small ones are expected. */
const SHARE = 0.15;
/** How often to look, and how long bulk waits at the most, milliseconds. */
const CHECK_MS = 5;
const MAX_WAIT_MS = 200;

/**
 * Makes bulk leave room while others publish single events. Each of those takes a dozen turns, of the event loop and of the
 * machine's cores, and where a flood fills both it waits at every one: on two cores for 30 ms (median; 94 p99) instead of 5, for 5 (27)
 * with this, and for 4 (14) since what was written leaves in groups, too. The flood goes on at a tenth to a quarter of its speed; with a share of 0.45 it had half, and the other 7 (40).
 */
export class BulkThrottle {
  private smallAt = -Infinity;
  private bulkAt = -Infinity;
  private before = performance.eventLoopUtilization();
  private turn: Promise<void> = Promise.resolve();

  /** A small request is being published. */
  noteSmallRequest(): void {
    this.smallAt = performance.now();
  }

  /** Resolves when the next batch of bulk may be written; batches take turns. */
  waitForTurn(): Promise<void> {
    this.turn = this.turn.then(() => this.waitUntilIdle());
    return this.turn;
  }

  /** Waits until the event loop, since the last batch, has been idle for long enough. */
  private async waitUntilIdle(): Promise<void> {
    while (performance.now() - this.smallAt < EXPECTED_MS) {
      const passed = performance.now() - this.bulkAt;
      // What a batch costs shows only after a while.
      const hasRested =
        passed >= CHECK_MS && performance.eventLoopUtilization(this.before).utilization < SHARE;
      if (hasRested || passed > MAX_WAIT_MS) break;
      await sleep(CHECK_MS);
    }
    this.bulkAt = performance.now();
    this.before = performance.eventLoopUtilization();
  }
}
