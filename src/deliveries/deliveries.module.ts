import { Module } from '@nestjs/common';
import { QueueModule } from '../queue/queue.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { AttemptLog } from './attempt-log.js';
import { AttemptViews } from './attempt-views.js';
import { DeliveriesController } from './deliveries.controller.js';
import { Deliveries } from './deliveries.service.js';
import { DeliveryLog } from './delivery-log.js';

/** What moves the deliveries of a subscription. */
@Module({
  imports: [QueueModule],
  providers: [Deliveries],
  exports: [Deliveries],
})
export class DeliveriesModule {}

/** The log, and its HTTP interface. */
@Module({
  imports: [QueueModule, SpacesModule],
  controllers: [DeliveriesController],
  providers: [DeliveryLog, AttemptLog, AttemptViews],
  exports: [DeliveryLog, AttemptViews],
})
export class DeliveriesApiModule {}
