import { Injectable } from '@nestjs/common';
import { Gauge } from 'prom-client';
import { Settings } from '../config/settings.js';
import { Clock } from '../lib/clock.js';
import { Database } from '../database/database.js';
import { expiringHeld, heldLimits } from '../deliveries/expire-deliveries.js';
import { MetricsService } from './metrics.service.js';

/** Anybody may ask for metrics: the database is asked no more often. */
const FRESH_MS = 30_000;

/** How much of what is held will expire within a day. */
@Injectable()
export class HeldMetric {
  private countedAt = -Infinity;

  constructor(
    metrics: MetricsService,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
  ) {
    const gauge: Gauge = new Gauge({
      name: 'posthorn_held_expiring_deliveries',
      help: 'Held deliveries that will expire by their age within a day; up to 10,000 of each subscription.',
      registers: [metrics.registry],
      collect: () => this.collect(gauge),
    });
  }

  private async collect(gauge: Gauge): Promise<void> {
    if (performance.now() - this.countedAt < FRESH_MS) return;
    this.countedAt = performance.now();
    try {
      const { heldDays: days, heldMax: max } = this.settings;
      const limits = await heldLimits(this.database.sql, { days, max });
      const expiring = await expiringHeld(this.database.sql, limits, this.clock.date());
      gauge.set(expiring.reduce((sum, { deliveries }) => sum + deliveries, 0));
    } catch {
      // A database that is away is `/readyz`'s to tell: the other numbers are shown all the same.
    }
  }
}
