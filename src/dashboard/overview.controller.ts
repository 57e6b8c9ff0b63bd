import { Controller, Get, Query } from '@nestjs/common';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { OverviewQuery, OverviewView } from './overview.dto.js';
import { OverviewService } from './overview.service.js';

@Controller('v1/spaces/:space/overview')
export class OverviewController {
  constructor(private readonly overview: OverviewService) {}

  /** Read the overview of a space: outcomes over time, latency, backlog, and endpoints with problems */
  @Get()
  @SpaceScope('read')
  read(@CurrentSpace() space: SpaceRef, @Query() { window }: OverviewQuery): Promise<OverviewView> {
    return this.overview.read(space.id, window);
  }
}
