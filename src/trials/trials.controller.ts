import { Body, Controller, HttpCode, Param, Post } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { SentData } from '../http/sent-data.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { TrialInput, TrialView } from './trial.dto.js';
import { TrialsService } from './trials.service.js';

@ApiTags('Subscriptions')
@Controller('v1/spaces/:space/subscriptions')
export class TrialsController {
  constructor(private readonly trials: TrialsService) {}

  /**
   * Show what a subscription would get of an event: whether it wants it and why not, URL, headers, signature and body
   *
   * Nothing is sent or stored.
   */
  @Post(':sub/preview')
  @SpaceScope('manage', { right: 'secrets' })
  @HttpCode(200)
  @ApiProblem(
    409,
    '`body_removed`: the event has no data any more; `secrets_unreadable`: it cannot be signed',
  )
  preview(
    @CurrentSpace() space: SpaceRef,
    @Param('sub') sub: string,
    @Body() body: TrialInput,
    @SentData() data: string | undefined,
  ): Promise<TrialView> {
    return this.trials.try(space, sub, body, data);
  }
}
