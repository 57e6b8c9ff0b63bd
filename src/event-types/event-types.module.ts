import { Module } from '@nestjs/common';
import { SpacesModule } from '../spaces/spaces.module.js';
import { CatalogueController } from './catalogue.controller.js';
import { EventTypesController } from './event-types.controller.js';
import { EventTypesService } from './event-types.service.js';

/** Which events there are: the profiles' catalogues, and what spaces add to them. */
@Module({
  imports: [SpacesModule],
  controllers: [CatalogueController, EventTypesController],
  providers: [EventTypesService],
  exports: [EventTypesService],
})
export class EventTypesModule {}
