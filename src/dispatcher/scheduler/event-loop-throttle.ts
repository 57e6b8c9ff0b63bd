import { performance } from 'node:perf_hooks';

/** How often to look whether the next group may leave, milliseconds. */
const STEP_MS = 5;

/** How the groups of a kind follow each other. */
export interface ThrottleOptions {
  /** The part of the event loop's time that they may fill. */
  share: number;
  /** A group waits no longer than this, milliseconds, however busy everything is. */
  maxWaitMs: number;
}

/**
 * Spaces out what may be expensive: after one group the next may leave when the event loop has been idle for the rest of
 * the time since.
 */
export class EventLoopThrottle {
  private closed = false;

  constructor(private readonly options: ThrottleOptions) {}

  get isOpen(): boolean {
    return !this.closed;
  }

  /** A group has left; calls `reopened` when the next one may. */
  pass(reopened: () => void): void {
    if (this.closed) return;
    this.closed = true;
    const before = performance.eventLoopUtilization();
    const since = performance.now();
    const look = () => {
      const { utilization } = performance.eventLoopUtilization(before);
      if (utilization > this.options.share && performance.now() - since < this.options.maxWaitMs)
        return void setTimeout(look, STEP_MS);
      this.closed = false;
      reopened();
    };
    setTimeout(look, STEP_MS);
  }
}
