import { Module } from '@nestjs/common';
import { DeliveriesModule } from '../deliveries/deliveries.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { Endpoints } from './endpoints.js';
import { Lifecycle } from './lifecycle.js';
import { ResealController } from './reseal.controller.js';
import { Reseal } from './reseal.js';
import { Rotation } from './rotation.js';
import { RoutingTable } from './routing.js';
import { Sealer } from './seal.js';
import { SubscriptionsController } from './subscriptions.controller.js';
import { SubscriptionViews } from './subscription-views.js';
import { Subscription } from './subscription.entity.js';
import { Subscriptions } from './subscriptions.service.js';

/** What the data source must know of this folder. */
export const SUBSCRIPTIONS_ENTITIES = [Subscription];

/** What publishers and workers need of subscriptions. */
@Module({
  imports: [DeliveriesModule],
  providers: [Sealer, Subscriptions, Lifecycle, Rotation, RoutingTable, Endpoints],
  exports: [Sealer, Subscriptions, Lifecycle, Rotation, RoutingTable, Endpoints],
})
export class SubscriptionsModule {}

/** Their HTTP interface. */
@Module({
  imports: [SpacesModule, SubscriptionsModule],
  controllers: [SubscriptionsController, ResealController],
  providers: [Reseal, SubscriptionViews],
})
export class SubscriptionsApiModule {}
