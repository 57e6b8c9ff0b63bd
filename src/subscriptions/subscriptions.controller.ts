import {
  Body,
  Controller,
  Delete,
  Get,
  Headers,
  HttpCode,
  Param,
  Patch,
  Post,
  Query,
  Req,
  Res,
} from '@nestjs/common';
import { ApiBody, ApiHeader } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Conflict } from '../core/errors.js';
import { Cursors } from '../http/cursor.js';
import { etagOf } from '../http/etag.js';
import { page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { cursorPlaceOf, placeText } from '../http/search.dto.js';
import { profileOf } from '../profiles/registry.js';
import { CurrentCaller, CurrentSpace, SpaceScope, type Caller } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { showExactly, withExactFilter } from './exact-filter.js';
import { LifecycleService } from './lifecycle.service.js';
import { RotationService } from './rotation.service.js';
import { ResumeInput, RotateInput } from './lifecycle.dto.js';
import { NewSubscription, SubscriptionChanges } from './subscription.dto.js';
import { SubscriptionQuery } from './subscription-query.dto.js';
import type { SubscriptionEntity } from '../endpoints/subscription.entity.js';
import {
  CreatedSubscription,
  SecretView,
  SubscriptionPage,
  SubscriptionView,
} from './subscription-view.dto.js';
import { seesSecrets, SubscriptionViewsService } from './subscription-views.service.js';
import { toSecretView } from './subscription-wire.js';
import { sortedPlace } from './search-subscriptions.js';
import { SubscriptionsService } from './subscriptions.service.js';

@Controller('v1/spaces/:space/subscriptions')
export class SubscriptionsController {
  constructor(
    private readonly subscriptions: SubscriptionsService,
    private readonly lifecycle: LifecycleService,
    private readonly rotation: RotationService,
    private readonly views: SubscriptionViewsService,
    private readonly cursors: Cursors,
  ) {}

  /** Create a subscription. The answer holds the secret. */
  @Post()
  @SpaceScope('manage', { right: 'edit' })
  @ApiProblem(409, '`uid_taken`: another subscription of the space has this uid')
  async create(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Body() body: NewSubscription,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<CreatedSubscription> {
    const row = await this.subscriptions.create(space, withExactFilter(body, request.rawJson));
    const secret = seesSecrets(caller) ? this.rotation.secretAtCreation(row) : null;
    return { ...this.tagged(row, caller, reply), secret };
  }

  /** List the space's subscriptions */
  @Get()
  @SpaceScope('read')
  async list(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Query() query: SubscriptionQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubscriptionPage> {
    const { status, q, sort, order, limit } = query;
    const isByText = sort !== 'created';
    const context = `subscriptions:${space.id}${isByText ? `:${sort}` : ''}`;
    const after = cursorPlaceOf(this.cursors, context, query.cursor, isByText);
    const rows = await this.subscriptions.search(space, { status, q, sort, order, after, limit: limit + 1 });
    // Last, for a problem has a serializer of its own.
    showExactly(reply);
    return page(
      rows,
      query,
      this.cursors,
      context,
      (row) => this.views.of(row, caller),
      (row) => placeText(sortedPlace(row, sort)),
    );
  }

  /** Read one subscription. Its `ETag` is what a change's `If-Match` may name. */
  @Get(':sub')
  @SpaceScope('read')
  async get(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Param('sub') sub: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubscriptionView> {
    return this.tagged(await this.subscriptions.find(space, sub), caller, reply);
  }

  /** Change the given fields of a subscription */
  @Patch(':sub')
  @SpaceScope('manage', { right: 'edit' })
  @ApiHeader({
    name: 'if-match',
    required: false,
    description: 'The `ETag` of the version the change is meant for.',
  })
  @ApiProblem(409, '`uid_taken`: another subscription of the space has this uid')
  @ApiProblem(412, 'It changed since the version that `If-Match` names')
  async update(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Param('sub') sub: string,
    @Body() body: SubscriptionChanges,
    @Headers('if-match') ifMatch: string | undefined,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubscriptionView> {
    const changes = withExactFilter(body, request.rawJson);
    return this.tagged(await this.subscriptions.update(space, sub, changes, ifMatch), caller, reply);
  }

  /** Delete a subscription and cancel its open deliveries */
  @Delete(':sub')
  @SpaceScope('manage', { right: 'edit' })
  @HttpCode(204)
  delete(@CurrentSpace() space: SpaceRef, @Param('sub') sub: string): Promise<void> {
    return this.lifecycle.delete(space, sub);
  }

  /** Pause a subscription: its deliveries are held */
  @Post(':sub/pause')
  @SpaceScope('manage', { right: 'edit' })
  @HttpCode(200)
  async pause(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Param('sub') sub: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubscriptionView> {
    return this.tagged(await this.lifecycle.pause(space, sub), caller, reply);
  }

  /** Resume a subscription, and deliver or discard what was held */
  @Post(':sub/resume')
  @SpaceScope('manage', { right: 'edit' })
  @HttpCode(200)
  @ApiBody({ type: ResumeInput, required: false })
  async resume(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Param('sub') sub: string,
    @Body() { backlog }: ResumeInput,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubscriptionView> {
    return this.tagged(await this.lifecycle.resume(space, sub, backlog), caller, reply);
  }

  /** End the wait that the endpoint asked for with `Retry-After`: what waits goes by its schedule again */
  @Post(':sub/wake')
  @SpaceScope('manage', { right: 'edit' })
  @HttpCode(200)
  async wake(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Param('sub') sub: string,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<SubscriptionView> {
    return this.tagged(await this.lifecycle.wake(space, sub), caller, reply);
  }

  /** Forget the note of lost deliveries. The deliveries stay in the log */
  @Delete(':sub/lost')
  @SpaceScope('manage', { right: 'edit' })
  @HttpCode(204)
  async forgetLost(@CurrentSpace() space: SpaceRef, @Param('sub') sub: string): Promise<void> {
    await this.subscriptions.forgetLost(space, await this.subscriptions.find(space, sub));
  }

  /** Rotate the secret: the new one signs, and old ones sign as well during the overlap */
  @Post(':sub/secret/rotate')
  @SpaceScope('manage', { right: 'secrets' })
  @HttpCode(200)
  @ApiBody({ type: RotateInput, required: false })
  @ApiProblem(
    409,
    '`too_many_secrets`: five secrets sign already; `secret_immutable`: its profile exchanges none',
  )
  async rotate(
    @CurrentSpace() space: SpaceRef,
    @Param('sub') sub: string,
    @Body() body: RotateInput,
  ): Promise<SecretView> {
    const secrets = await this.rotation.rotate(space, sub, body);
    return toSecretView(secrets, (await this.subscriptions.find(space, sub)).profile);
  }

  /** Read the secrets that sign a subscription's requests */
  @Get(':sub/secret')
  @SpaceScope('manage', { right: 'secrets' })
  @ApiProblem(409, '`secret_hidden`: its profile shows a secret once, or never')
  async secret(@CurrentSpace() space: SpaceRef, @Param('sub') sub: string): Promise<SecretView> {
    const row = await this.subscriptions.find(space, sub);
    if (profileOf(row.profile).secrets.shown !== 'always') {
      const message =
        'The secret of this subscription is not shown again. Make a new subscription for a new one.';
      throw new Conflict('secret_hidden', message);
    }
    return toSecretView(this.rotation.secretsOf(row), row.profile);
  }

  private tagged(row: SubscriptionEntity, caller: Caller, reply: FastifyReply): SubscriptionView {
    reply.header('etag', etagOf(row.version));
    showExactly(reply);
    return this.views.of(row, caller);
  }
}
