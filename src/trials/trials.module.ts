import { Module } from '@nestjs/common';
import { BodiesModule } from '../bodies/bodies.module.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { EventsApiModule } from '../events/events.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { SubscriptionsModule } from '../subscriptions/subscriptions.module.js';
import { TrialsController } from './trials.controller.js';
import { TrialEventsService } from './trial-events.service.js';
import { TrialRequestsService } from './trial-requests.service.js';
import { TrialsService } from './trials.service.js';

/** What would be sent, before it is. */
@Module({
  imports: [
    SpacesModule,
    SubscriptionsModule,
    EndpointsModule,
    EventTypesModule,
    EventsApiModule,
    BodiesModule,
  ],
  controllers: [TrialsController],
  providers: [TrialsService, TrialEventsService, TrialRequestsService],
})
export class TrialsApiModule {}
