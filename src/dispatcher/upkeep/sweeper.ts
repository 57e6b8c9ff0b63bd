import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../lib/clock.js';
import { Database } from '../../database/database.js';
import type { Sql } from '../../database/sql.js';
import { QUIET_AFTER_MS, WorkSignal } from '../../database/work-signal.js';
import { advanceRecoveryWatermark, makeRecoverableOf } from '../../deliveries/leased-in-process.js';
import { leaseBounds } from '../../deliveries/lease-bounds.js';
import { OpenWriters } from '../../deliveries/open-writers.js';
import {
  BEFORE_ALL_DUE,
  findDueDeliveries,
  hasLostSql,
  reclaimLostDeliveries,
  findOrphanedSubscriptions,
  releaseForProbe,
  type DuePosition,
} from '../../deliveries/recover-deliveries.js';
import { endedWorkers, HAS_FORGETTABLE } from '../../deliveries/worker-registry.js';
import { DeliveryQueue } from '../../queue/delivery-queue.js';
import type { DueDelivery } from '../../queue/deliver-job.js';
import { publicId } from '../../core/ids.js';
import { RateLimitedLog } from '../../lib/rate-limited-log.js';
import { BoundedLog } from '../../telemetry/bounded-log.js';
import { ProcessMetrics } from '../../telemetry/process-metrics.js';
import { HAS_DUE_PROBE, probeDueSubscriptions } from '../../endpoints/probes.js';
import { Heartbeat } from './heartbeat.js';
import { OrphanReleaser } from './orphan-releaser.js';

// One worker of the fleet at a time: others would find the same rows.
const LOCK = { name: 'sweep_lock', text: `SELECT pg_try_advisory_xact_lock(7340021) AS mine` };

/**
 * The search for expired leases reads all pending deliveries. After one that took longer than `LONG_MS`, it pauses for
 * twenty times as long, ten seconds at the most.
 */
const LONG_MS = 50;
const REST = 20;
const LONGEST_REST_MS = 10_000;

/** How often, and how many milliseconds apart, to try a sweep while another worker's is under way. */
const TRIES = 20;
const AGAIN_MS = 100;

/** What one sweep found. */
interface Found {
  /** Deliveries whose leases had ended. */
  reclaimed: DueDelivery[];
  /** Held deliveries that leave as probes of their paused endpoints. */
  probes: DueDelivery[];
  /** Due deliveries that nobody has leased. */
  missed: DueDelivery[];
  /** Active subscriptions for which something is still held. */
  orphaned: string[];
  /** Where the next search for due deliveries goes on. */
  position: DuePosition;
}

/**
 * Recovers what was lost: enqueues due deliveries that nobody has leased, and releases expired leases. So no crash,
 * lost queue or lost job delays a delivery for longer than one interval.
 */
@Injectable()
export class Sweeper implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('sweeper');
  private readonly bounded = new BoundedLog(this.logger);
  private readonly failures = new RateLimitedLog<string>((error, dropped) =>
    this.logger.error({ msg: 'sweep.failed', error, ...(dropped > 0 && { suppressed: dropped }) }),
  );
  private timer: NodeJS.Timeout | undefined;
  private sweeping: Promise<unknown> = Promise.resolve();
  /** Where the last search for due deliveries stopped. */
  private position = BEFORE_ALL_DUE;
  /** When to search for expired leases again, monotonic milliseconds. */
  private reclaimAt = 0;
  private readonly writers = new OpenWriters();
  private readonly orphans: OrphanReleaser;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queue: DeliveryQueue,
    private readonly settings: Settings,
    private readonly heartbeat: Heartbeat,
    private readonly metrics: ProcessMetrics,
    private readonly work: WorkSignal,
  ) {
    this.orphans = new OrphanReleaser(database);
  }

  onApplicationBootstrap(): void {
    const { sweepIntervalMs } = this.settings;
    const isDue = [hasLostSql(sweepIntervalMs), HAS_DUE_PROBE, HAS_FORGETTABLE].join(' OR ');
    this.work.register({ name: 'sweep', isDue, wake: () => this.start() });
    this.timer = setInterval(() => {
      if (!this.work.isWatched || this.heartbeat.hasLeasedWithin(QUIET_AFTER_MS)) this.start();
    }, sweepIntervalMs);
    this.heartbeat.attach(() => this.takeOver());
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
  }

  /**
   * Sweeps once. Deliveries that are due for less than `graceMs` are left to their jobs in the queue. Returns false
   * when another worker's sweep is under way.
   */
  async sweep(graceMs: number): Promise<boolean> {
    const now = this.clock.date();
    const found = await this.database.transaction((sql) => this.find(sql, now, graceMs));
    if (found === null) return false;
    // Only now: after a rollback the next sweep finds the same again.
    this.position = found.position;
    this.report(found);
    this.queue.enqueue([...found.reclaimed, ...found.probes, ...found.missed]);
    // Each slice is a transaction of its own.
    const released = await this.orphans.release(found.orphaned, now);
    this.metrics.counters.sweeperFound.inc({ kind: 'orphaned' }, released.length);
    this.queue.enqueue(released);
    return true;
  }

  /** Null when another worker's sweep is under way. */
  private async find(sql: Sql, now: Date, graceMs: number): Promise<Found | null> {
    const [lock] = await sql<{ mine: boolean }>(LOCK);
    if (!lock?.mine) return null;
    const reclaimed = await this.reclaim(sql, now);
    const orphaned = await findOrphanedSubscriptions(sql);
    const probes = await probeDueSubscriptions(sql, now, (id) => releaseForProbe(sql, id, now));
    const before = new Date(now.getTime() - graceMs);
    const { due: missed, next } = await findDueDeliveries(sql, before, this.position);
    return { reclaimed, orphaned, probes, missed, position: next ?? BEFORE_ALL_DUE };
  }

  private report({ reclaimed, probes, missed, orphaned }: Found): void {
    const { sweeperFound, attemptsInterrupted } = this.metrics.counters;
    sweeperFound.inc({ kind: 'reclaimed' }, reclaimed.length);
    sweeperFound.inc({ kind: 'missed' }, missed.length);
    attemptsInterrupted.inc(reclaimed.length);
    if (reclaimed.length > 0) this.logReclaimed(reclaimed);
    const counts = { reclaimed: reclaimed.length, probes: probes.length, missed: missed.length };
    if (orphaned.length === 0 && !Object.values(counts).some(Boolean)) return;
    this.work.found();
    this.logger.debug({ msg: 'sweep.found', ...counts });
  }

  /** A lease is lost when its worker died, hung, or lost its database. */
  private logReclaimed(reclaimed: DueDelivery[]): void {
    const subscriptions = new Set(reclaimed.map(({ subscriptionId }) => subscriptionId));
    const [only] = subscriptions;
    this.bounded.warn({
      msg: 'leases.reclaimed',
      deliveries: reclaimed.length,
      subscriptions: subscriptions.size,
      ...(subscriptions.size === 1 && only !== undefined && { subscription: publicId('sub', only) }),
    });
  }

  private start(): void {
    const sweep = this.sweep(this.settings.sweepIntervalMs).catch((error: unknown) => this.logFailure(error));
    this.sweeping = Promise.all([this.sweeping, sweep]);
  }

  /** Sweeps at once: the leases of dead workers wait neither for the interval nor for the pause after a long search. */
  private takeOver(): void {
    this.reclaimAt = 0;
    this.sweeping = Promise.all([this.sweeping, this.sweepAfterOthers()]);
  }

  private async sweepAfterOthers(): Promise<void> {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const isDone = await this.sweep(this.settings.sweepIntervalMs).catch((error: unknown) =>
        this.logFailure(error),
      );
      if (isDone) return;
      await sleep(AGAIN_MS);
    }
  }

  private logFailure(error: unknown): false {
    this.failures.log((error as Error).message);
    return false;
  }

  private async reclaim(sql: Sql, now: Date): Promise<DueDelivery[]> {
    const startedAt = performance.now();
    if (startedAt < this.reclaimAt) return [];
    const dead = leaseBounds(await endedWorkers(sql));
    await advanceRecoveryWatermark(sql, now, this.writers);
    await makeRecoverableOf(sql, dead, now);
    const reclaimed = await reclaimLostDeliveries(sql, now, dead);
    const endedAt = performance.now();
    const took = endedAt - startedAt;
    this.reclaimAt = took > LONG_MS ? endedAt + Math.min(took * REST, LONGEST_REST_MS) : 0;
    return reclaimed;
  }
}
