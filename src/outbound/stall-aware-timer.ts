import { stallMeter } from './stall-meter.js';

/** Less remaining time than this, milliseconds, is not waited for. */
const MIN_GRANT_MS = 5;
/** Stalls extend a deadline by no more than so many times its length. */
const MAX_EXTENSION = 2;

/**
 * A deadline for an endpoint. Node runs timers before it reads sockets, so after a stall of this process deadlines
 * would pass although responses have arrived. This one lets them be read first, and adds the time of the stall.
 */
export class StallAwareTimer {
  private readonly startedAt = performance.now();
  private readonly stalledBefore = stallMeter.total();
  private timer: NodeJS.Timeout;
  private immediate: NodeJS.Immediate | undefined;
  private granted = 0;
  private isOver = false;

  constructor(
    private readonly limitMs: number,
    private readonly onOver: () => void,
  ) {
    stallMeter.enter();
    this.timer = setTimeout(this.onTimer, limitMs);
  }

  /** For how long this process has stalled since the timer was set, milliseconds. */
  get stalledMs(): number {
    return stallMeter.total() - this.stalledBefore;
  }

  clear(): void {
    clearTimeout(this.timer);
    if (this.immediate !== undefined) clearImmediate(this.immediate);
    this.end();
  }

  private end(): void {
    if (this.isOver) return;
    this.isOver = true;
    stallMeter.leave();
  }

  private readonly onTimer = (): void => {
    // An immediate runs after this turn's sockets were read.
    this.immediate = setImmediate(() => this.expireOrExtend());
  };

  private expireOrExtend(): void {
    const owed = this.limitMs - (performance.now() - this.startedAt - this.stalledMs);
    const grant = Math.min(owed, this.limitMs * MAX_EXTENSION - this.granted);
    if (grant < MIN_GRANT_MS) {
      this.end();
      return this.onOver();
    }
    this.granted += grant;
    this.timer = setTimeout(this.onTimer, grant);
  }
}
