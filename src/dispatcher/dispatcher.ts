import { Injectable, Logger, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Clock } from '../core/clock.js';
import { Database } from '../database/database.js';
import { findWaitingDeliveries } from '../deliveries/recover-deliveries.js';
import { Doorbell } from '../queue/doorbell.js';
import type { RingJob } from '../queue/job.js';
import { AttemptRunner } from './attempt-runner.js';
import { Claimer, type Claim } from './claim.js';
import type { Lane } from './lane.js';
import { Lanes, type Taken } from './lanes.js';
import { Pace } from './pace.js';

/** Ids one claiming statement asks for. */
const MAX_CLAIM = 256;
const PARALLEL_CLAIMS = 2;
/** Attempts under way in this process, unsettled ones included: what bounds memory and sockets. */
const MAX_UNDER_WAY = 4_096;
/** Ids about to leave beyond which jobs wait in the queue, where another worker may take them. */
const MAX_PRESSURE = 5_000;
const REFILL = 1_000;
const DATABASE_AWAY_MS = 500;

/**
 * The heart of a worker. Rung ids wait in their endpoint's lane; whenever a lane has room they are claimed in batches
 * and sent at once, so nothing claimed ever waits and a pause or deletion is seen by everything not yet under way.
 */
@Injectable()
export class Dispatcher implements BeforeApplicationShutdown {
  private readonly logger = new Logger('dispatcher');
  private readonly lanes = new Lanes();
  private readonly pace = new Pace();
  private claiming = 0;
  private pumping = false;
  private stopped = false;
  private opening: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly claimer: Claimer,
    private readonly runner: AttemptRunner,
    private readonly doorbell: Doorbell,
  ) {
    this.runner.onFree = () => this.pump();
  }

  /** Takes a job's ids in. Resolves at once while there is room, else when some has been made or after a second. */
  async offer(job: RingJob): Promise<void> {
    for (let waited = 0; this.lanes.pressure > MAX_PRESSURE && waited < 1_000 && !this.stopped; waited += 20)
      await sleep(20);
    if (this.stopped) return;
    for (const [subscriptionId, ids] of job.due) this.lanes.offer(subscriptionId, ids);
    this.pump();
  }

  /** Stops taking work, lets requests under way end, aborts and hands back the rest. */
  async beforeApplicationShutdown(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.opening);
    const waiting = this.lanes.clear();
    while (this.claiming > 0) await sleep(5);
    await this.runner.drain();
    // Ringing is a courtesy to the other workers: without it they would find the same ids at the next sweep.
    this.doorbell.ring(waiting);
  }

  private pump(): void {
    if (this.pumping || this.stopped) return;
    this.pumping = true;
    // One turn of the event loop: everything a burst of jobs and answers makes possible shares one claim.
    setImmediate(() => {
      this.pumping = false;
      while (!this.stopped && this.claiming < PARALLEL_CLAIMS) {
        const room = Math.min(MAX_CLAIM, MAX_UNDER_WAY - this.runner.underWay);
        const { taken, risky } = this.lanes.take(room, performance.now(), this.pace.isOpen);
        if (risky) this.pace.pass(() => this.pump());
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
    const at = this.lanes.opensAt();
    clearTimeout(this.opening);
    if (at !== null) this.opening = setTimeout(() => this.pump(), Math.max(1, at - performance.now()));
  }

  private async run(taken: Taken[]): Promise<void> {
    let claimed: Claim;
    try {
      claimed = await this.claimer.claim(taken.map(({ id }) => id));
    } catch (error) {
      this.logger.error({
        msg: 'deliveries.claim_failed',
        deliveries: taken.length,
        error: (error as Error).message,
      });
      for (const { id, lane } of taken) this.giveBack(lane, id);
      await sleep(DATABASE_AWAY_MS);
      return;
    }
    for (const { at, ...due } of claimed.later) this.doorbell.ring([due], at);
    const ready = new Map(claimed.ready.map((one) => [one.delivery.id, one]));
    for (const { id, lane } of taken) {
      const mine = ready.get(id);
      if (mine) this.runner.start(lane, mine);
      else lane.release(id);
    }
    await this.refill(new Set(taken.map(({ lane }) => lane)));
  }

  private giveBack(lane: Lane, id: string): void {
    lane.release(id);
    this.lanes.offer(lane.subscriptionId, [id]);
  }

  /** Fetches what overflowing lanes forgot, once they have run dry. */
  private async refill(lanes: Set<Lane>): Promise<void> {
    for (const lane of lanes) {
      if (!lane.overflowed || lane.depth > 0) continue;
      lane.overflowed = false;
      const ids = await findWaitingDeliveries(
        this.database.sql,
        lane.subscriptionId,
        this.clock.date(),
        REFILL,
      ).catch(() => []);
      this.lanes.offer(lane.subscriptionId, ids);
      if (ids.length === REFILL) lane.overflowed = true;
    }
  }
}
