import { Module } from '@nestjs/common';
import { EndpointsService } from './endpoints.service.js';
import { EventVersions } from './event-versions.js';
import { RoutingTable } from './routing.js';
import { Sealer } from './seal.js';

/** What publishers and workers need of subscriptions: which of them want an event, where it goes, and their secrets. */
@Module({
  providers: [Sealer, RoutingTable, EndpointsService, EventVersions],
  exports: [Sealer, RoutingTable, EndpointsService, EventVersions],
})
export class EndpointsModule {}
