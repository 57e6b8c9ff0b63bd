import { type DynamicModule, Module } from '@nestjs/common';
import type { Settings } from '../config/settings.js';
import { DispatcherModule } from '../dispatcher/dispatcher.module.js';
import { BroadcastsModule } from '../broadcasts/broadcasts.module.js';
import { InboxModule } from '../events/events.module.js';
import { engineModules, type SharedParts } from './storage.js';
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
  static forRoot(settings: Settings, shared: SharedParts = {}): DynamicModule {
    return {
      module: WorkerModule,
      imports: [
        ...engineModules(settings, shared),
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
