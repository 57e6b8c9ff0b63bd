import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { Subscriptions } from '../subscriptions/subscriptions.service.js';
import { REPLAYED_BY_DEFAULT } from './job.js';
import { JobView, ReplayInput } from './job.dto.js';
import { JobLog } from './job-log.js';
import { toJobView } from './jobs.controller.js';

@ApiTags('Subscriptions')
@Controller('v1/spaces/:space/subscriptions')
export class ReplayController {
  constructor(
    private readonly subscriptions: Subscriptions,
    private readonly jobs: JobLog,
  ) {}

  /** Send past events again that the subscription wants as it is now. By default those it missed. */
  @Post(':sub/replay')
  @SpaceScope('manage')
  @HttpCode(202)
  @ApiProblem(409, '`too_many_jobs`: the space has 20 jobs under way')
  async replay(
    @CurrentSpace() space: SpaceRef,
    @Param('sub') sub: string,
    @Body() { since, until, statuses, eventTypes, dryRun }: ReplayInput,
  ): Promise<JobView> {
    const { id } = await this.subscriptions.find(space, sub);
    const request = {
      kind: 'replay' as const,
      subscriptionId: id,
      statuses: statuses ?? REPLAYED_BY_DEFAULT,
      eventTypes: eventTypes ?? null,
    };
    return toJobView(await this.jobs.add(space, request, { since, until }, dryRun));
  }
}
