import { Module } from '@nestjs/common';
import { EndpointsModule } from '../endpoints/endpoints.module.js';
import { EventsModule } from '../events/events.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { BroadcastRunner } from './broadcast-runner.js';
import { BroadcastsController } from './broadcasts.controller.js';
import { BroadcastsService } from './broadcasts.service.js';

/** Creating and watching broadcasts. */
@Module({
  imports: [SpacesModule],
  controllers: [BroadcastsController],
  providers: [BroadcastsService],
})
export class BroadcastsApiModule {}

/** Carrying them out. */
@Module({ imports: [EventsModule, EndpointsModule], providers: [BroadcastRunner] })
export class BroadcastsModule {}
