import { Module } from '@nestjs/common';
import { DeliveriesApiModule } from '../deliveries/deliveries.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { BulkRetry } from './bulk-retry.js';
import { BulkRetryController } from './bulk-retry.controller.js';
import { JobLog } from './job-log.js';
import { JobRunner } from './job-runner.js';
import { JobsController } from './jobs.controller.js';
import { ReplayController } from './replay.controller.js';
import { Replays } from './replays.js';

/** Giving and watching jobs. */
@Module({
  imports: [SpacesModule, SubscriptionsModule, DeliveriesApiModule],
  controllers: [JobsController, ReplayController, BulkRetryController],
  providers: [Replays, JobLog, BulkRetry],
  exports: [BulkRetry],
})
export class JobsApiModule {}

/** Carrying them out. */
@Module({
  imports: [QueueModule, SubscriptionsModule],
  providers: [JobRunner],
  exports: [JobRunner],
})
export class JobsModule {}
