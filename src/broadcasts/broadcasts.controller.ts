import { Body, Controller, Get, HttpCode, HttpStatus, Param, Post, Query, Req, Res } from '@nestjs/common';
import { ApiHeader, ApiOkResponse, ApiResponse, ApiTags } from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Origin } from '../audit/origin.js';
import { publicId } from '../core/ids.js';
import { REQUEST_KEY_SCHEMA } from '../events/request-key.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { memberTexts } from '../lib/json-scanner.js';
import { AdminOnly } from '../spaces/access.js';
import { CurrentOrigin } from '../spaces/request-origin.js';
import type { BroadcastEntity } from './broadcast.entity.js';
import { BroadcastCount, BroadcastInput, BroadcastList, BroadcastView } from './broadcast.dto.js';
import { BroadcastsService } from './broadcasts.service.js';

const CONTEXT = 'broadcasts';

@ApiTags('Broadcasts')
@Controller('v1/broadcasts')
export class BroadcastsController {
  constructor(
    private readonly broadcasts: BroadcastsService,
    private readonly cursors: Cursors,
  ) {}

  /**
   * Publish one event in all spaces, or in those with a tag. A job does it. Spaces that have no such event type are
   * skipped.
   */
  @Post()
  @AdminOnly()
  @ApiHeader({
    name: 'idempotency-key',
    required: false,
    schema: REQUEST_KEY_SCHEMA,
    description:
      'Your key of this request. The same request again answers with the first broadcast and the header ' +
      '`idempotency-replayed: true`; another body is a 409. Kept as long as the broadcast.',
  })
  @ApiResponse({ status: 202, type: BroadcastView, description: 'Durable: the workers will publish it.' })
  @ApiOkResponse({ type: BroadcastCount, description: 'With `dryRun`: for how many spaces it would be.' })
  @ApiProblem(
    409,
    '`idempotency_conflict`: the event `id` or the `Idempotency-Key` was used for another broadcast; ' +
      '`too_many_broadcasts`: ten are under way',
  )
  async start(
    @Body() { event, tag, dryRun }: BroadcastInput,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @CurrentOrigin() by?: Origin,
  ): Promise<BroadcastView | BroadcastCount> {
    const text = memberTexts(request.rawJson ?? '{}').get('event') ?? '{}';
    const idempotencyKey = request.headers['idempotency-key'] as string | undefined;
    const input = { event, text, tag, idempotencyKey };
    reply.status(dryRun ? HttpStatus.OK : HttpStatus.ACCEPTED);
    if (dryRun) return { spaces: await this.broadcasts.count(input) };
    const { broadcast, isRepeated } = await this.broadcasts.start(input, by);
    if (isRepeated) reply.header('idempotency-replayed', 'true');
    return toBroadcastView(broadcast);
  }

  /** List broadcasts */
  @Get()
  @AdminOnly()
  async list(@Query() query: ListQuery): Promise<BroadcastList> {
    const after = query.cursor === undefined ? null : this.cursors.decode(CONTEXT, query.cursor);
    const rows = await this.broadcasts.list({ after, order: query.order, limit: query.limit + 1 });
    return page(rows, query, this.cursors, CONTEXT, toBroadcastView);
  }

  /** Read one broadcast and its progress */
  @Get(':broadcast')
  @AdminOnly()
  async get(@Param('broadcast') ref: string): Promise<BroadcastView> {
    return toBroadcastView(await this.broadcasts.find(ref));
  }

  /** Stop a broadcast. Spaces that have the event keep it. */
  @Post(':broadcast/cancel')
  @AdminOnly()
  @HttpCode(200)
  @ApiProblem(409, '`broadcast_finished`: there is nothing to stop')
  async cancel(@Param('broadcast') ref: string, @CurrentOrigin() by?: Origin): Promise<BroadcastView> {
    return toBroadcastView(await this.broadcasts.cancel(ref, by));
  }
}

/** A broadcast as the API shows it. */
export function toBroadcastView({
  id,
  deliveries,
  createdAt,
  finishedAt,
  ...row
}: BroadcastEntity): BroadcastView {
  const { status, type, uid, tag, spaces, published, skipped, failed, problems } = row;
  return {
    ...{ id: publicId('brd', id), status, type, uid, tag, spaces, published, skipped, failed },
    ...{ deliveries: Number(deliveries), problems },
    createdAt: createdAt.toISOString(),
    finishedAt: finishedAt?.toISOString() ?? null,
  };
}
