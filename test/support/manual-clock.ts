import { Clock } from '../../src/lib/clock.js';

/** A clock whose hands the test turns. It starts at this moment, for which the test database has partitions. */
export class ManualClock extends Clock {
  constructor(private ms = Date.now()) {
    super();
  }

  now(): number {
    return this.ms;
  }

  /** Moves forward, milliseconds. */
  advance(ms: number): void {
    this.ms += ms;
  }

  /** Moves to a time, milliseconds since the epoch. */
  set(ms: number): void {
    this.ms = ms;
  }
}
