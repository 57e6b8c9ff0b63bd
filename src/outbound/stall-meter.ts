import { Logger } from '@nestjs/common';

/** The interval of the timer that measures the event loop, milliseconds. */
const BEAT_MS = 100;
/** A delay shorter than this, milliseconds, is ordinary work and no stall. */
const TOLERATED_MS = 100;
/** Stalls longer than this, milliseconds, are logged. */
const WARN_MS = 1_000;

/**
 * Measures for how long this process has stalled: stopped, starved of CPU, or busy with one thing. Deadlines of
 * endpoints are extended by that. One timer for the whole process, which runs only while somebody measures.
 */
class StallMeter {
  private readonly logger = new Logger('process');
  private timer: NodeJS.Timeout | undefined;
  private beatAt = 0;
  private counted = 0;
  private users = 0;

  /** For how long the process has stalled in total, milliseconds. */
  total(): number {
    return this.counted + this.late();
  }

  /** A measurement begins. */
  enter(): void {
    this.users += 1;
    if (this.timer !== undefined) return;
    this.beatAt = performance.now();
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
  }

  /** A measurement has ended. */
  leave(): void {
    this.users -= 1;
  }

  private beat(): void {
    const late = this.late();
    this.beatAt = performance.now();
    this.counted += late;
    if (this.users === 0) {
      clearInterval(this.timer);
      this.timer = undefined;
    }
    if (late >= WARN_MS) this.logger.warn({ msg: 'process.stalled', stalledMs: Math.round(late) });
  }

  /** By how much the timer is late, milliseconds; 0 when that is ordinary. */
  private late(): number {
    if (this.timer === undefined) return 0;
    const late = performance.now() - this.beatAt - BEAT_MS;
    return late < TOLERATED_MS ? 0 : late;
  }
}

export const stallMeter = new StallMeter();
