import { Module } from '@nestjs/common';
import { BodiesModule } from '../bodies/bodies.module.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { AttemptLogService } from './attempt-log.service.js';
import { AttemptViewsService } from './attempt-views.service.js';
import { DeliveriesController } from './deliveries.controller.js';
import { DeliveriesService } from './deliveries.service.js';
import { DeliveryLogService } from './delivery-log.service.js';
import { ShownBody } from './shown-body.js';
import { ShownBodiesService } from './shown-bodies.service.js';

/** What moves the deliveries of a subscription. */
@Module({
  imports: [QueueModule],
  providers: [DeliveriesService],
  exports: [DeliveriesService],
})
export class DeliveriesModule {}

/** The log, and its HTTP interface. */
@Module({
  imports: [QueueModule, SpacesModule, BodiesModule, EndpointsModule],
  controllers: [DeliveriesController],
  providers: [DeliveryLogService, AttemptLogService, AttemptViewsService, ShownBody, ShownBodiesService],
  exports: [DeliveryLogService, AttemptLogService, AttemptViewsService, ShownBodiesService],
})
export class DeliveriesApiModule {}
