import type { Allowed, Departures } from './lanes.js';
import { Pace } from './pace.js';

/** For how long after a delivery the next one of its kind is expected, milliseconds. */
const FELT_MS = 1_000;

/**
 * What leaves in small groups, spread over time, while somebody else would feel it. All that happens at once for a batch
 * happens to a single delivery that comes in its midst: in this process, in the database and on the machine's cores.
 */
export class Consideration {
  /**
   * Five hundred hostile endpoints at once, each with a connection to open and a failure to write down, made every turn of
   * the event loop last 90 ms, and a healthy delivery needs five turns.
   */
  private readonly risks = new Pace({ share: 0.25, longestMs: 100 });
  /** Beside a batch of a hundred that leaves at once a neighbour's p99 was 17 to 25 ms, spread it is 8 to 12. */
  private readonly floods = new Pace({ share: 0.5, longestMs: 20 });
  /** When something last went to a proven endpoint, and when it was no part of a flood; monotonic milliseconds. */
  private lastProven = -Infinity;
  private lastLone = -Infinity;

  allows(now: number): Allowed {
    const group = this.floods.isOpen ? 'a group' : 'none';
    return { risky: this.risks.isOpen, flood: now - this.lastLone < FELT_MS ? group : 'all' };
  }

  /** Something has left; calls `reopened` when more may. */
  left({ lone, flood, risky }: Departures, now: number, reopened: () => void): void {
    if (lone.length > 0) this.lastLone = now;
    if (lone.length + flood.length > 0) this.lastProven = now;
    if (risky.length > 0 && now - this.lastProven < FELT_MS) this.risks.pass(reopened);
    if (flood.length > 0 && now - this.lastLone < FELT_MS) this.floods.pass(reopened);
  }
}
