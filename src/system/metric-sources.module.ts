import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { FleetMetricsService } from './fleet-metrics.service.js';
import { PoolMetrics } from './pool-metrics.js';

/** What gives `ProcessMetrics` its readings of the database. Every process has it. */
@Module({
  imports: [QueueModule],
  providers: [FleetMetricsService, PoolMetrics],
})
export class MetricSourcesModule {}
