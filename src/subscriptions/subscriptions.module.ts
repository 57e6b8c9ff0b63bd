import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { EndpointsService } from './endpoints.service.js';
import { LifecycleService } from './lifecycle.service.js';
import { ResealController } from './reseal.controller.js';
import { ResealService } from './reseal.service.js';
import { RotationService } from './rotation.service.js';
import { RoutingTable } from './routing.js';
import { Sealer } from './seal.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionViewsService } from './subscription-views.service.js';
import { SubscriptionEntity } from './subscription.entity.js';
import { SubscriptionsService } from './subscriptions.service.js';

/** What the data source must know of this folder. */
export const SUBSCRIPTIONS_ENTITIES = [SubscriptionEntity];

/** What publishers and workers need of subscriptions. */
@Module({
  imports: [DeliveriesModule],
  providers: [
    Sealer,
    SubscriptionsService,
    LifecycleService,
    RotationService,
    RoutingTable,
    EndpointsService,
  ],
  exports: [Sealer, SubscriptionsService, LifecycleService, RotationService, RoutingTable, EndpointsService],
})
export class SubscriptionsModule {}

/** Their HTTP interface. */
@Module({
  imports: [SpacesModule, SubscriptionsModule],
  controllers: [SubscriptionsController, ResealController],
  providers: [ResealService, SubscriptionViewsService],
})
export class SubscriptionsApiModule {}
