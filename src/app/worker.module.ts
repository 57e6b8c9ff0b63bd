import { type DynamicModule, Module } from '@nestjs/common';
import { ConfigModule } from '../config/config.module.js';
import type { Settings } from '../config/settings.js';
import type { Clock } from '../lib/clock.js';
import { ProcessMetrics } from '../telemetry/process-metrics.js';
import { Tracing } from '../telemetry/tracing.js';
import { TelemetryModule } from '../telemetry/telemetry.module.js';
import { DispatcherModule } from '../dispatcher/dispatcher.module.js';
import { BroadcastsModule } from '../broadcasts/broadcasts.module.js';
import { InboxModule } from '../events/events.module.js';
import { storage } from './storage.js';
import { JobsModule } from '../jobs/jobs.module.js';
import { MetricSourcesModule } from '../system/metric-sources.module.js';
import { ProcessesModule } from '../system/processes.module.js';
import { ReadinessModule } from '../system/readiness.module.js';

/**
 * The root module of a process that delivers. Only it has a queue consumer: a `@Processor` starts one in every module
 * that has it.
 */
@Module({})
export class WorkerModule {
  static forRoot(
    settings: Settings,
    clock?: Clock,
    metrics = new ProcessMetrics(),
    tracing = new Tracing(),
  ): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ConfigModule.forRoot(settings),
        TelemetryModule.forRoot(metrics, () => tracing),
        ...storage(clock),
        DispatcherModule,
        InboxModule,
        JobsModule,
        BroadcastsModule,
        ReadinessModule,
        MetricSourcesModule,
        ...(settings.role === 'worker' ? [ProcessesModule.forRoot('worker')] : []),
      ],
    };
  }
}
