import type { SendableCheck } from '../../deliveries/locally-leased.js';
import type { DueDelivery } from '../../queue/deliver-job.js';
import type { Throttle } from '../../endpoints/throttles.js';
import { Crowd } from './crowd.js';
import type { LeasingId } from './delivery-states.js';
import { EndpointQueue } from './endpoint-queue.js';
import { FairGroup } from './fair-group.js';
import type { RateSlots } from './rate-slots.js';

/** Ids that one queue gives in its turn: enough for a batch, and few enough for the others. */
const TURN = 32;
/**
 * Deliveries to unknown endpoints that leave together, at first: opening a connection costs more than a request (ADR
 * 9).
 */
const UNKNOWN_AT_ONCE = 8;
/** So many leave together while they succeed: after a restart all endpoints are unknown. */
const MAX_UNKNOWN_AT_ONCE = 64;
/** Ids of a flood that leave together while it is spread; of a great one, this part of what can leave soon. */
const FLOOD_AT_ONCE = 32;
const FLOOD_FRACTION = 1 / 64;
/** However much one space has, its part of a group is not above `FLOOD_AT_ONCE`. */
const SOON_OF_SPACE = FLOOD_AT_ONCE / FLOOD_FRACTION;
/** Where many connections have to be opened, at least this part of them is opened at once. */
const IDLE_FRACTION = 1 / 128;
/** Requests at once to all flooded endpoints, in equal shares; fewer while single deliveries leave, too. */
const FLOOD_IN_FLIGHT = 1_024;
const SPREAD_FLOOD_IN_FLIGHT = 64;
/** Of a queue longer than this, further deliveries are left to other workers. */
const MAX_SHORT = 1_000;
/** Empty queues kept for what they learned about their endpoint. */
const MAX_QUEUES = 20_000;
/** Where more queues are in use, they grow by this factor before empty ones are looked for again. */
const GROWTH = 1.5;

/** What may leave besides single deliveries to healthy endpoints. */
export interface Admission {
  /** Whether deliveries to unknown endpoints may leave, a few of them. */
  unknown: boolean;
  /** How many deliveries may leave for healthy endpoints to which no connection is open. */
  idle: number;
  flood: 'all' | 'a group' | 'none';
}

/** An id that left its endpoint's queue to be leased. */
export interface DequeuedDelivery {
  id: LeasingId;
  queue: EndpointQueue;
}

/** What was dequeued, by the kind of its queue. */
export interface Departures {
  /** Few wait, and the endpoint is healthy. */
  single: DequeuedDelivery[];
  /** The same, but its connections are closed. */
  idle: DequeuedDelivery[];
  /** Many wait for the endpoint, or for others of its space. */
  flood: DequeuedDelivery[];
  /** It is unknown whether the endpoint is healthy. */
  unknown: DequeuedDelivery[];
}

/**
 * The queues of all endpoints in this worker. Spaces take turns, and so do the endpoints of a space, so one endpoint's
 * backlog delays no other. Healthy endpoints come first, those where few wait before floods and crowds; unknown ones
 * share a small part of each batch. In: ids from the `Dispatcher`. Out: the ids to lease next, which it gives to
 * `DeliveryLeaser`.
 */
export class EndpointQueues {
  private readonly all = new Map<string, EndpointQueue>();
  /** By space, where it is known. */
  private readonly crowds = new Map<string, Crowd>();
  /** Queues that are not empty: each is in one of these groups. */
  private readonly healthy = new FairGroup();
  private readonly unknown = new FairGroup();
  /** Healthy ones whose connections are closed. */
  private readonly idle = new FairGroup();
  /** Healthy ones where many wait, or for many others of their space. */
  private readonly flooded = new FairGroup();
  private readonly groups = [this.healthy, this.unknown, this.idle, this.flooded];
  /** Those with a rate limit. */
  private readonly rated = new Map<EndpointQueue, RateSlots>();
  /** How many deliveries to unknown endpoints may leave together: one more after each success, half after a failure. */
  private unknownAtOnce = UNKNOWN_AT_ONCE;
  /** With so many queues empty ones are dropped. */
  private dropAt = MAX_QUEUES;

  /** Sets the space of the endpoint, which takes turns with others from the queue's next turn on. */
  learnSpace(queue: EndpointQueue, spaceId: string): void {
    if (queue.isOfKnownSpace) return;
    let crowd = this.crowds.get(spaceId);
    if (!crowd) this.crowds.set(spaceId, (crowd = new Crowd()));
    queue.join(crowd);
  }

  /** Adds ids; `more`: the database has further due deliveries of the subscription. */
  add(subscriptionId: string, ids: Iterable<string>, more = false): void {
    const queue = this.queueOf(subscriptionId);
    queue.add(ids);
    if (more) queue.overflowed = true;
    this.schedule(queue);
  }

  /** Adds new deliveries of a space. */
  addNew({
    subscriptionId,
    id,
    spaceId,
  }: Required<Pick<DueDelivery, 'id' | 'subscriptionId' | 'spaceId'>>): void {
    this.learnSpace(this.queueOf(subscriptionId), spaceId);
    this.add(subscriptionId, [id]);
  }

  /** Adds an id where few wait. Returns false, and does nothing, where many do. */
  addIfShort({ subscriptionId, id, spaceId }: DueDelivery): boolean {
    const queue = this.queueOf(subscriptionId);
    if (spaceId !== undefined) this.learnSpace(queue, spaceId);
    if (queue.depth >= MAX_SHORT) return false;
    queue.add([id]);
    this.schedule(queue);
    return true;
  }

  /** How many new deliveries of this subscription may be leased locally. */
  localCapacity(subscriptionId: string): number {
    return this.all.get(subscriptionId)?.localCapacity ?? 0;
  }

  /** Whether there will soon be some, at `now` (monotonic milliseconds). */
  hasRoomSoon(subscriptionId: string, now: number): boolean {
    return this.all.get(subscriptionId)?.hasRoomSoon(now) ?? false;
  }

  markSendable({ sendable, checkedAt }: SendableCheck): void {
    for (const endpoint of sendable) this.all.get(endpoint.id)?.markSendable(endpoint, checkedAt);
  }

  /**
   * Endpoints that are held back, by their answers or by their rate, and those with which this worker is behind at
   * `now` (monotonic milliseconds); `most` at the most.
   */
  throttled(most: number, now: number): Throttle[] {
    const found: Throttle[] = [];
    for (const queue of this.all.values()) {
      if (found.length >= most) break;
      if (queue.isHeldBack || queue.isBehind(now)) found.push(queue.throttleAt(now));
    }
    return found;
  }

  /** Whether many ids wait for one of these subscriptions whose endpoint would take them. */
  isBehindFor(subscriptionIds: () => string[], now: number): boolean {
    // Usually nothing waits.
    if (this.groups.every((group) => group.size === 0)) return false;
    return subscriptionIds().some((id) => this.all.get(id)?.isBehind(now));
  }

  /** Ids that wait for this process, and not for their endpoint; without what was held. */
  get backlog(): number {
    let backlog = 0;
    for (const queue of this.nonEmpty()) if (queue.isQuick && !queue.isReleasing) backlog += queue.depth;
    return backlog;
  }

  /** Ids in all queues. */
  get depth(): number {
    let depth = 0;
    for (const queue of this.nonEmpty()) depth += queue.depth;
    return depth;
  }

  /** Ids in all queues that can leave soon. */
  get pressure(): number {
    let pressure = 0;
    for (const queue of this.nonEmpty()) pressure += queue.pressure;
    return pressure;
  }

  /** Waiting → leasing: takes up to `max` ids from the queues that have capacity at `now` (monotonic milliseconds). */
  dequeue(max: number, now: number, admission: Admission): Departures {
    for (const queue of this.healthy.all()) {
      const group = this.groupOf(queue, admission, now);
      if (group !== this.healthy) this.move(queue, this.healthy, group);
    }
    // One for each endpoint: a single success makes it healthy.
    const unknown = admission.unknown
      ? this.dequeueFrom(this.unknown, Math.min(max, this.unknownAtOnce), 1, now)
      : [];
    if (this.unknown.size === 0) this.unknownAtOnce = UNKNOWN_AT_ONCE;
    const floodLimit = this.floodLimit(admission.flood);
    // However many single deliveries there are, a flood gets its part.
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

  /** When the next slot of a rate-limited queue with waiting ids is due, monotonic milliseconds; null: none. */
  nextSlotAt(now: number): number | null {
    let earliest: number | null = null;
    for (const queue of this.rated.keys()) {
      const at = queue.depth > 0 ? queue.nextSlotAt(now) : null;
      if (at !== null && (earliest === null || at < earliest)) earliest = at;
    }
    return earliest;
  }

  /** The rates for which this worker needs further slots, and how many. */
  *slotsNeeded(now: number): Iterable<{ queue: EndpointQueue; rate: RateSlots; count: number }> {
    for (const [queue, rate] of this.rated) {
      const count = rate.needed(queue.depth, now);
      if (count > 0) yield { queue, rate, count };
    }
  }

  /** Forgets all waiting ids, and returns them to be enqueued for other workers. */
  clear(): DueDelivery[] {
    const due = [...this.nonEmpty()].flatMap((queue) =>
      queue.clear().map((id) => ({ id, subscriptionId: queue.subscriptionId })),
    );
    for (const group of this.groups) group.clear();
    return due;
  }

  /** How many ids of floods may leave at once. */
  private floodLimit(mode: Admission['flood']): number {
    if (mode === 'none' || this.flooded.size === 0) return 0;
    if (mode === 'all') return Infinity;
    let soon = 0;
    for (const queues of this.flooded.bySpace()) {
      let mine = 0;
      for (const queue of queues) mine += queue.pressure;
      soon += Math.min(mine, SOON_OF_SPACE);
    }
    return Math.max(FLOOD_AT_ONCE, Math.ceil(soon * FLOOD_FRACTION));
  }

  /** Where a healthy queue waits. While a crowd leaves in groups, these are small enough for new connections, too. */
  private groupOf(queue: EndpointQueue, admission: Admission, now: number): FairGroup {
    if (queue.hasMany(now)) return this.flooded;
    const isCrowded = queue.crowd.isCrowded(now);
    if (queue.isIdle(now) && (!isCrowded || admission.flood === 'all')) return this.idle;
    return isCrowded ? this.flooded : this.healthy;
  }

  private dequeueFrom(
    group: FairGroup,
    max: number,
    turn: number,
    now: number,
    share = Infinity,
  ): DequeuedDelivery[] {
    const taken: DequeuedDelivery[] = [];
    let progress = true;
    while (progress && taken.length < max) {
      progress = false;
      for (const queue of group.inTurn()) {
        if (taken.length >= max) break;
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

  /** A queue that turns healthy moves with all its ids, so that they leave in their order. */
  private readonly onUnknownResult = (queue: EndpointQueue, good: boolean): void => {
    if (good) this.move(queue, this.unknown, this.healthy);
    const next = good ? this.unknownAtOnce + 1 : Math.ceil(this.unknownAtOnce / 2);
    this.unknownAtOnce = Math.max(UNKNOWN_AT_ONCE, Math.min(MAX_UNKNOWN_AT_ONCE, next));
  };

  private readonly onRateChanged = (queue: EndpointQueue, rate: RateSlots | null): void => {
    if (rate) this.rated.set(queue, rate);
    else this.rated.delete(queue);
  };

  private move(queue: EndpointQueue, from: FairGroup, to: FairGroup): void {
    if (from.delete(queue)) to.add(queue);
  }

  /**
   * Puts a queue that is not empty at the end of its group, unless it is in one. `healthy`: the group of healthy ones.
   */
  private schedule(queue: EndpointQueue, healthy = this.healthy): void {
    if (queue.depth === 0 || this.groups.some((group) => group.has(queue))) return;
    (queue.isHealthy ? healthy : this.unknown).add(queue);
  }

  private *nonEmpty(): Iterable<EndpointQueue> {
    for (const group of this.groups) yield* group.all();
  }

  private queueOf(subscriptionId: string): EndpointQueue {
    let queue = this.all.get(subscriptionId);
    if (!queue) {
      if (this.all.size >= this.dropAt) this.dropIdle();
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
    const used = new Set([...this.all.values()].map(({ crowd }) => crowd));
    for (const [spaceId, crowd] of this.crowds) if (!used.has(crowd)) this.crowds.delete(spaceId);
    this.dropAt = Math.max(MAX_QUEUES, Math.ceil(this.all.size * GROWTH));
  }
}
