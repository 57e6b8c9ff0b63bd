import { Module } from '@nestjs/common';
import { EndpointsService } from './endpoints.service.js';
import { RoutingTable } from './routing.js';
import { Sealer } from './seal.js';

/** What publishers and workers need of subscriptions: which of them want an event, where it goes, and their secrets. */
@Module({
  providers: [Sealer, RoutingTable, EndpointsService],
  exports: [Sealer, RoutingTable, EndpointsService],
})
export class EndpointsModule {}
