import { Module } from '@nestjs/common';
import { DeliveriesApiModule } from '../deliveries/deliveries.module.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { BulkRetryService } from './bulk-retry.service.js';
import { BulkRetryController } from './bulk-retry.controller.js';
import { DrainController } from './drain.controller.js';
import { DrainsService } from './drains.service.js';
import { ErasuresController } from './erasures.controller.js';
import { ErasuresService } from './erasures.service.js';
import { JobsService } from './jobs.service.js';
import { JobRunner } from './job-runner.js';
import { JobsController } from './jobs.controller.js';
import { ReplayController } from './replay.controller.js';
import { ReplaysService } from './replays.service.js';

/** Creating and watching jobs. */
@Module({
  imports: [SpacesModule, SubscriptionsModule, DeliveriesApiModule],
  controllers: [JobsController, ReplayController, BulkRetryController, DrainController, ErasuresController],
  providers: [ReplaysService, JobsService, BulkRetryService, DrainsService, ErasuresService],
  exports: [BulkRetryService],
})
export class JobsApiModule {}

/** Running them. */
@Module({
  imports: [QueueModule, EndpointsModule],
  providers: [JobRunner],
  exports: [JobRunner],
})
export class JobsModule {}
