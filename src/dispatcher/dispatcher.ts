import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Handoff, type Handed, type LocalWorker, type Looked, type OpenGate } from '../deliveries/handoff.js';
import { Doorbell } from '../queue/doorbell.js';
import type { DueDelivery, RingJob } from '../queue/job.js';
import { AttemptRunner } from './attempt-runner.js';
import { Claimer, type Claim, type ReadyDelivery } from './claim.js';
import { Consideration } from './consideration.js';
import { HandedOver } from './handed-over.js';
import { Heartbeat } from './heartbeat.js';
import type { Lane } from './lane.js';
import { Lanes, type Taken } from './lanes.js';

/** Ids one claiming statement asks for. */
const MAX_CLAIM = 128;
const PARALLEL_CLAIMS = 2;
/** Attempts under way in this process, unsettled ones included: what bounds memory and sockets. */
const MAX_UNDER_WAY = 4_096;
/** Ids about to leave beyond which jobs wait in the queue, where another worker may take them. */
const MAX_PRESSURE = 5_000;
/** Ids that a lane is refilled with, and while single deliveries would feel it: a release is an update of so many rows. */
const REFILL = 1_000;
const SMALL_REFILL = 200;
const DATABASE_AWAY_MS = 500;

/** More deliveries than this wait for nothing but this process when it is behind. */
const MUCH = 300;
/** For how long a look at a subscription counts for what leaves, milliseconds: as long as the way from a look to a request may take. */
const MOMENT_MS = 20;
/** What came past the queue leaves within this time, milliseconds, or takes the ordinary way. */
const HANDED_MS = 2_000;

/**
 * The heart of a worker. Rung ids wait in their endpoint's lane; whenever a lane has room they are claimed in batches
 * and sent at once, so nothing claimed ever waits and a pause or deletion is seen by everything not yet under way.
 * What a publisher in this process hands over is leased already, and looked at in the same moment instead.
 */
@Injectable()
export class Dispatcher implements LocalWorker, OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('dispatcher');
  private readonly lanes = new Lanes();
  private readonly handed = new HandedOver();
  private readonly consideration = new Consideration();
  private claiming = 0;
  private pumping = false;
  private stopped = false;
  private opening: NodeJS.Timeout | undefined;
  private tidying: NodeJS.Timeout | undefined;

  constructor(
    private readonly claimer: Claimer,
    private readonly runner: AttemptRunner,
    private readonly doorbell: Doorbell,
    private readonly handoff: Handoff,
    private readonly heartbeat: Heartbeat,
  ) {
    this.runner.onFree = () => this.pump();
    this.runner.onCooled = (lane, ids) => void this.cooled(lane, ids);
  }

  onApplicationBootstrap(): void {
    this.handoff.worker = this;
    const tidy = () => this.letGo(this.handed.takeOlderThan(performance.now() - HANDED_MS));
    this.tidying = setInterval(() => void tidy(), HANDED_MS / 2);
  }

  room(subscriptionId: string): number {
    return this.stopped || this.handed.isFull || !this.heartbeat.isFresh
      ? 0
      : this.lanes.handRoom(subscriptionId);
  }

  newLease(): string {
    return this.heartbeat.newLease();
  }

  ring(due: DueDelivery[]): DueDelivery[] {
    if (this.stopped) return due;
    const rest = due.filter(({ subscriptionId, id }) => !this.lanes.offerShort(subscriptionId, id));
    this.pump();
    return rest;
  }

  isBehind(): boolean {
    return this.lanes.backlog > MUCH;
  }

  /** Takes deliveries in that a publisher of this process has leased to it. */
  take(handed: Handed[], looked: Looked): void {
    const now = performance.now();
    this.lanes.sawOpen(looked);
    for (const one of handed) {
      this.handed.add(one, now);
      this.lanes.offer(one.delivery.subscriptionId, [one.delivery.id]);
    }
    this.pump();
  }

  /** Takes a job's ids in. Resolves at once while there is room, else when some has been made or after a second. */
  async offer(job: RingJob): Promise<void> {
    for (let waited = 0; this.lanes.pressure > MAX_PRESSURE && waited < 1_000 && !this.stopped; waited += 20)
      await sleep(20);
    if (this.stopped) return;
    for (const [subscriptionId, ids] of job.due)
      this.lanes.offer(subscriptionId, ids, job.more?.includes(subscriptionId));
    this.pump();
  }

  /** Stops taking work, lets requests under way end, aborts and hands back the rest. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.opening);
    clearInterval(this.tidying);
    const waiting = this.lanes.clear();
    await this.letGo(this.handed.takeOlderThan(Infinity));
    while (this.claiming > 0) await sleep(5);
    await this.runner.drain();
    // Ringing is a courtesy to the other workers: without it they would find the same ids at the next sweep.
    this.doorbell.ring(waiting);
    await this.doorbell.rung();
  }

  private pump(): void {
    if (this.pumping || this.stopped) return;
    this.pumping = true;
    // One turn of the event loop: everything a burst of jobs and answers makes possible shares one claim.
    setImmediate(() => {
      this.pumping = false;
      this.askForSlots();
      while (!this.stopped && this.claiming < PARALLEL_CLAIMS) {
        const room = Math.min(MAX_CLAIM, MAX_UNDER_WAY - this.runner.underWay);
        const now = performance.now();
        const departures = this.lanes.take(room, now, this.consideration.allows(now));
        this.consideration.left(departures, now, () => this.pump());
        const taken = [...departures.lone, ...departures.cold, ...departures.flood, ...departures.risky];
        if (taken.length === 0) return this.wakeAtOpening();
        this.claiming += 1;
        void this.run(taken).finally(() => {
          this.claiming -= 1;
          this.pump();
        });
      }
    });
  }

  private wakeAtOpening(): void {
    const at = this.lanes.opensAt(performance.now());
    clearTimeout(this.opening);
    if (at !== null) this.opening = setTimeout(() => this.pump(), Math.max(1, at - performance.now()));
  }

  private async run(taken: Taken[]): Promise<void> {
    const handed: (Taken & { handed: Handed })[] = [];
    const rung: Taken[] = [];
    for (const one of taken) {
      const found = this.handed.take(one.id);
      if (found) handed.push({ id: one.id, lane: one.lane, handed: found });
      else rung.push(one);
    }
    await Promise.all([handed.length > 0 && this.confirm(handed), rung.length > 0 && this.claim(rung)]);
    await this.refill(new Set(taken.map(({ lane }) => lane)));
  }

  private async claim(taken: Taken[]): Promise<void> {
    let claimed: Claim;
    try {
      claimed = await this.claimer.claim(taken.map(({ id }) => id));
    } catch (error) {
      this.complain(taken.length, error);
      for (const { id, lane } of taken) this.giveBack(lane, id);
      await sleep(DATABASE_AWAY_MS);
      return;
    }
    for (const { at, ...due } of claimed.later) this.doorbell.ring([due], at);
    this.start(taken, claimed.ready, (lane, id) => lane.release(id));
  }

  /** Looks at the subscriptions of these lanes, but for those that were looked at a moment ago. */
  private async look(lanes: Set<Lane>): Promise<OpenGate[]> {
    const at = performance.now();
    const open: OpenGate[] = [];
    const unknown: string[] = [];
    for (const lane of lanes) {
      const gate = lane.openSince(at - MOMENT_MS);
      if (gate) open.push(gate);
      else unknown.push(lane.subscriptionId);
    }
    if (unknown.length === 0) return open;
    const looked = { open: await this.claimer.look(unknown), at };
    this.lanes.sawOpen(looked);
    return [...open, ...looked.open];
  }

  /** What turns out to be barred is put back, and claimed: that knows what to do with it. */
  private async confirm(taken: (Taken & { handed: Handed })[]): Promise<void> {
    const all = taken.map(({ handed }) => handed);
    try {
      const looked = await this.look(new Set(taken.map(({ lane }) => lane)));
      const ready = await this.claimer.confirm(all, looked);
      this.start(taken, ready, (lane, id) => this.giveBack(lane, id));
    } catch (error) {
      this.complain(taken.length, error);
      for (const { id, lane } of taken) this.giveBack(lane, id);
      const now = performance.now();
      for (const one of all) this.handed.add(one, now);
      await sleep(DATABASE_AWAY_MS);
    }
  }

  /** Nothing is sent without a slot: where nobody can give one out, what is limited waits. */
  private askForSlots(): void {
    for (const { lane, rate, count } of this.lanes.slotsWanted(performance.now())) {
      rate.asked();
      this.claimer
        .takeSlots(lane.subscriptionId, count, rate.perSecond)
        .then((at) => rate.given(at, count))
        .catch(async () => {
          await sleep(DATABASE_AWAY_MS);
          rate.given(0, 0);
        })
        .finally(() => this.pump());
    }
  }

  private start(taken: Taken[], ready: ReadyDelivery[], other: (lane: Lane, id: string) => void): void {
    const early: (Taken & { ready: ReadyDelivery })[] = [];
    const byId = new Map(ready.map((one) => [one.delivery.id, one]));
    for (const { id, lane } of taken) {
      const mine = byId.get(id);
      if (!mine) other(lane, id);
      else if (mine.endpoint.ratePerSecond === null || lane.knowsRate(mine.endpoint))
        this.runner.start(lane, mine);
      else early.push({ id, lane, ready: mine });
    }
    if (early.length > 0) void this.postpone(early);
  }

  /** Puts back what was taken before its endpoint's rate was known: it takes a slot like everything else. */
  private async postpone(early: (Taken & { ready: ReadyDelivery })[]): Promise<void> {
    for (const { lane, ready } of early) lane.learn(ready.delivery.subscriptionFailures, ready.endpoint);
    await this.claimer
      .putBack(early.map(({ ready }) => ready))
      .catch((error: unknown) => this.complain(early.length, error));
    for (const { id, lane } of early) this.giveBack(lane, id);
    this.pump();
  }

  private complain(deliveries: number, error: unknown): void {
    this.logger.error({ msg: 'deliveries.claim_failed', deliveries, error: (error as Error).message });
  }

  private giveBack(lane: Lane, id: string): void {
    lane.release(id);
    this.lanes.offer(lane.subscriptionId, [id]);
  }

  /** Gives up the leases of what was handed over and does not leave soon, and rings: an ordinary claim knows what to do with it. */
  private async letGo(handed: Handed[]): Promise<void> {
    if (handed.length === 0) return;
    // Without the database the leases run out by themselves.
    await this.claimer.release(handed).catch((error: unknown) => this.complain(handed.length, error));
    this.doorbell.ring(handed.map(({ delivery: { id, subscriptionId } }) => ({ id, subscriptionId })));
  }

  /**
   * What a lane forgot when it was paused is held in the database, but for what was handed over, what had just been put back
   * from that, and what a resume rang for in the same moment.
   */
  private async cooled(lane: Lane, ids: string[]): Promise<void> {
    const handed = ids.flatMap((id) => this.handed.take(id) ?? []);
    await this.letGo(handed);
    if (handed.length === ids.length || this.stopped) return;
    lane.overflowed = true;
    await this.refill(new Set([lane]));
    this.pump();
  }

  /** Fetches what overflowing lanes forgot, once they have run dry. */
  private async refill(lanes: Set<Lane>): Promise<void> {
    for (const lane of lanes) {
      if (!lane.overflowed || lane.depth > 0) continue;
      lane.overflowed = false;
      const count = this.consideration.floodIsFelt(performance.now()) ? SMALL_REFILL : REFILL;
      const ids = await this.claimer.waiting(lane.subscriptionId, count).catch(() => []);
      this.lanes.offer(lane.subscriptionId, ids);
      if (ids.length === count) lane.overflowed = true;
    }
  }
}
