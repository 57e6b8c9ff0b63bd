import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiBody, ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { DrainsService } from './drains.service.js';
import { DrainInput, JobView } from './job.dto.js';
import { toJobView } from './jobs.controller.js';

@ApiTags('Subscriptions')
@Controller('v1/spaces/:space/subscriptions')
export class DrainController {
  constructor(private readonly drains: DrainsService) {}

  /**
   * Resume a subscription, and send what is held for it at a pace, oldest first
   *
   * The job shows the progress. Its pace can be changed, and it can be paused, while new events are delivered at once.
   * Cancelled, it leaves the rest to the workers, who send it as fast as the endpoint takes it.
   */
  @Post(':sub/drain')
  @SpaceScope('manage', { right: 'edit' })
  @HttpCode(202)
  @ApiBody({ type: DrainInput, required: false })
  @ApiProblem(
    409,
    '`drain_under_way`: change the pace of that job; `too_many_jobs`: the space has `limits.openJobs` jobs under way',
  )
  async drain(
    @CurrentSpace() space: SpaceRef,
    @Param('sub') sub: string,
    @Body() body: DrainInput,
  ): Promise<JobView> {
    return toJobView(await this.drains.start(space, sub, body));
  }
}
