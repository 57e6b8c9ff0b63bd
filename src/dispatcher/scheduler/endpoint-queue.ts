import { IdTable } from '../../lib/id-table.js';
import type { Throttle } from '../../endpoints/throttles.js';
import type { SendableEndpoint } from '../../endpoints/sendable-endpoints.js';
import { Crowd } from './crowd.js';
import type { InFlightId, LeasingId } from './delivery-states.js';
import { RateSlots } from './rate-slots.js';

/** Requests at once that a new endpoint starts with; fewer than the 10 failures that pause it by default. */
const INITIAL_LIMIT = 8;
/**
 * After so long without a request, milliseconds, its connections are closed, and the concurrency limit grows anew (ADR
 * 9).
 */
const IDLE_MS = 2_000;
/** No endpoint gets more requests at once from one worker, however slow it is. */
const MAX_LIMIT = 256;
/** Ids a queue remembers. Further ones stay in the database and are fetched when the queue has run dry. */
const MAX_WAITING = 2_000;
/** An endpoint that responds within this time, milliseconds, is quick. */
const QUICK_MS = 200;
/**
 * Requests at once that are enough for an endpoint; for a slow one, so many for each millisecond that it takes. More
 * add no speed, but longer turns of the event loop; fewer make smaller leases (ADR 9).
 */
const SUFFICIENT = 128;
const SUFFICIENT_PER_MS = 1.3;
/**
 * Where many wait, the part of an endpoint's requests that must be over before others start: larger leases cost less
 * (ADR 9).
 */
const REFILL_FRACTION = 1 / 4;
/** However many endpoints are flooded, each may have this many requests at once. */
const MIN_SHARE = 8;
/** What can leave within so many rounds of requests leaves soon. */
const ROUNDS_SOON = 4;
/** More waiting ids than this are a flood, which is not over before none were for this time, milliseconds. */
const FLOOD = 32;
const FLOOD_MS = 1_000;

/** With more waiting ids than this, publishers of further single events for the endpoint are slowed down. */
const BEHIND = 200;

/** What a subscription allows. */
export interface EndpointRules {
  /** Failures in a row that pause it; null: none do. */
  pauseAfter: number | null;
  /** Requests a second; null: any number. */
  ratePerSecond: number | null;
}

/**
 * One endpoint's queue in a worker: which deliveries wait, how many requests are in flight, and how many may be. The
 * concurrency limit is AIMD: it grows by one with each success and halves on a time-out, a 429 or a 503, so a slow
 * endpoint slows down no other. Waiting ids have no lease: they are hints, and nothing is lost with them.
 */
export class EndpointQueue {
  /** Whether the database may have due deliveries that this queue has no ids of. */
  overflowed = false;
  /** Whether it sends what was held: then its length is not due to present publishers. */
  isReleasing = false;
  inFlight = 0;
  /** The endpoints of its space for which something waits; it alone until the space is known. */
  crowd = new Crowd();
  isOfKnownSpace = false;
  private readonly waiting: string[] = [];
  private readonly knownIds = new IdTable<true>();
  private concurrencyLimit = 1;
  private hasRules = false;
  private failures = 0;
  private suspended = false;
  private healthy = false;
  private pauseAfter: number | null = null;
  private rate: RateSlots | null = null;
  private lastStart = -Infinity;
  private lastMs = 0;
  private floodedAt = -Infinity;
  private sendable: SendableEndpoint | null = null;
  private checkedAt = -Infinity;

  /**
   * `onUnknownResult` is called with the result of an attempt while the endpoint is unknown, `onRate` with a new rate.
   */
  constructor(
    readonly subscriptionId: string,
    private readonly onUnknownResult: (queue: EndpointQueue, good: boolean) => void = () => undefined,
    private readonly onRate: (queue: EndpointQueue, rate: RateSlots | null) => void = () => undefined,
  ) {}

  /** Whether its last response was a success, complete and short. Else it is unknown what a request to it costs. */
  get isHealthy(): boolean {
    return this.healthy;
  }

  /** Whether its deliveries wait for this process only, and not for the endpoint, as far as is known. */
  get isQuick(): boolean {
    return !this.suspended && this.failures === 0 && this.rate === null && this.lastMs < QUICK_MS;
  }

  /** Whether fewer requests leave than could: it was overloaded, has failed, or has a rate and more waiting. */
  get isHeldBack(): boolean {
    if (!this.hasRules) return false;
    const isSlowed = this.concurrencyLimit < INITIAL_LIMIT || this.failures > 0;
    return isSlowed || (this.rate !== null && this.waiting.length > 0);
  }

  throttleAt(now: number): Throttle {
    return {
      subscriptionId: this.subscriptionId,
      concurrency: this.currentLimit(),
      inFlight: this.inFlight,
      waiting: this.waiting.length,
      isBehind: !this.isHeldBack && this.isBehind(now),
    };
  }

  /** Whether many ids wait at `now` (monotonic milliseconds), and not for the endpoint. */
  isBehind(now: number): boolean {
    if (this.isReleasing || this.waiting.length <= BEHIND) return false;
    return this.healthy && (this.isQuick || this.capacity(now) > 0);
  }

  get depth(): number {
    return this.waiting.length;
  }

  /**
   * How many of the waiting ids can leave soon. A long queue that stands still counts little: other endpoints' jobs go
   * on.
   */
  get pressure(): number {
    if (this.suspended) return 0;
    const soon = this.rate?.perSecond ?? this.currentLimit() * ROUNDS_SOON;
    return Math.min(this.waiting.length, soon);
  }

  /** Whether its connections are closed at `now` (monotonic milliseconds), since nothing has left for long. */
  isIdle(now: number): boolean {
    return this.inFlight === 0 && now - this.lastStart - this.lastMs > IDLE_MS;
  }

  join(crowd: Crowd): void {
    this.crowd = crowd;
    this.isOfKnownSpace = true;
  }

  /** Whether many ids wait for it or for its space at `now` (monotonic milliseconds): each may leave a little later. */
  isFlooded(now: number): boolean {
    return this.hasMany(now) || this.crowd.isCrowded(now);
  }

  /** Whether many ids wait at `now` (monotonic milliseconds), or did a moment ago. */
  hasMany(now: number): boolean {
    return this.waiting.length > FLOOD || now - this.floodedAt < FLOOD_MS;
  }

  /** Queues ids it does not know yet. */
  add(ids: Iterable<string>): void {
    for (const id of ids) {
      if (this.knownIds.has(id)) continue;
      if (this.waiting.length >= MAX_WAITING) {
        this.overflowed = true;
        return;
      }
      this.knownIds.set(id, true);
      this.waiting.push(id);
    }
  }

  /** How many more requests may start at `now` (monotonic milliseconds). */
  capacity(now: number): number {
    if (this.suspended) return 0;
    if (this.isIdle(now)) this.concurrencyLimit = Math.min(this.concurrencyLimit, INITIAL_LIMIT);
    const limit = this.currentLimit();
    const free = limit - this.inFlight;
    if (this.rate) return Math.min(this.rate.due(now), free);
    return this.waiting.length > FLOOD && free < limit * REFILL_FRACTION ? 0 : free;
  }

  /**
   * How many more requests may start while each flooded endpoint may have `share` of them; a slow one may have more.
   */
  capacityWithin(share: number): number {
    if (share === Infinity) return Infinity;
    const part = Math.ceil(
      Math.max(MIN_SHARE, share, (share / SUFFICIENT) * this.lastMs * SUFFICIENT_PER_MS),
    );
    const free = part - this.inFlight;
    return free < part * REFILL_FRACTION ? 0 : free;
  }

  /**
   * How many new deliveries may be leased locally: as many as leave soon; none with failures, a rate, or older ones
   * waiting.
   */
  get localCapacity(): number {
    if (!this.healthy || this.suspended || this.failures > 0 || this.rate || this.overflowed) return 0;
    return Math.max(0, this.concurrencyLimit * ROUNDS_SOON - this.waiting.length);
  }

  /** Whether deliveries may be leased locally soon, at `now` (monotonic milliseconds), although none may yet. */
  hasRoomSoon(now: number): boolean {
    return this.healthy && (this.isQuick || this.isBehind(now));
  }

  /**
   * When `capacity` may become positive with time alone, monotonic milliseconds; null when a request must end first.
   */
  nextSlotAt(now: number): number | null {
    return this.rate && !this.suspended && this.inFlight < this.currentLimit() ? this.rate.nextAt(now) : null;
  }

  /** Takes up to `count` ids, oldest first. Each holds one of the queue's places until it is released or finished. */
  dequeue(count: number, now: number): LeasingId[] {
    if (this.waiting.length > FLOOD) this.floodedAt = now;
    const ids = this.waiting.splice(0, count);
    this.inFlight += ids.length;
    this.rate?.use(ids.length, now);
    if (this.waiting.length === 0) this.isReleasing = false;
    if (ids.length > 0) this.lastStart = now;
    return ids as LeasingId[];
  }

  /** Whether this is the rate by which ids are dequeued. */
  knowsRate({ ratePerSecond }: { ratePerSecond: number | null }): boolean {
    return (this.rate?.perSecond ?? null) === ratePerSecond;
  }

  /** Takes over the endpoint's failures in a row and its rules, as a lease found them. */
  updateRules(failures: number, rules: EndpointRules): void {
    // A lease may be older than the last settled failure, and would then allow one request too many.
    this.failures = Math.max(this.failures, failures);
    this.pauseAfter = rules.pauseAfter;
    if (!this.knowsRate(rules)) {
      this.rate = rules.ratePerSecond === null ? null : new RateSlots(rules.ratePerSecond);
      this.onRate(this, this.rate);
    }
    if (!this.hasRules) this.concurrencyLimit = INITIAL_LIMIT;
    this.hasRules = true;
  }

  /** A statement sent at `checkedAt` (monotonic milliseconds) found the endpoint sendable. */
  markSendable(endpoint: SendableEndpoint, checkedAt: number): void {
    this.sendable = endpoint;
    this.checkedAt = checkedAt;
  }

  /** The endpoint, when it was found sendable at or after `since` (monotonic milliseconds) and has not failed. */
  sendableSince(since: number): SendableEndpoint | null {
    return this.healthy && this.failures === 0 && this.checkedAt >= since ? this.sendable : null;
  }

  /** Frees the place of an id that is not sent now. */
  release(id: LeasingId): void {
    this.freePlace(id);
  }

  /** The same for one that another worker has, or had: what waits next has its slot of the rate. */
  releaseToOthers(id: LeasingId): void {
    this.freePlace(id);
    this.rate?.takeBack();
  }

  /**
   * The attempt of a leased delivery starts, with its endpoint's failures in a row and rules as the lease found them.
   */
  begin(id: LeasingId, failures: number, rules: EndpointRules): InFlightId {
    this.updateRules(failures, rules);
    return id as string as InFlightId;
  }

  /** Frees the place of an id whose attempt is over. */
  finish(id: InFlightId): void {
    this.freePlace(id);
  }

  /** An attempt succeeded in `ms` milliseconds. `cheap`: its response was short and complete. */
  recordSuccess(cheap: boolean, ms: number): void {
    const wasHealthy = this.healthy;
    this.healthy = cheap;
    this.lastMs = ms;
    this.failures = 0;
    this.concurrencyLimit = Math.min(MAX_LIMIT, this.concurrencyLimit + 1);
    if (!wasHealthy) this.onUnknownResult(this, cheap);
  }

  recordFailure(failures: number, overloaded: boolean): void {
    this.failures = failures;
    const wasHealthy = this.healthy;
    this.healthy = false;
    // The failure may have paused the endpoint.
    this.checkedAt = -Infinity;
    if (overloaded) this.concurrencyLimit = Math.max(1, Math.floor(this.concurrencyLimit / 2));
    if (!wasHealthy) this.onUnknownResult(this, false);
  }

  get isSuspended(): boolean {
    return this.suspended;
  }

  /** Nothing leaves until `resume`: this process's own network is down. */
  suspend(): void {
    this.suspended = true;
  }

  /** With few requests at first, since all suspended queues resume at the same time. */
  resume(): void {
    this.suspended = false;
    this.concurrencyLimit = Math.min(this.concurrencyLimit, INITIAL_LIMIT);
  }

  /**
   * The subscription was paused, and its deliveries are held. Returns the ids that waited, which are forgotten: after
   * the resume they would be sent before older ones. It starts again with one request at a time.
   */
  resetAfterPause(): string[] {
    this.concurrencyLimit = 1;
    this.overflowed = false;
    this.isReleasing = false;
    return this.clear();
  }

  /** Forgets the waiting ids, and returns them. */
  clear(): string[] {
    const ids = this.waiting.splice(0);
    for (const id of ids) this.knownIds.delete(id);
    return ids;
  }

  private freePlace(id: string): void {
    this.inFlight -= 1;
    this.knownIds.delete(id);
  }

  // A failing endpoint gets no more requests at once than failures are left before its pause.
  private currentLimit(): number {
    const left =
      this.failures > 0 && this.pauseAfter !== null
        ? Math.max(1, this.pauseAfter - this.failures)
        : MAX_LIMIT;
    return Math.min(
      this.concurrencyLimit,
      Math.max(SUFFICIENT, Math.ceil(this.lastMs * SUFFICIENT_PER_MS)),
      left,
      this.pauseAfter !== null && this.concurrencyLimit <= INITIAL_LIMIT ? this.pauseAfter : MAX_LIMIT,
    );
  }
}
