import { Module } from '@nestjs/common';
import { SpacesModule } from '../spaces/spaces.module.js';
import { CatalogueController } from './catalogue.controller.js';
import { DataValidator } from './data-validator.js';
import { DefinitionChecks } from './check-definition.js';
import { EventTypesController } from './event-types.controller.js';
import { EventTypesService } from './event-types.service.js';
import { EventsFile } from './events-file.js';
import { InstanceTypesService } from './instance-types.service.js';

/** Which events there are, for code: the profiles' catalogues, the instance's, and what spaces add to them. */
@Module({
  providers: [DefinitionChecks, DataValidator, EventTypesService, InstanceTypesService],
  exports: [DataValidator, EventTypesService, InstanceTypesService],
})
export class EventTypesModule {}

/** The same with an HTTP interface. */
@Module({
  imports: [SpacesModule, EventTypesModule],
  controllers: [CatalogueController, EventTypesController],
  providers: [EventsFile],
  exports: [EventTypesModule],
})
export class EventTypesApiModule {}
