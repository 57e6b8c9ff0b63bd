import type { SendableCheck } from '../../deliveries/local-dispatch.js';
import type { DueDelivery } from '../../queue/deliver-job.js';
import type { LeasingId } from './delivery-states.js';
import { EndpointQueue } from './endpoint-queue.js';
import type { RateSlots } from './rate-slots.js';

/** Ids one lane may take per turn: enough for a batch, too few to keep the others waiting. */
const TURN = 32;
/**
 * Ids of endpoints that have not shown themselves well that leave together, at first. Opening a connection, a TLS handshake
 * above all, costs more than a request: 256 at a time kept everybody else waiting for half a second.
 */
const UNKNOWN_AT_ONCE = 8;
/** So many leave together while all is well: after a restart a thousand good endpoints are unproven. */
const MAX_UNKNOWN_AT_ONCE = 64;
/** Of a flood that must leave room, this many ids leave together; of a greater one a part of what can leave soon. */
const FLOOD_AT_ONCE = 32;
const FLOOD_FRACTION = 1 / 64;
/** Where many connections have to be opened, at least this part of them is opened together. */
const IDLE_FRACTION = 1 / 32;
/**
 * Requests at once to all flooded endpoints together, shared equally, and while single deliveries leave too. More to each of them
 * add no speed, but memory and a longer turn for everybody.
 */
const FLOOD_IN_FLIGHT = 1_024;
const SPREAD_FLOOD_IN_FLIGHT = 64;
/** A lane longer than this leaves further deliveries to other workers. */
const MAX_SHORT = 1_000;
/** Idle lanes kept for what they learned about their endpoint. */
const MAX_QUEUES = 20_000;

/** What may leave besides single deliveries to proven endpoints. */
export interface Admission {
  /** Deliveries to unproven endpoints, a few of them. */
  unknown: boolean;
  /** So many deliveries to proven endpoints to which no connection is open. */
  idle: number;
  flood: 'all' | 'a group' | 'none';
}

/** An id that left its endpoint's queue to be leased. */
export interface DequeuedDelivery {
  id: LeasingId;
  queue: EndpointQueue;
}

/** What may leave, by how it does. */
export interface Departures {
  /** Where few wait, and the endpoint has proven itself. */
  single: DequeuedDelivery[];
  /** The same, and nothing has left for it for a while. */
  idle: DequeuedDelivery[];
  /** Where many wait. */
  flood: DequeuedDelivery[];
  /** To endpoints that have not proven themselves. */
  unknown: DequeuedDelivery[];
}

/**
 * All lanes of this worker. Lanes take turns, so one endpoint's backlog delays no other endpoint; those whose endpoint
 * has proven itself go first, those where few wait before floods, and the unproven share a small part of each batch, so
 * a crowd of bad ones delays nobody.
 */
export class EndpointQueues {
  private readonly all = new Map<string, EndpointQueue>();
  /** Lanes with ids waiting, in the order of their next turn. */
  private readonly healthy = new Set<EndpointQueue>();
  private readonly unknown = new Set<EndpointQueue>();
  /** Proven ones to which a connection has to be opened. */
  private readonly idle = new Set<EndpointQueue>();
  /** Proven ones where many wait. */
  private readonly flooded = new Set<EndpointQueue>();
  private readonly groups = [this.healthy, this.unknown, this.idle, this.flooded];
  /** Those whose endpoints may be called only so often. */
  private readonly rated = new Map<EndpointQueue, RateSlots>();
  /** How many of a crowd may be asked together: one more with each that proves itself, half as many after one that does not. */
  private unknownAtOnce = UNKNOWN_AT_ONCE;

  /** Queues ids; `more` when the database holds further ones. */
  add(subscriptionId: string, ids: Iterable<string>, more = false): void {
    const queue = this.queueOf(subscriptionId);
    queue.add(ids);
    if (more) queue.overflowed = true;
    this.schedule(queue);
  }

  /** Queues an id where few wait; false, and nothing done, where many do. */
  addIfShort(subscriptionId: string, id: string): boolean {
    const queue = this.queueOf(subscriptionId);
    if (queue.depth >= MAX_SHORT) return false;
    queue.add([id]);
    this.schedule(queue);
    return true;
  }

  /** How many new deliveries of this subscription may come past the queue. */
  localCapacity(subscriptionId: string): number {
    return this.all.get(subscriptionId)?.localCapacity ?? 0;
  }

  markSendable({ sendable, checkedAt }: SendableCheck): void {
    for (const endpoint of sendable) this.all.get(endpoint.id)?.markSendable(endpoint, checkedAt);
  }

  /** Ids that wait for this process and not for their endpoint. */
  get backlog(): number {
    let backlog = 0;
    for (const queue of this.nonEmpty()) if (queue.isQuick) backlog += queue.depth;
    return backlog;
  }

  /** Ids in all lanes that can leave soon. */
  get pressure(): number {
    let pressure = 0;
    for (const queue of this.nonEmpty()) pressure += queue.pressure;
    return pressure;
  }

  /** Takes up to `max` ids from the lanes that have room at `now` (monotonic milliseconds). */
  dequeue(max: number, now: number, admission: Admission): Departures {
    for (const queue of this.healthy) {
      if (queue.isFlooded(now)) this.move(queue, this.healthy, this.flooded);
      else if (queue.isIdle(now)) this.move(queue, this.healthy, this.idle);
    }
    // One for each: a single good answer proves an endpoint, so that fifty new ones soon leave this queue.
    const unknown = admission.unknown
      ? this.dequeueFrom(this.unknown, Math.min(max, this.unknownAtOnce), 1, now)
      : [];
    if (this.unknown.size === 0) this.unknownAtOnce = UNKNOWN_AT_ONCE;
    const floodLimit = this.floodLimit(admission.flood);
    // However many single ones there are, a flood gets on.
    const kept = Math.min(floodLimit, FLOOD_AT_ONCE);
    const opened = admission.idle && Math.max(admission.idle, Math.ceil(this.idle.size * IDLE_FRACTION));
    const idle = this.dequeueFrom(this.idle, Math.min(opened, max - unknown.length - kept), 1, now);
    const single = this.dequeueFrom(this.healthy, max - unknown.length - idle.length - kept, TURN, now);
    const left = max - unknown.length - idle.length - single.length;
    const inFlight = admission.flood === 'all' ? FLOOD_IN_FLIGHT : SPREAD_FLOOD_IN_FLIGHT;
    const share = inFlight / Math.max(1, this.flooded.size);
    const flood = this.dequeueFrom(this.flooded, Math.min(floodLimit, left), TURN, now, share);
    return { single, idle, flood, unknown };
  }

  /** Leasing → waiting: it is not sent now, and is leased anew in its turn. */
  requeue({ id, queue }: DequeuedDelivery): void {
    queue.release(id);
    this.add(queue.subscriptionId, [id]);
  }

  /** When a rate-limited lane opens next, monotonic milliseconds; null when none waits for that. */
  nextSlotAt(now: number): number | null {
    let earliest: number | null = null;
    for (const queue of this.rated.keys()) {
      const at = queue.depth > 0 ? queue.nextSlotAt(now) : null;
      if (at !== null && (earliest === null || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** The rates of which this worker needs more slots than it has, and how many. */
  *slotsNeeded(now: number): Iterable<{ queue: EndpointQueue; rate: RateSlots; count: number }> {
    for (const [queue, rate] of this.rated) {
      const count = rate.needed(queue.depth, now);
      if (count > 0) yield { queue, rate, count };
    }
  }

  /** Forgets everything that waits; gives it to be rung for elsewhere. */
  clear(): DueDelivery[] {
    const due = [...this.nonEmpty()].flatMap((queue) =>
      queue.clear().map((id) => ({ id, subscriptionId: queue.subscriptionId })),
    );
    for (const group of this.groups) group.clear();
    return due;
  }

  /** How many ids of floods may leave together. */
  private floodLimit(mode: Admission['flood']): number {
    if (mode === 'none' || this.flooded.size === 0) return 0;
    if (mode === 'all') return Infinity;
    let soon = 0;
    for (const queue of this.flooded) soon += queue.pressure;
    return Math.max(FLOOD_AT_ONCE, Math.ceil(soon * FLOOD_FRACTION));
  }

  private dequeueFrom(
    group: Set<EndpointQueue>,
    max: number,
    turn: number,
    now: number,
    share = Infinity,
  ): DequeuedDelivery[] {
    const taken: DequeuedDelivery[] = [];
    let progress = true;
    while (progress && taken.length < max) {
      progress = false;
      for (const queue of [...group]) {
        const count = Math.min(turn, max - taken.length, queue.capacity(now), queue.capacityWithin(share));
        if (count <= 0) continue;
        for (const id of queue.dequeue(count, now)) taken.push({ id, queue });
        group.delete(queue);
        this.schedule(queue, group === this.flooded ? group : this.healthy);
        progress = true;
      }
    }
    return taken;
  }

  /**
   * What waits since before its endpoint proved itself leaves like the rest of the lane from now on: neither later, with
   * the crowd, nor after newer ids.
   */
  private readonly onUnknownResult = (queue: EndpointQueue, good: boolean): void => {
    if (good) this.move(queue, this.unknown, this.healthy);
    const next = good ? this.unknownAtOnce + 1 : Math.ceil(this.unknownAtOnce / 2);
    this.unknownAtOnce = Math.max(UNKNOWN_AT_ONCE, Math.min(MAX_UNKNOWN_AT_ONCE, next));
  };

  private readonly onRateChanged = (queue: EndpointQueue, rate: RateSlots | null): void => {
    if (rate) this.rated.set(queue, rate);
    else this.rated.delete(queue);
  };

  private move(queue: EndpointQueue, from: Set<EndpointQueue>, to: Set<EndpointQueue>): void {
    if (from.delete(queue)) to.add(queue);
  }

  /** Puts a lane that has ids waiting at the end of its queue, unless it waits in one: a proven one in the one given. */
  private schedule(queue: EndpointQueue, healthy = this.healthy): void {
    if (queue.depth === 0 || this.groups.some((group) => group.has(queue))) return;
    (queue.isHealthy ? healthy : this.unknown).add(queue);
  }

  private *nonEmpty(): Iterable<EndpointQueue> {
    for (const group of this.groups) yield* group;
  }

  private queueOf(subscriptionId: string): EndpointQueue {
    let queue = this.all.get(subscriptionId);
    if (!queue) {
      if (this.all.size >= MAX_QUEUES) this.dropIdle();
      queue = new EndpointQueue(subscriptionId, this.onUnknownResult, this.onRateChanged);
      this.all.set(subscriptionId, queue);
    }
    return queue;
  }

  private dropIdle(): void {
    for (const [id, queue] of this.all) {
      if (queue.inFlight > 0 || queue.depth > 0 || queue.overflowed) continue;
      this.all.delete(id);
      this.rated.delete(queue);
    }
  }
}
