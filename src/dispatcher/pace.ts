import { performance } from 'node:perf_hooks';

/** How often to look whether the next group may leave, milliseconds. */
const STEP_MS = 5;
/** The part of the event loop's time that risky groups may fill. */
const SHARE = 0.25;
/** A group waits no longer than this, milliseconds, however busy everything is. */
const LONGEST_MS = 100;

/**
 * Spaces out what may be expensive, while somebody else would feel it: after one group the next may leave when the event
 * loop has been idle for most of the time since. Five hundred hostile endpoints at once, each with a connection to open
 * and a failure to write down, made every turn of the loop last 90 ms, and a healthy delivery needs five turns.
 */
export class Pace {
  private shut = false;

  get isOpen(): boolean {
    return !this.shut;
  }

  /** A group has left; calls `reopened` when the next one may. */
  pass(reopened: () => void): void {
    if (this.shut) return;
    this.shut = true;
    const before = performance.eventLoopUtilization();
    const since = performance.now();
    const look = () => {
      const { utilization } = performance.eventLoopUtilization(before);
      if (utilization > SHARE && performance.now() - since < LONGEST_MS)
        return void setTimeout(look, STEP_MS);
      this.shut = false;
      reopened();
    };
    setTimeout(look, STEP_MS);
  }
}
