import type { Lane } from './lane.js';
import type { Allowed, Departures } from './lanes.js';
import { Pace } from './pace.js';

/** For so long at least after a delivery the next one of its kind is expected, milliseconds. */
const FELT_MS = 1_000;
/** Connections to proven endpoints that may be opened within `OPENINGS_MS`, milliseconds. */
const OPENINGS = 32;
const OPENINGS_MS = 20;

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
  /**
   * Beside a batch of a hundred that leaves at once a neighbour's p99 was 17 to 25 ms, spread it is 8 to 15. A backlog of 280,000
   * still leaves at 2,600 a second beside single deliveries.
   */
  private readonly floods = new Pace({ share: 0.15, longestMs: 25 });
  /**
   * One event for a thousand endpoints that had been quiet, all over TLS, kept everybody else waiting for a second: a handshake
   * costs as much as twenty requests.
   */
  private readonly openings = new Pace({ share: 0.5, longestMs: OPENINGS_MS });
  /** Connections that were opened since `countedSince`, monotonic milliseconds. */
  private opened = 0;
  private countedSince = -Infinity;
  /** When something last went to a proven endpoint, monotonic milliseconds. */
  private lastProven = -Infinity;
  /** Lanes that single deliveries have left, in this stretch of `FELT_MS` and in the one before. */
  private lone = new Set<Lane>();
  private loneBefore = new Set<Lane>();
  private turnsAt = 0;

  allows(now: number): Allowed {
    const group = this.floods.isOpen ? 'a group' : 'none';
    if (now - this.countedSince > OPENINGS_MS) this.opened = 0;
    const cold = this.openings.isOpen ? OPENINGS - this.opened : 0;
    return { risky: this.risks.isOpen, cold, flood: this.floodIsFelt(now) ? group : 'all' };
  }

  /** Something has left; calls `reopened` when more may. */
  left({ lone, cold, flood, risky }: Departures, now: number, reopened: () => void): void {
    for (const { lane } of [...lone, ...cold]) this.lone.add(lane);
    if (lone.length + cold.length + flood.length > 0) this.lastProven = now;
    if (cold.length > 0) this.open(cold.length, now, reopened);
    if (risky.length > 0 && now - this.lastProven < FELT_MS) this.risks.pass(reopened);
    if (flood.length > 0 && this.floodIsFelt(now)) this.floods.pass(reopened);
  }

  /** Few connections are opened at once; after many, others wait. */
  private open(count: number, now: number, reopened: () => void): void {
    if (this.opened === 0) this.countedSince = now;
    this.opened += count;
    if (this.opened < OPENINGS) return;
    this.opened = 0;
    this.openings.pass(reopened);
  }

  /** Whether a flood is felt by a lane that is not flooded itself: an endpoint that gets two thousand a second, one by one, holds up no other. */
  floodIsFelt(now: number): boolean {
    if (now >= this.turnsAt) {
      this.loneBefore = now < this.turnsAt + FELT_MS ? this.lone : new Set();
      this.lone = new Set();
      this.turnsAt = now + FELT_MS;
    }
    for (const lanes of [this.lone, this.loneBefore]) {
      for (const lane of lanes) {
        if (!lane.isFlooded(now)) return true;
        lanes.delete(lane);
      }
    }
    return false;
  }
}
