import type { Looked } from '../deliveries/handoff.js';
import type { DueDelivery } from '../queue/job.js';
import { Lane } from './lane.js';
import type { RateSlots } from './rate-slots.js';

/** Ids one lane may take per turn: enough for a batch, too few to keep the others waiting. */
const TURN = 32;
/**
 * Ids of endpoints that have not shown themselves well that leave together, at first. Opening a connection, a TLS handshake
 * above all, costs more than a request: 256 at a time kept everybody else waiting for half a second.
 */
const UNPROVEN_AT_ONCE = 8;
/** So many leave together while all is well: after a restart a thousand good endpoints are unproven. */
const MOST_UNPROVEN_AT_ONCE = 64;
/** Of a flood that must leave room, this many ids leave together; of a greater one a part of what can leave soon. */
const FLOOD_AT_ONCE = 32;
const FLOOD_PART = 1 / 64;
/** Where many connections have to be opened, at least this part of them is opened together. */
const COLD_PART = 1 / 32;
/**
 * Requests at once to all flooded endpoints together, shared equally, and while single deliveries leave too. More to each of them
 * add no speed, but memory and a longer turn for everybody.
 */
const FLOOD_UNDER_WAY = 1_024;
const FELT_FLOOD_UNDER_WAY = 64;
/** A lane longer than this leaves further deliveries to other workers. */
const SHORT = 1_000;
/** Idle lanes kept for what they learned about their endpoint. */
const MAX_LANES = 20_000;

/** What may leave besides single deliveries to proven endpoints. */
export interface Allowed {
  /** Deliveries to unproven endpoints, a few of them. */
  risky: boolean;
  /** So many deliveries to proven endpoints to which no connection is open. */
  cold: number;
  flood: 'all' | 'a group' | 'none';
}

/** One id taken from its lane. */
export interface Taken {
  id: string;
  lane: Lane;
}

/** What may leave, by how it does. */
export interface Departures {
  /** Where few wait, and the endpoint has proven itself. */
  lone: Taken[];
  /** The same, and nothing has left for it for a while. */
  cold: Taken[];
  /** Where many wait. */
  flood: Taken[];
  /** To endpoints that have not proven themselves. */
  risky: Taken[];
}

/**
 * All lanes of this worker. Lanes take turns, so one endpoint's backlog delays no other endpoint; those whose endpoint
 * has proven itself go first, those where few wait before floods, and the unproven share a small part of each batch, so
 * a crowd of bad ones delays nobody.
 */
export class Lanes {
  private readonly all = new Map<string, Lane>();
  /** Lanes with ids waiting, in the order of their next turn. */
  private readonly proven = new Set<Lane>();
  private readonly unproven = new Set<Lane>();
  /** Proven ones to which a connection has to be opened. */
  private readonly cold = new Set<Lane>();
  /** Proven ones where many wait. */
  private readonly flooded = new Set<Lane>();
  private readonly queues = [this.proven, this.unproven, this.cold, this.flooded];
  /** Those whose endpoints may be called only so often. */
  private readonly rated = new Map<Lane, RateSlots>();
  /** How many of a crowd may be asked together: one more with each that proves itself, half as many after one that does not. */
  private unprovenAtOnce = UNPROVEN_AT_ONCE;

  /** Queues ids; `more` when the database holds further ones. */
  offer(subscriptionId: string, ids: Iterable<string>, more = false): void {
    const lane = this.laneOf(subscriptionId);
    lane.offer(ids);
    if (more) lane.overflowed = true;
    this.queue(lane);
  }

  /** Queues an id where few wait; false, and nothing done, where many do. */
  offerShort(subscriptionId: string, id: string): boolean {
    const lane = this.laneOf(subscriptionId);
    if (lane.depth >= SHORT) return false;
    lane.offer([id]);
    this.queue(lane);
    return true;
  }

  /** How many new deliveries of this subscription may come past the queue. */
  handRoom(subscriptionId: string): number {
    return this.all.get(subscriptionId)?.handRoom ?? 0;
  }

  sawOpen({ open, at }: Looked): void {
    for (const gate of open) this.all.get(gate.id)?.sawOpen(gate, at);
  }

  /** Ids that wait for this process and not for their endpoint. */
  get backlog(): number {
    let backlog = 0;
    for (const lane of this.waiting()) if (lane.isQuick) backlog += lane.depth;
    return backlog;
  }

  /** Ids in all lanes that can leave soon. */
  get pressure(): number {
    let pressure = 0;
    for (const lane of this.waiting()) pressure += lane.pressure;
    return pressure;
  }

  /** Takes up to `max` ids from the lanes that have room at `now` (monotonic milliseconds). */
  take(max: number, now: number, allowed: Allowed): Departures {
    for (const lane of this.proven) {
      if (lane.isFlooded(now)) this.move(lane, this.proven, this.flooded);
      else if (lane.isCold(now)) this.move(lane, this.proven, this.cold);
    }
    // One for each: a single good answer proves an endpoint, so that fifty new ones soon leave this queue.
    const risky = allowed.risky
      ? this.takeFrom(this.unproven, Math.min(max, this.unprovenAtOnce), 1, now)
      : [];
    if (this.unproven.size === 0) this.unprovenAtOnce = UNPROVEN_AT_ONCE;
    const group = this.group(allowed.flood);
    // However many single ones there are, a flood gets on.
    const kept = Math.min(group, FLOOD_AT_ONCE);
    const opened = allowed.cold && Math.max(allowed.cold, Math.ceil(this.cold.size * COLD_PART));
    const cold = this.takeFrom(this.cold, Math.min(opened, max - risky.length - kept), 1, now);
    const lone = this.takeFrom(this.proven, max - risky.length - cold.length - kept, TURN, now);
    const left = max - risky.length - cold.length - lone.length;
    const underWay = allowed.flood === 'all' ? FLOOD_UNDER_WAY : FELT_FLOOD_UNDER_WAY;
    const share = underWay / Math.max(1, this.flooded.size);
    const flood = this.takeFrom(this.flooded, Math.min(group, left), TURN, now, share);
    return { lone, cold, flood, risky };
  }

  /** When a rate-limited lane opens next, monotonic milliseconds; null when none waits for that. */
  opensAt(now: number): number | null {
    let earliest: number | null = null;
    for (const lane of this.rated.keys()) {
      const at = lane.depth > 0 ? lane.opensAt(now) : null;
      if (at !== null && (earliest === null || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** The rates of which this worker needs more slots than it has, and how many. */
  *slotsWanted(now: number): Iterable<{ lane: Lane; rate: RateSlots; count: number }> {
    for (const [lane, rate] of this.rated) {
      const count = rate.wanted(lane.depth, now);
      if (count > 0) yield { lane, rate, count };
    }
  }

  /** Forgets everything that waits; gives it to be rung for elsewhere. */
  clear(): DueDelivery[] {
    const due = [...this.waiting()].flatMap((lane) =>
      lane.clear().map((id) => ({ id, subscriptionId: lane.subscriptionId })),
    );
    for (const queue of this.queues) queue.clear();
    return due;
  }

  /** How many ids of floods may leave together. */
  private group(allowed: Allowed['flood']): number {
    if (allowed === 'none' || this.flooded.size === 0) return 0;
    if (allowed === 'all') return Infinity;
    let soon = 0;
    for (const lane of this.flooded) soon += lane.pressure;
    return Math.max(FLOOD_AT_ONCE, Math.ceil(soon * FLOOD_PART));
  }

  private takeFrom(queue: Set<Lane>, max: number, turn: number, now: number, share = Infinity): Taken[] {
    const taken: Taken[] = [];
    let progress = true;
    while (progress && taken.length < max) {
      progress = false;
      for (const lane of [...queue]) {
        const count = Math.min(turn, max - taken.length, lane.room(now), lane.roomWithin(share));
        if (count <= 0) continue;
        for (const id of lane.take(count, now)) taken.push({ id, lane });
        queue.delete(lane);
        this.queue(lane, queue === this.flooded ? queue : this.proven);
        progress = true;
      }
    }
    return taken;
  }

  /**
   * What waits since before its endpoint proved itself leaves like the rest of the lane from now on: neither later, with
   * the crowd, nor after newer ids.
   */
  private readonly judged = (lane: Lane, good: boolean): void => {
    if (good) this.move(lane, this.unproven, this.proven);
    const next = good ? this.unprovenAtOnce + 1 : Math.ceil(this.unprovenAtOnce / 2);
    this.unprovenAtOnce = Math.max(UNPROVEN_AT_ONCE, Math.min(MOST_UNPROVEN_AT_ONCE, next));
  };

  private readonly rateChanged = (lane: Lane, rate: RateSlots | null): void => {
    if (rate) this.rated.set(lane, rate);
    else this.rated.delete(lane);
  };

  private move(lane: Lane, from: Set<Lane>, to: Set<Lane>): void {
    if (from.delete(lane)) to.add(lane);
  }

  /** Puts a lane that has ids waiting at the end of its queue, unless it waits in one: a proven one in the one given. */
  private queue(lane: Lane, proven = this.proven): void {
    if (lane.depth === 0 || this.queues.some((queue) => queue.has(lane))) return;
    (lane.isProven ? proven : this.unproven).add(lane);
  }

  private *waiting(): Iterable<Lane> {
    for (const queue of this.queues) yield* queue;
  }

  private laneOf(subscriptionId: string): Lane {
    let lane = this.all.get(subscriptionId);
    if (!lane) {
      if (this.all.size >= MAX_LANES) this.dropIdle();
      lane = new Lane(subscriptionId, this.judged, this.rateChanged);
      this.all.set(subscriptionId, lane);
    }
    return lane;
  }

  private dropIdle(): void {
    for (const [id, lane] of this.all) {
      if (lane.inFlight > 0 || lane.depth > 0 || lane.overflowed) continue;
      this.all.delete(id);
      this.rated.delete(lane);
    }
  }
}
