import { Body, Controller, Headers, Param, Put, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { etagOf } from '../http/etag.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentCaller, CurrentSpace, SpaceScope, type Caller } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { showExactly, withExactFilter } from './exact-filter.js';
import { ReplaceService } from './replace.service.js';
import { RotationService } from './rotation.service.js';
import { NewSubscription } from './subscription.dto.js';
import { CreatedSubscription, SubscriptionView } from './subscription-view.dto.js';
import { seesSecrets, SubscriptionViewsService } from './subscription-views.service.js';

@ApiTags('Subscriptions')
@Controller('v1/spaces/:space/subscriptions')
export class SubscriptionPutController {
  constructor(
    private readonly replacing: ReplaceService,
    private readonly rotation: RotationService,
    private readonly views: SubscriptionViewsService,
  ) {}

  /**
   * Create a subscription under your own `uid`, or replace the one that has it
   *
   * Fields that are left out get their defaults. Its secret, its state, its log and what waits stay; `status`, if
   * given, pauses or resumes it. Sending the same again changes nothing.
   */
  @Put(':sub')
  @ApiOperation({ operationId: 'subscriptions_put' })
  @SpaceScope('manage', { right: 'edit' })
  @ApiHeader({
    name: 'if-match',
    required: false,
    description: 'The `ETag` of the version to replace. Nothing is created then.',
  })
  @ApiHeader({ name: 'if-none-match', required: false, description: '`*`: create it, and replace nothing.' })
  @ApiResponse({ status: 200, description: 'It is replaced.', type: SubscriptionView })
  @ApiResponse({
    status: 201,
    description: 'It is new. The answer holds the secret.',
    type: CreatedSubscription,
  })
  @ApiProblem(409, '`uid_taken`: another subscription of the space has this uid')
  @ApiProblem(412, 'It is not the version that `If-Match` names, or exists although `If-None-Match` is `*`')
  async put(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Param('sub') sub: string,
    @Body() body: NewSubscription,
    @Headers('if-match') ifMatch: string | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubscriptionView | CreatedSubscription> {
    const input = withExactFilter(body, request.rawJson);
    const { row, isNew } = await this.replacing.put(space, sub, input, { ifMatch, ifNoneMatch });
    reply.status(isNew ? 201 : 200).header('etag', etagOf(row.version));
    showExactly(reply);
    const view = this.views.of(row, caller);
    if (!isNew) return view;
    return { ...view, secret: seesSecrets(caller) ? this.rotation.secretAtCreation(row) : null };
  }
}
