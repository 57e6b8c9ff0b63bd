import { Logger } from '@nestjs/common';

/** How often the event loop is asked whether it comes round, milliseconds. */
const BEAT_MS = 100;
/** A turn that is late by less is the ordinary work of a busy process, milliseconds. */
const TOLERATED_MS = 100;
/** From here on a stall is worth a line in the log, milliseconds. */
const WARN_MS = 1_000;

/**
 * Knows for how long this process has stood still: stopped, starved of CPU, or busy with one thing. Endpoints that answered
 * meanwhile must not pay for it. One timer for the whole process, while there is anything to be timed: one for each request would
 * cost more.
 */
class StallMeter {
  private readonly logger = new Logger('process');
  private timer: NodeJS.Timeout | undefined;
  private beatAt = 0;
  private counted = 0;
  private users = 0;

  /** For how long the process has stood still altogether, up to this moment, milliseconds. */
  total(): number {
    return this.counted + this.late();
  }

  /** Somebody measures from now on. */
  enter(): void {
    this.users += 1;
    if (this.timer !== undefined) return;
    this.beatAt = performance.now();
    this.timer = setInterval(() => this.beat(), BEAT_MS).unref();
  }

  /** And has come to an end. */
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

  /** By how much the next beat is late; 0 while that is nothing unusual. */
  private late(): number {
    if (this.timer === undefined) return 0;
    const late = performance.now() - this.beatAt - BEAT_MS;
    return late < TOLERATED_MS ? 0 : late;
  }
}

export const stallMeter = new StallMeter();
