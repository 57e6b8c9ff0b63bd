import { Module } from '@nestjs/common';
import { LocalDispatchModule } from '../deliveries/local-dispatch.js';
import { DeliveriesApiModule } from '../deliveries/deliveries.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { Announcer } from './announcer.js';
import { CatalogueController } from './event-types/catalogue.controller.js';
import { EventTypesController } from './event-types/event-types.controller.js';
import { EventTypesService } from './event-types/event-types.service.js';
import { EventLogService } from './event-log.service.js';
import { EventRoutingService } from './event-routing.service.js';
import { EventsController } from './events.controller.js';
import { PublishAdmission } from './publish-admission.js';
import { Publisher } from './publish.js';
import { SimulateController } from './simulate.controller.js';
import { Simulator } from './simulate.js';
import { TestSender } from './test-send.js';
import { TestSendController } from './test-send.controller.js';

/** The way in: publishing. */
@Module({
  imports: [QueueModule, LocalDispatchModule, SubscriptionsModule],
  providers: [Publisher, Announcer, PublishAdmission],
  exports: [Publisher],
})
export class EventsModule {}

/** Its HTTP interface. */
@Module({
  imports: [EventsModule, QueueModule, SubscriptionsModule, SpacesModule, DeliveriesApiModule],
  controllers: [
    EventsController,
    TestSendController,
    SimulateController,
    CatalogueController,
    EventTypesController,
  ],
  providers: [EventLogService, EventRoutingService, EventTypesService, TestSender, Simulator],
  exports: [TestSender],
})
export class EventsApiModule {}
