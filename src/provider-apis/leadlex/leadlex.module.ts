import { Module } from '@nestjs/common';
import { DeliveriesApiModule } from '../../deliveries/deliveries.module.js';
import { EventsApiModule } from '../../events/events.module.js';
import { RateStore } from '../../database/rate-store.js';
import { SpacesModule } from '../../spaces/spaces.module.js';
import { SubscriptionsModule } from '../../subscriptions/subscriptions.module.js';
import { LeadlexEventsController } from './events.controller.js';
import { LeadlexRateLimit } from './leadlex-rate-limit.js';
import { LogsService } from './logs.service.js';
import { LeadlexLogsController } from './logs.controller.js';
import { LeadlexWebhooksController } from './webhooks.controller.js';

/** LeadLex's own API, below /leadlex. */
@Module({
  imports: [SpacesModule, SubscriptionsModule, DeliveriesApiModule, EventsApiModule],
  controllers: [LeadlexWebhooksController, LeadlexLogsController, LeadlexEventsController],
  providers: [LogsService, LeadlexRateLimit, RateStore],
})
export class LeadlexApiModule {}
