import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { DatabaseCheck } from './database.check.js';
import { HEALTH_CHECKS, type HealthCheck } from './health-check.js';
import { MigrationsCheck } from './migrations.check.js';
import { QueueCheck } from './queue.check.js';
import { ReadinessService } from './readiness.service.js';

/** What `/readyz` asks. */
const CHECKS = [DatabaseCheck, MigrationsCheck, QueueCheck];

/** Whether the process can do its work, in every role. */
@Module({
  imports: [QueueModule],
  providers: [
    ...CHECKS,
    { provide: HEALTH_CHECKS, inject: CHECKS, useFactory: (...checks: HealthCheck[]) => checks },
    ReadinessService,
  ],
  exports: [ReadinessService],
})
export class ReadinessModule {}
