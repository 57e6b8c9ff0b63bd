import type { EndpointQueue } from './endpoint-queue.js';
import type { Admission, Departures } from './endpoint-queues.js';
import { EventLoopThrottle } from '../../lib/event-loop-throttle.js';

/** After a delivery the next of its kind is expected for at least so long, milliseconds. */
const EXPECTED_MS = 1_000;
/** Connections to healthy endpoints that may be opened within `OPENINGS_MS`, milliseconds. */
const MAX_OPENINGS = 8;
const OPENINGS_MS = 5;

/**
 * Decides what may leave now, and what leaves in small groups because it would slow down others: deliveries of a flood,
 * to unknown endpoints, and over new connections. In: what left when. Out: an `Admission` for `EndpointQueues.dequeue`.
 * ADR 9 has the figures of these limits.
 */
export class AdmissionControl {
  /** Each may need a new connection, fail, and have that failure written. */
  private readonly unknown = new EventLoopThrottle({ share: 0.25, maxWaitMs: 100 });
  /** A single delivery beside a large batch waits for all of the batch's work in this process and in the database. */
  private readonly floods = new EventLoopThrottle({ share: 0.15, maxWaitMs: 25 });
  /** A TLS handshake costs as much as twenty requests. */
  private readonly openings = new EventLoopThrottle({ share: 0.5, maxWaitMs: OPENINGS_MS });
  /** Connections that were opened since `countedSince`, monotonic milliseconds. */
  private opened = 0;
  private countedSince = -Infinity;
  /** When a delivery last left for a healthy endpoint, monotonic milliseconds. */
  private lastHealthyAt = -Infinity;
  /** Queues that single deliveries have left, in this window of `EXPECTED_MS` and in the one before. */
  private single = new Set<EndpointQueue>();
  private singleBefore = new Set<EndpointQueue>();
  private windowEndsAt = 0;

  allows(now: number): Admission {
    const group = this.floods.isOpen ? 'a group' : 'none';
    if (now - this.countedSince > OPENINGS_MS) this.opened = 0;
    const idle = this.openings.isOpen ? MAX_OPENINGS - this.opened : 0;
    return { unknown: this.unknown.isOpen, idle, flood: this.isFloodNoticed(now) ? group : 'all' };
  }

  /** Deliveries have left. Calls `reopened` when more may. */
  recordDepartures({ single, idle, flood, unknown }: Departures, now: number, reopened: () => void): void {
    for (const { queue } of [...single, ...idle]) this.single.add(queue);
    if (single.length + idle.length + flood.length > 0) this.lastHealthyAt = now;
    if (idle.length > 0) this.countOpenings(idle.length, now, reopened);
    if (unknown.length > 0 && now - this.lastHealthyAt < EXPECTED_MS) void this.unknown.pass().then(reopened);
    if (flood.length > 0 && this.isFloodNoticed(now)) void this.floods.pass().then(reopened);
  }

  /** After `MAX_OPENINGS` new connections further ones wait for the event loop. */
  private countOpenings(count: number, now: number, reopened: () => void): void {
    if (this.opened === 0) this.countedSince = now;
    this.opened += count;
    if (this.opened < MAX_OPENINGS) return;
    this.opened = 0;
    void this.openings.pass().then(reopened);
  }

  /**
   * Whether single deliveries leave for an endpoint that is not flooded itself, and would be slowed down by a flood.
   */
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
