import { Module } from '@nestjs/common';
import { DatabaseCheck } from './database.check.js';
import { HealthController } from './health.controller.js';
import { HEALTH_CHECKS, type HealthCheck } from './health-check.js';
import { HeldMetric } from './held-metric.js';
import { MetricsService } from './metrics.service.js';
import { MigrationsCheck } from './migrations.check.js';
import { QueueModule } from '../queue/queue.module.js';
import { QueueCheck } from './queue.check.js';
import { ReadinessService } from './readiness.service.js';

/** What `/readyz` asks. */
const CHECKS = [DatabaseCheck, MigrationsCheck, QueueCheck];

/** Liveness, readiness and metrics. */
@Module({
  imports: [QueueModule],
  controllers: [HealthController],
  providers: [
    ...CHECKS,
    { provide: HEALTH_CHECKS, inject: CHECKS, useFactory: (...checks: HealthCheck[]) => checks },
    ReadinessService,
    MetricsService,
    HeldMetric,
  ],
  exports: [MetricsService],
})
export class SystemModule {}
