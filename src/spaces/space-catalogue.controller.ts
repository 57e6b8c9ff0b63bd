import { Body, Controller, Get, Patch } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentCaller, CurrentSpace, SpaceScope, type Caller } from './access.js';
import { isOperators } from './caller-name.js';
import { ChangeCatalogue, SpaceCatalogueView } from './space-catalogue.dto.js';
import { SpaceCatalogueService } from './space-catalogue.service.js';
import type { SpaceRef } from './space-ref.js';

@ApiTags('EventTypes')
@Controller('v1/spaces/:space/catalogue')
export class SpaceCatalogueController {
  constructor(private readonly catalogue: SpaceCatalogueService) {}

  /** Read what is part of a space's catalogue */
  @Get()
  @SpaceScope('read')
  get(@CurrentSpace() space: SpaceRef): Promise<SpaceCatalogueView> {
    return this.catalogue.read(space);
  }

  /** Turn off or hide events of a space's catalogue, and say how its data is validated. What is left out stays. */
  @Patch()
  @SpaceScope('manage', { portal: false })
  @ApiProblem(409, "`fixed_catalogue`: the catalogue is a provider's")
  change(
    @CurrentSpace() space: SpaceRef,
    @Body() changes: ChangeCatalogue,
    @CurrentCaller() caller: Caller,
  ): Promise<SpaceCatalogueView> {
    return this.catalogue.change(space, changes, isOperators(caller));
  }
}
