import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { AnyKey } from '../spaces/access.js';
import { CatalogueQuery, EventTypeList } from './event-types.dto.js';
import { EventTypesService } from './event-types.service.js';

/** What each profile can tell, whatever the space. */
@ApiTags('EventTypes')
@Controller('v1/event-types')
export class CatalogueController {
  constructor(private readonly eventTypes: EventTypesService) {}

  /** List a profile's event types */
  @Get()
  @AnyKey()
  list(@Query() query: CatalogueQuery): EventTypeList {
    return { data: this.eventTypes.builtIn(query.profile), nextCursor: null };
  }
}
