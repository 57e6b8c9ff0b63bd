import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { JobView, ReplayInput } from './job.dto.js';
import { toJobView } from './jobs.controller.js';
import { ReplaysService } from './replays.service.js';

@ApiTags('Subscriptions')
@Controller('v1/spaces/:space/subscriptions')
export class ReplayController {
  constructor(private readonly replays: ReplaysService) {}

  /** Send past events again that the subscription wants as it is now. By default those it missed. */
  @Post(':sub/replay')
  @SpaceScope('manage', { right: 'retry' })
  @HttpCode(202)
  @ApiProblem(409, '`too_many_jobs`: the space has `limits.openJobs` jobs under way')
  async replay(
    @CurrentSpace() space: SpaceRef,
    @Param('sub') sub: string,
    @Body() body: ReplayInput,
  ): Promise<JobView> {
    return toJobView(await this.replays.start(space, sub, body));
  }
}
