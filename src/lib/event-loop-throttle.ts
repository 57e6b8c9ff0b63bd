import { setTimeout as sleep } from 'node:timers/promises';

/** How often to check whether the next group may go, milliseconds. The cost of a group does not show sooner. */
const STEP_MS = 5;

export interface ThrottleOptions {
  /** The part of the event loop's time, 0 to 1, that groups may fill. */
  share: number;
  /** A group waits no longer than this, milliseconds, however busy the event loop is. */
  maxWaitMs: number;
}

/**
 * Spaces out groups of expensive work, so that other work gets its turn: after a group, the next may go once the
 * event loop has been idle for the rest of the time since.
 */
export class EventLoopThrottle {
  private since = -Infinity;
  private before = performance.eventLoopUtilization();
  private reopened: Promise<void> | null = null;

  constructor(private readonly options: ThrottleOptions) {}

  /** Whether a group may go now. */
  get isOpen(): boolean {
    return this.reopened === null;
  }

  /** A group goes now. Resolves when the next one may. */
  pass(): Promise<void> {
    this.since = performance.now();
    this.before = performance.eventLoopUtilization();
    this.reopened ??= this.waitUntilIdle();
    return this.reopened;
  }

  private async waitUntilIdle(): Promise<void> {
    do await sleep(STEP_MS);
    while (!this.hasRested());
    this.reopened = null;
  }

  private hasRested(): boolean {
    if (performance.now() - this.since >= this.options.maxWaitMs) return true;
    return performance.eventLoopUtilization(this.before).utilization <= this.options.share;
  }
}
