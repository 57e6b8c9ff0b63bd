/** So many endpoints of one space with a delivery each take as long as a flood to one of them. */
const CROWD = 64;
/** A crowd is not over before there was none for this time, milliseconds. */
const CROWD_MS = 1_000;

/**
 * Counts the endpoints of one space for which something waits. Many of them, as after an event for a thousand
 * subscriptions, are a crowd: each has only a few deliveries, but together they would keep other spaces waiting.
 */
export class Crowd {
  /** Endpoint queues of the space that are not empty. */
  waiting = 0;
  private crowdedAt = -Infinity;

  /** Whether they are many at `now` (monotonic milliseconds), or were a moment ago: each may leave a little later. */
  isCrowded(now: number): boolean {
    if (this.waiting > CROWD) this.crowdedAt = now;
    return now - this.crowdedAt < CROWD_MS;
  }
}
