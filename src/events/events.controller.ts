import { Controller, Get, Header, Param, Query } from '@nestjs/common';
import { ApiExtraModels, ApiOkResponse } from '@nestjs/swagger';
import { publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { scannedPage } from '../http/scanned-page.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { EventPage, EventSearch, EventView, RoutingPage, type RoutedView } from './event.dto.js';
import { EventLogService } from './event-log.service.js';
import { EventRoutingService, type RoutedSubscription } from './event-routing.service.js';
import { toEventSummary } from './event-wire.js';

@ApiExtraModels(EventView)
@Controller('v1/spaces/:space/events')
export class EventsController {
  constructor(
    private readonly log: EventLogService,
    private readonly routing: EventRoutingService,
    private readonly cursors: Cursors,
  ) {}

  /** List events */
  @Get()
  @SpaceScope('read')
  async list(@CurrentSpace() space: SpaceRef, @Query() query: EventSearch): Promise<EventPage> {
    const context = `events:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const { payload } = query;
    if (payload !== undefined) {
      const scanned = await this.log.search(space, { ...query, payload }, after);
      return scannedPage(scanned, query, this.cursors, context, toEventSummary);
    }
    const rows = await this.log.list(space, query, after);
    return page(rows, query, this.cursors, context, toEventSummary);
  }

  /** Read one event with its data */
  @Get(':event')
  @SpaceScope('read')
  @Header('content-type', 'application/json; charset=utf-8')
  @ApiOkResponse({ type: EventView })
  async get(@CurrentSpace() space: SpaceRef, @Param('event') ref: string): Promise<string> {
    const { data, ...row } = await this.log.find(space, ref);
    // The data is inserted as text: parsed and printed again, 1.0 would become 1.
    const { removed } = row;
    return `${JSON.stringify(toEventSummary(row)).slice(0, -1)},"data":${removed === null ? data : 'null'}}`;
  }

  /** List which of the space's subscriptions got an event, and why the others did not */
  @Get(':event/routing')
  @SpaceScope('read')
  async route(
    @CurrentSpace() space: SpaceRef,
    @Param('event') ref: string,
    @Query() query: ListQuery,
  ): Promise<RoutingPage> {
    const context = `routing:${space.id}:${ref}`;
    const after = query.cursor === undefined ? undefined : this.cursors.decode(context, query.cursor);
    const slice = { order: query.order, limit: query.limit + 1, ...(after !== undefined && { after }) };
    const rows = await this.routing.explain(space, ref, slice);
    return page(rows, query, this.cursors, context, toRouted);
  }
}

function toRouted({ id, delivery, ...rest }: RoutedSubscription): RoutedView {
  return {
    subscriptionId: publicId('sub', id),
    ...rest,
    deliveryId: delivery && publicId('dlv', delivery.id),
    deliveryStatus: delivery && delivery.status,
    attemptCount: delivery && delivery.attempt_count,
    lastStatusCode: delivery && delivery.last_status_code,
    lastError: delivery && delivery.last_error,
  };
}
