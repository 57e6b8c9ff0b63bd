import type { DueDelivery } from '../queue/job.js';
import { Lane } from './lane.js';

/** Ids one lane may take per turn: enough for a batch, too few to keep the others waiting. */
const TURN = 32;
/** Idle lanes kept for what they learned about their endpoint. */
const MAX_LANES = 20_000;

/** One id taken from its lane. */
export interface Taken {
  id: string;
  lane: Lane;
}

/** All lanes of this worker. Lanes take turns, so one endpoint's backlog delays no other endpoint. */
export class Lanes {
  private readonly all = new Map<string, Lane>();
  /** Lanes with ids waiting, in the order of their next turn. */
  private readonly queue = new Set<Lane>();

  offer(subscriptionId: string, ids: Iterable<string>): void {
    const lane = this.laneOf(subscriptionId);
    lane.offer(ids);
    if (lane.depth > 0) this.queue.add(lane);
  }

  /** Ids in all lanes that can leave soon. */
  get pressure(): number {
    let pressure = 0;
    for (const lane of this.queue) pressure += lane.pressure;
    return pressure;
  }

  /** Takes up to `max` ids from the lanes that have room at `now` (monotonic milliseconds). */
  take(max: number, now: number): Taken[] {
    const taken: Taken[] = [];
    let progress = true;
    while (progress && taken.length < max) {
      progress = false;
      for (const lane of [...this.queue]) {
        const count = Math.min(TURN, max - taken.length, lane.room(now));
        if (count <= 0) continue;
        for (const id of lane.take(count, now)) taken.push({ id, lane });
        this.queue.delete(lane);
        if (lane.depth > 0) this.queue.add(lane);
        progress = true;
      }
    }
    return taken;
  }

  /** When a rate-limited lane opens next, monotonic milliseconds; null when none waits for that. */
  opensAt(): number | null {
    let earliest: number | null = null;
    for (const lane of this.queue) {
      const at = lane.opensAt();
      if (at !== null && (earliest === null || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** Forgets everything that waits; gives it to be rung for elsewhere. */
  clear(): DueDelivery[] {
    const due = [...this.queue].flatMap((lane) =>
      lane.clear().map((id) => ({ id, subscriptionId: lane.subscriptionId })),
    );
    this.queue.clear();
    return due;
  }

  private laneOf(subscriptionId: string): Lane {
    let lane = this.all.get(subscriptionId);
    if (!lane) {
      if (this.all.size >= MAX_LANES) this.dropIdle();
      lane = new Lane(subscriptionId);
      this.all.set(subscriptionId, lane);
    }
    return lane;
  }

  private dropIdle(): void {
    for (const [id, lane] of this.all) {
      if (lane.inFlight === 0 && lane.depth === 0 && !lane.overflowed) this.all.delete(id);
    }
  }
}
