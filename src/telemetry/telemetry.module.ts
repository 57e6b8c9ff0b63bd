import { type DynamicModule, Global, Module } from '@nestjs/common';
import { ProcessMetrics } from './process-metrics.js';
import { Tracing } from './tracing.js';

/** Gives `ProcessMetrics` and `Tracing` to every module. `tracing` is asked when the application starts. */
@Global()
@Module({})
export class TelemetryModule {
  static forRoot(metrics: ProcessMetrics, tracing: () => Tracing = () => new Tracing()): DynamicModule {
    return {
      module: TelemetryModule,
      providers: [
        { provide: ProcessMetrics, useValue: metrics },
        { provide: Tracing, useFactory: tracing },
      ],
      exports: [ProcessMetrics, Tracing],
    };
  }
}
