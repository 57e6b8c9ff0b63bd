import { type DynamicModule, Module } from '@nestjs/common';
import { PROCESS_ROLE, ProcessReporter } from './process-reporter.js';

/** Reports the process to the others. Once in each process: in the API's container where there is one. */
@Module({})
export class ProcessesModule {
  static forRoot(role: 'all' | 'api' | 'worker' | 'module'): DynamicModule {
    return {
      module: ProcessesModule,
      global: true,
      providers: [{ provide: PROCESS_ROLE, useValue: role }, ProcessReporter],
      exports: [ProcessReporter],
    };
  }
}
