import { Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import { NotFound } from '../core/errors.js';
import { Cursors } from '../http/cursor.js';
import { page } from '../http/list.dto.js';
import { scannedPage } from '../http/scanned-page.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { AttemptViewsService } from './attempt-views.service.js';
import { AttemptDetail, DeliveryDetail, DeliveryPage, DeliveryView } from './delivery.dto.js';
import { DeliverySearch, isNarrow } from './delivery-search.dto.js';
import { DeliveryLogService } from './delivery-log.service.js';
import { toDeliveryView } from './delivery-wire.js';

@Controller('v1/spaces/:space/deliveries')
export class DeliveriesController {
  constructor(
    private readonly deliveries: DeliveryLogService,
    private readonly views: AttemptViewsService,
    private readonly cursors: Cursors,
  ) {}

  /**
   * List deliveries
   *
   * `statusCode`, `error`, `trigger`, `state`, `slowerThan`, `response` and `payload` are looked for among a bounded
   * number of deliveries, 20,000 or 2,000 a page. A page may then hold fewer than there are; `searchedTo` says how far
   * it looked, and `nextCursor` goes on from there.
   */
  @Get()
  @SpaceScope('read')
  async list(@CurrentSpace() space: SpaceRef, @Query() query: DeliverySearch): Promise<DeliveryPage> {
    const context = `deliveries:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    if (isNarrow(query)) {
      const scanned = await this.deliveries.search(space, query, after);
      return scannedPage(scanned, query, this.cursors, context, toDeliveryView);
    }
    const rows = await this.deliveries.list(space, query, after);
    return page(rows, query, this.cursors, context, toDeliveryView);
  }

  /** Read one delivery with its attempts */
  @Get(':delivery')
  @SpaceScope('read')
  get(@CurrentSpace() space: SpaceRef, @Param('delivery') ref: string): Promise<DeliveryDetail> {
    return this.views.delivery(space, ref);
  }

  /** Read one attempt: the request as it was sent and what came back */
  @Get(':delivery/attempts/:n')
  @SpaceScope('read')
  @ApiParam({ name: 'n', schema: { type: 'integer', minimum: 1, maximum: 999_999_999 } })
  async attempt(
    @CurrentSpace() space: SpaceRef,
    @Param('delivery') ref: string,
    @Param('n') n: string,
  ): Promise<AttemptDetail> {
    await this.deliveries.find(space, ref);
    if (!/^[1-9]\d{0,8}$/.test(n)) throw new NotFound('attempt');
    return this.views.one(space, ref, Number(n));
  }

  /**
   * Make one attempt now, whatever the delivery's status
   *
   * While an attempt is under way, one more follows it unless it succeeds.
   */
  @Post(':delivery/retry')
  @SpaceScope('manage', { right: 'retry' })
  @HttpCode(202)
  @ApiProblem(
    409,
    '`subscription_deleted`: there is no endpoint to try; `event_erased`, `body_removed`: nothing is left to send',
  )
  async retry(@CurrentSpace() space: SpaceRef, @Param('delivery') ref: string): Promise<DeliveryView> {
    return toDeliveryView(await this.deliveries.retry(space, ref));
  }

  /** Cancel a pending or held delivery */
  @Post(':delivery/cancel')
  @SpaceScope('manage', { right: 'retry' })
  @HttpCode(200)
  @ApiProblem(409, '`not_cancellable`: it is finished')
  async cancel(@CurrentSpace() space: SpaceRef, @Param('delivery') ref: string): Promise<DeliveryView> {
    return toDeliveryView(await this.deliveries.cancel(space, ref));
  }
}
