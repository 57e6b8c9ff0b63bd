import { Controller, Get, Query } from '@nestjs/common';
import { AdminOnly } from '../spaces/access.js';
import { InstanceOverviewQuery, InstanceOverviewView } from './instance-overview.dto.js';
import { InstanceOverviewService } from './instance-overview.service.js';

@Controller('v1/overview')
export class InstanceOverviewController {
  constructor(private readonly overview: InstanceOverviewService) {}

  /** Read the overview of all spaces, those with most problems first */
  @Get()
  @AdminOnly()
  read(@Query() query: InstanceOverviewQuery): Promise<InstanceOverviewView> {
    return this.overview.read(query);
  }
}
