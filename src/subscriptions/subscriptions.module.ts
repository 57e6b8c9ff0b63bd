import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { BodiesModule } from '../bodies/bodies.module.js';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { BodyTrialService } from './body-trial.service.js';
import { PreviewController } from './preview.controller.js';
import { SubscriptionRules } from './subscription-rules.service.js';
import { LifecycleService } from './lifecycle.service.js';
import { ReplaceService } from './replace.service.js';
import { ResealController } from './reseal.controller.js';
import { ResealService } from './reseal.service.js';
import { RotationService } from './rotation.service.js';
import { SubscriptionPutController } from './subscription-put.controller.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionsService } from './subscriptions.service.js';
import { SubscriptionViewsService } from './subscription-views.service.js';

/** What people do with subscriptions. */
@Module({
  imports: [DeliveriesModule, EndpointsModule, EventTypesModule, BodiesModule],
  providers: [
    SubscriptionRules,
    BodyTrialService,
    SubscriptionsService,
    LifecycleService,
    RotationService,
    ReplaceService,
  ],
  exports: [
    EndpointsModule,
    SubscriptionRules,
    BodyTrialService,
    SubscriptionsService,
    LifecycleService,
    RotationService,
    ReplaceService,
  ],
})
export class SubscriptionsModule {}

/** Their HTTP interface. */
@Module({
  imports: [SpacesModule, SubscriptionsModule],
  controllers: [SubscriptionsController, SubscriptionPutController, PreviewController, ResealController],
  providers: [ResealService, SubscriptionViewsService],
})
export class SubscriptionsApiModule {}
