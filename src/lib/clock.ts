/**
 * The time of day, milliseconds since the Unix epoch. In production it is the database's time
 * (`database/database-clock.ts`); tests set it. Durations are measured with `performance.now()` instead, which no
 * change of the clock moves.
 */
export abstract class Clock {
  abstract now(): number;

  date(): Date {
    return new Date(this.now());
  }
}
