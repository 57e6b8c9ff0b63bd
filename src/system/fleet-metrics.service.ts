import { Injectable, type BeforeApplicationShutdown } from '@nestjs/common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Database } from '../database/database.js';
import { FleetLease } from '../database/fleet-lease.js';
import { archiveDays, lastDueDay } from '../archive/archive-state.js';
import { expiringHeld, heldLimits } from '../deliveries/expire-deliveries.js';
import { countEndpoints } from '../endpoints/count-endpoints.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { FleetReadings } from '../telemetry/fleet-gauges.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { countFleetDeliveries, countWorkers } from './fleet-counts.js';

/** Anybody may ask for metrics: the database is asked no more often. */
const FRESH_MS = 25_000;
/** A scrape shows the process's own numbers even while the database gives no answer. */
const PATIENCE_MS = 3_000;

/** Gives the metrics what only the database knows, in the one process of the fleet that shows it. */
@Injectable()
export class FleetMetricsService implements BeforeApplicationShutdown {
  private readonly lease = new FleetLease('metrics');
  private readAt = -Infinity;
  private reading: Promise<FleetReadings | null> = Promise.resolve(null);
  private holds = false;

  constructor(
    metrics: ProcessMetrics,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queue: DeliveryQueue,
    private readonly settings: Settings,
  ) {
    metrics.fleet.from(() => this.latest());
  }

  async beforeApplicationShutdown(): Promise<void> {
    if (this.holds) await this.lease.leave(this.database.sql).catch(() => undefined);
  }

  /** Makes the next scrape ask the database. */
  expire(): void {
    this.readAt = -Infinity;
  }

  private latest(): Promise<FleetReadings | null> {
    if (performance.now() - this.readAt >= FRESH_MS) {
      this.readAt = performance.now();
      // A database that is away is for `/readyz` to tell.
      this.reading = Promise.race([this.read().catch(() => null), sleep(PATIENCE_MS, null, { ref: false })]);
    }
    return this.reading;
  }

  private async read(): Promise<FleetReadings | null> {
    const { sql } = this.database;
    this.holds = await this.lease.hold(sql);
    if (!this.holds) return null;
    const now = this.clock.date();
    const [deliveries, endpoints, workersAlive, heldExpiringDeliveries, queueDepth, archivePendingDays] =
      await Promise.all([
        countFleetDeliveries(sql, now),
        countEndpoints(sql, now),
        countWorkers(sql),
        this.countExpiring(now),
        this.queue.depth(),
        this.countUnarchived(),
      ]);
    return {
      dueDeliveries: deliveries.due,
      oldestDueAge: Math.max(0, deliveries.oldestAge ?? 0),
      heldDeliveries: deliveries.held,
      retryingDeliveries: deliveries.retrying,
      heldExpiringDeliveries,
      endpoints,
      queueDepth,
      workersAlive,
      archivePendingDays,
    };
  }

  private async countUnarchived(): Promise<number> {
    const { archiveUrl, archiveAfterDays } = this.settings;
    if (archiveUrl === '') return 0;
    const until = lastDueDay(this.clock.now(), archiveAfterDays);
    const days = await archiveDays(this.database.sql, until);
    return days.filter(({ passes }) => passes === 0).length;
  }

  private async countExpiring(now: Date): Promise<number> {
    const { heldDays: days, heldMax: max } = this.settings;
    const limits = await heldLimits(this.database.sql, { days, max });
    const expiring = await expiringHeld(this.database.sql, limits, now);
    return expiring.reduce((sum, { deliveries }) => sum + deliveries, 0);
  }
}
