import { IdTable } from '../../lib/id-table.js';
import type { SendableEndpoint } from '../../deliveries/local-dispatch.js';
import type { InFlightId, LeasingId } from './delivery-states.js';
import { RateSlots } from './rate-slots.js';

/** In-flight requests a new endpoint starts with; below the default pause after 10 failures. */
const INITIAL_LIMIT = 8;
/** After so long without a request, milliseconds, the cap grows anew: its connections are closed, and 64 opened in one turn of the event loop take 56 ms. */
const IDLE_MS = 2_000;
/** No endpoint gets more requests at once from one worker, however slow it is. */
const MAX_LIMIT = 256;
/** Ids a lane remembers; what overflows stays in the database and is fetched when the lane runs dry. */
const MAX_WAITING = 2_000;
/** An answer within this time, milliseconds, is a quick one. */
const QUICK_MS = 200;
/**
 * Requests at once that are enough for an endpoint, and for a slow one this many for each millisecond it takes: 1,300 a
 * second. More of them add no speed; their answers come in one turn of the event loop, and somebody else's event waits for
 * it. Fewer make smaller claims, each row of which costs more.
 */
const SUFFICIENT = 128;
const SUFFICIENT_PER_MS = 1.3;
/**
 * Where many wait, the part of an endpoint's requests that must be over before others start. One by one as answers come,
 * claims of 20 rows cost a tenth of all CPU more than claims of 40.
 */
const REFILL_FRACTION = 1 / 4;
/** However many endpoints are flooded, each may have this many requests at once. */
const MIN_SHARE = 8;
/** Rounds of requests that count as soon. */
const ROUNDS_SOON = 4;
/** More ids than this that wait at once are a flood, and so is what comes within this time, milliseconds. */
const FLOOD = 32;
const FLOOD_MS = 1_000;

/** What a subscription allows. */
export interface EndpointRules {
  /** Failures in a row that pause it; null: none do. */
  pauseAfter: number | null;
  /** Requests a second; null: any number. */
  ratePerSecond: number | null;
}

/**
 * One endpoint's place in a worker: which deliveries wait, how many requests are out, and how many may be.
 * The cap grows with every success and halves when the endpoint times out or says 429, so a slow endpoint costs
 * its own share and nobody else's. Waiting ids are not claimed: they are hints, and losing them loses nothing.
 */
export class EndpointQueue {
  /** Whether the database may hold due deliveries this lane has forgotten. */
  overflowed = false;
  inFlight = 0;
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

  /** `onJudged` hears how an endpoint that has not proven itself answered, `onRate` of another rate. */
  constructor(
    readonly subscriptionId: string,
    private readonly onUnknownResult: (lane: EndpointQueue, good: boolean) => void = () => undefined,
    private readonly onRate: (lane: EndpointQueue, rate: RateSlots | null) => void = () => undefined,
  ) {}

  /** Whether its last answer was good, whole and short: what goes here costs little, and is not kept waiting by what may not. */
  get isHealthy(): boolean {
    return this.healthy;
  }

  /** Whether the endpoint keeps nobody waiting, as far as is known. */
  get isQuick(): boolean {
    return !this.suspended && this.failures === 0 && this.rate === null && this.lastMs < QUICK_MS;
  }

  get depth(): number {
    return this.waiting.length;
  }

  /**
   * How much of what waits can leave soon. A lane that stands still weighs next to nothing, however long it is: the
   * jobs of other endpoints do not wait for it.
   */
  get pressure(): number {
    if (this.suspended) return 0;
    const soon = this.rate?.perSecond ?? this.currentLimit() * ROUNDS_SOON;
    return Math.min(this.waiting.length, soon);
  }

  /** Whether nothing has left for so long, at `now` (monotonic milliseconds), that its connections are closed: the next request opens one. */
  isIdle(now: number): boolean {
    return this.inFlight === 0 && now - this.lastStart - this.lastMs > IDLE_MS;
  }

  /** Whether much waits here at `now` (monotonic milliseconds), or did a moment ago: a little later is soon enough for each. */
  isFlooded(now: number): boolean {
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
   * How many more requests may start when all flooded endpoints share what is enough, and this one's part is `share`; more to one
   * that is slow.
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
   * How many new deliveries may come past the queue: as many as leave soon, and none where something is wrong or older
   * ones wait in the database.
   */
  get localCapacity(): number {
    if (!this.healthy || this.suspended || this.failures > 0 || this.rate || this.overflowed) return 0;
    return Math.max(0, this.concurrencyLimit * ROUNDS_SOON - this.waiting.length);
  }

  /** When `room` may become positive by the passing of time alone; null when only a finished request can help. */
  nextSlotAt(now: number): number | null {
    return this.rate && !this.suspended && this.inFlight < this.currentLimit() ? this.rate.nextAt(now) : null;
  }

  /** Takes up to `count` ids, oldest first. Each holds one of the queue's places until it is released or finished. */
  dequeue(count: number, now: number): LeasingId[] {
    if (this.waiting.length > FLOOD) this.floodedAt = now;
    const ids = this.waiting.splice(0, count);
    this.inFlight += ids.length;
    this.rate?.use(ids.length, now);
    if (ids.length > 0) this.lastStart = now;
    return ids as LeasingId[];
  }

  /** Whether what was taken here was taken at the rate that the endpoint has. */
  knowsRate({ ratePerSecond }: { ratePerSecond: number | null }): boolean {
    return (this.rate?.perSecond ?? null) === ratePerSecond;
  }

  /** Learns the endpoint's failures in a row and its rules, as of a claim. */
  updateRules(failures: number, rules: EndpointRules): void {
    // A claim may be older than the last settled failure, and would then allow one request too many.
    this.failures = Math.max(this.failures, failures);
    this.pauseAfter = rules.pauseAfter;
    if (!this.knowsRate(rules)) {
      this.rate = rules.ratePerSecond === null ? null : new RateSlots(rules.ratePerSecond);
      this.onRate(this, this.rate);
    }
    if (!this.hasRules) this.concurrencyLimit = INITIAL_LIMIT;
    this.hasRules = true;
  }

  /** A statement sent at `at` (monotonic milliseconds) found the endpoint's gate open. */
  markSendable(endpoint: SendableEndpoint, checkedAt: number): void {
    this.sendable = endpoint;
    this.checkedAt = checkedAt;
  }

  /** The gate, when it was seen open since `since` and nothing has gone wrong. */
  sendableSince(since: number): SendableEndpoint | null {
    return this.healthy && this.failures === 0 && this.checkedAt >= since ? this.sendable : null;
  }

  /** Frees the place of an id that is not sent now. */
  release(id: LeasingId): void {
    this.freePlace(id);
  }

  /** The attempt of a leased delivery starts, with its endpoint's failures in a row and rules as the lease found them. */
  begin(id: LeasingId, failures: number, rules: EndpointRules): InFlightId {
    this.updateRules(failures, rules);
    return id as string as InFlightId;
  }

  /** Frees the place of an id whose attempt is over. */
  finish(id: InFlightId): void {
    this.freePlace(id);
  }

  /** An attempt succeeded in so many milliseconds; `cheap` unless its answer was long, broken off or not over by the deadline. */
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

  /** Nothing leaves until `resume`: our own network is out, and what would leave could not arrive. */
  suspend(): void {
    this.suspended = true;
  }

  /** Gently: others go on in the same moment. */
  resume(): void {
    this.suspended = false;
    this.concurrencyLimit = Math.min(this.concurrencyLimit, INITIAL_LIMIT);
  }

  /**
   * The subscription was paused: what waits here is held in the database now, and would get ahead of older deliveries
   * when it is resumed. It starts again with one request at a time. Gives what it forgot.
   */
  resetAfterPause(): string[] {
    this.concurrencyLimit = 1;
    this.overflowed = false;
    return this.clear();
  }

  /** Forgets what waits; gives it to be rung for elsewhere. */
  clear(): string[] {
    const ids = this.waiting.splice(0);
    for (const id of ids) this.knownIds.delete(id);
    return ids;
  }

  private freePlace(id: string): void {
    this.inFlight -= 1;
    this.knownIds.delete(id);
  }

  // A failing endpoint is asked no more often than it may still fail: it is paused by the tenth failure, not the twentieth.
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
