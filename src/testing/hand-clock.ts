import { Clock } from '../lib/clock.js';

/** A clock that stands still until it is set. */
export class HandClock extends Clock {
  constructor(private ms: number) {
    super();
  }

  now(): number {
    return this.ms;
  }

  set(ms: number): void {
    this.ms = ms;
  }
}
