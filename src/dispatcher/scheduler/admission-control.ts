import type { EndpointQueue } from './endpoint-queue.js';
import type { Admission, Departures } from './endpoint-queues.js';
import { EventLoopThrottle } from '../../lib/event-loop-throttle.js';

/** For so long at least after a delivery the next one of its kind is expected, milliseconds. */
const EXPECTED_MS = 1_000;
/** Connections to proven endpoints that may be opened within `OPENINGS_MS`, milliseconds. */
const MAX_OPENINGS = 32;
const OPENINGS_MS = 20;

/**
 * What leaves in small groups, spread over time, while somebody else would feel it. All that happens at once for a batch
 * happens to a single delivery that comes in its midst: in this process, in the database and on the machine's cores.
 */
export class AdmissionControl {
  /**
   * Five hundred hostile endpoints at once, each with a connection to open and a failure to write down, made every turn of
   * the event loop last 90 ms, and a healthy delivery needs five turns.
   */
  private readonly unknown = new EventLoopThrottle({ share: 0.25, maxWaitMs: 100 });
  /**
   * Beside a batch of a hundred that leaves at once a neighbour's p99 was 17 to 25 ms, spread it is 8 to 15. A backlog of 280,000
   * still leaves at 2,600 a second beside single deliveries.
   */
  private readonly floods = new EventLoopThrottle({ share: 0.15, maxWaitMs: 25 });
  /**
   * One event for a thousand endpoints that had been quiet, all over TLS, kept everybody else waiting for a second: a handshake
   * costs as much as twenty requests.
   */
  private readonly openings = new EventLoopThrottle({ share: 0.5, maxWaitMs: OPENINGS_MS });
  /** Connections that were opened since `countedSince`, monotonic milliseconds. */
  private opened = 0;
  private countedSince = -Infinity;
  /** When something last went to a proven endpoint, monotonic milliseconds. */
  private lastHealthyAt = -Infinity;
  /** Lanes that single deliveries have left, in this stretch of `FELT_MS` and in the one before. */
  private single = new Set<EndpointQueue>();
  private singleBefore = new Set<EndpointQueue>();
  private windowEndsAt = 0;

  allows(now: number): Admission {
    const group = this.floods.isOpen ? 'a group' : 'none';
    if (now - this.countedSince > OPENINGS_MS) this.opened = 0;
    const idle = this.openings.isOpen ? MAX_OPENINGS - this.opened : 0;
    return { unknown: this.unknown.isOpen, idle, flood: this.isFloodNoticed(now) ? group : 'all' };
  }

  /** Something has left; calls `reopened` when more may. */
  recordDepartures({ single, idle, flood, unknown }: Departures, now: number, reopened: () => void): void {
    for (const { queue } of [...single, ...idle]) this.single.add(queue);
    if (single.length + idle.length + flood.length > 0) this.lastHealthyAt = now;
    if (idle.length > 0) this.countOpenings(idle.length, now, reopened);
    if (unknown.length > 0 && now - this.lastHealthyAt < EXPECTED_MS) void this.unknown.pass().then(reopened);
    if (flood.length > 0 && this.isFloodNoticed(now)) void this.floods.pass().then(reopened);
  }

  /** Few connections are opened at once; after many, others wait. */
  private countOpenings(count: number, now: number, reopened: () => void): void {
    if (this.opened === 0) this.countedSince = now;
    this.opened += count;
    if (this.opened < MAX_OPENINGS) return;
    this.opened = 0;
    void this.openings.pass().then(reopened);
  }

  /** Whether a flood is felt by a lane that is not flooded itself: an endpoint that gets two thousand a second, one by one, holds up no other. */
  isFloodNoticed(now: number): boolean {
    if (now >= this.windowEndsAt) {
      this.singleBefore = now < this.windowEndsAt + EXPECTED_MS ? this.single : new Set();
      this.single = new Set();
      this.windowEndsAt = now + EXPECTED_MS;
    }
    for (const queues of [this.single, this.singleBefore]) {
      for (const queue of queues) {
        if (!queue.isFlooded(now)) return true;
        queues.delete(queue);
      }
    }
    return false;
  }
}
