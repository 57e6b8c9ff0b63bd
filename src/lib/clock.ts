/**
 * The engine's only source of time. Milliseconds since the Unix epoch. Production reads the database's time
 * (`database/database-clock.ts`), tests turn the hands themselves.
 */
export abstract class Clock {
  abstract now(): number;

  date(): Date {
    return new Date(this.now());
  }
}
