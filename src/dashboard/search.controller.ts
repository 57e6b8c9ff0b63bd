import { Controller, Get, Query } from '@nestjs/common';
import { AdminOnly, CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { SearchQuery, SearchView } from './search.dto.js';
import { SearchService } from './search.service.js';

@Controller('v1')
export class SearchController {
  constructor(private readonly search: SearchService) {}

  /** Find spaces and subscriptions by name, uid or URL, and anything by its id, in all spaces */
  @Get('search')
  @AdminOnly()
  all(@Query() { q }: SearchQuery): Promise<SearchView> {
    return this.search.find(q, null);
  }

  /** Find subscriptions, event types, events and deliveries of a space by id, name or URL */
  @Get('spaces/:space/search')
  @SpaceScope('read')
  inSpace(@CurrentSpace() space: SpaceRef, @Query() { q }: SearchQuery): Promise<SearchView> {
    return this.search.find(q, space);
  }
}
