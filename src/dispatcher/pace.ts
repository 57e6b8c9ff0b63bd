import { performance } from 'node:perf_hooks';

/** How often to look whether the next group may leave, milliseconds. */
const STEP_MS = 5;

/** How the groups of a kind follow each other. */
export interface Rhythm {
  /** The part of the event loop's time that they may fill. */
  share: number;
  /** A group waits no longer than this, milliseconds, however busy everything is. */
  longestMs: number;
}

/**
 * Spaces out what may be expensive: after one group the next may leave when the event loop has been idle for the rest of
 * the time since.
 */
export class Pace {
  private shut = false;

  constructor(private readonly rhythm: Rhythm) {}

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
      if (utilization > this.rhythm.share && performance.now() - since < this.rhythm.longestMs)
        return void setTimeout(look, STEP_MS);
      this.shut = false;
      reopened();
    };
    setTimeout(look, STEP_MS);
  }
}
