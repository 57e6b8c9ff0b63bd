import { Module } from '@nestjs/common';
import { EventTypesModule } from '../event-types/event-types.module.js';
import { SpacesModule } from '../spaces/spaces.module.js';
import { OperationalEvents } from './operational-events.js';
import { OperationalSpace } from './operational-space.js';

/** For processes that notice what happens to endpoints. */
@Module({ providers: [OperationalEvents], exports: [OperationalEvents] })
export class OperationalEventsModule {}

/** For processes with an API. */
@Module({ imports: [SpacesModule, EventTypesModule], providers: [OperationalSpace] })
export class OperationalSpaceModule {}
