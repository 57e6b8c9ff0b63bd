import { Module } from '@nestjs/common';
import { LocalDispatchModule } from '../deliveries/local-dispatch.js';
import { DeliveriesApiModule } from '../deliveries/deliveries.module.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { EventTypesApiModule, EventTypesModule } from '../event-types/event-types.module.js';
import { QueueModule } from '../queue/queue.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { Announcer } from './announcer.js';
import { DataCheck } from './data-check.js';
import { EventLogService } from './event-log.service.js';
import { EventRoutingService } from './event-routing.service.js';
import { EventsController } from './events.controller.js';
import { Inbox } from './inbox.js';
import { InboxExpirer } from './inbox-expirer.js';
import { KnownTypes } from './known-types.js';
import { PublishAdmission } from './publish-admission.js';
import { PublishController } from './publish.controller.js';
import { Publisher } from './publish.js';
import { SimulateController } from './simulate.controller.js';
import { Simulator } from './simulate.js';
import { TestSender } from './test-send.js';
import { TransactionPublisher } from './transaction-publisher.js';
import { TestSendController } from './test-send.controller.js';

/** Publishing, without an HTTP interface. */
@Module({
  imports: [QueueModule, LocalDispatchModule, EndpointsModule, EventTypesModule],
  providers: [Publisher, DataCheck, TransactionPublisher, Announcer, PublishAdmission, KnownTypes],
  exports: [Publisher, TransactionPublisher, Announcer, DataCheck, PublishAdmission],
})
export class EventsModule {}

/** What workers do for publishers: events that were published by SQL. */
@Module({ imports: [EventsModule, EndpointsModule], providers: [Inbox, InboxExpirer] })
export class InboxModule {}

/** The HTTP interface of publishing, and of reading events. */
@Module({
  imports: [
    EventsModule,
    EventTypesApiModule,
    QueueModule,
    SubscriptionsModule,
    SpacesModule,
    DeliveriesApiModule,
  ],
  controllers: [PublishController, EventsController, TestSendController, SimulateController],
  providers: [EventLogService, EventRoutingService, TestSender, Simulator],
  exports: [TestSender, EventLogService],
})
export class EventsApiModule {}
