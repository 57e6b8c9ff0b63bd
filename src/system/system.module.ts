import { Module } from '@nestjs/common';
import { HealthController } from './health.controller.js';
import { MetricSourcesModule } from './metric-sources.module.js';
import { ReadinessModule } from './readiness.module.js';

/** Liveness, readiness and metrics over HTTP. */
@Module({
  imports: [ReadinessModule, MetricSourcesModule],
  controllers: [HealthController],
})
export class SystemModule {}
