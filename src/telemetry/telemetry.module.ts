import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ProcessMetrics } from './process-metrics.js';

/** Gives `ProcessMetrics` to every module. */
@Global()
@Module({})
export class TelemetryModule {
  static forRoot(metrics: ProcessMetrics): DynamicModule {
    return {
      module: TelemetryModule,
      providers: [{ provide: ProcessMetrics, useValue: metrics }],
      exports: [ProcessMetrics],
    };
  }
}
