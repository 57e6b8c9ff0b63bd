import { Body, Controller, Get, Header, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import { ApiBody, ApiExtraModels, ApiOkResponse, ApiResponse, getSchemaPath } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { publicId } from '../core/ids.js';
import { readTraceContext } from '../lib/traceparent.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import type { PublishFacts } from '../http/request-metrics.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { Remembered } from '../spaces/access-rule.js';
import { Tracing } from '../telemetry/tracing.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import {
  EventPage,
  EventQuery,
  EventView,
  NewEventInput,
  PublishedList,
  PublishedView,
  RoutingPage,
  type RoutedView,
} from './event.dto.js';
import type { PublishedEvent } from './draft.js';
import { EventLogService } from './event-log.service.js';
import { EventRoutingService, type RoutedSubscription } from './event-routing.service.js';
import { toEventSummary } from './event-wire.js';
import { Publisher } from './publish.js';
import { publishTraced } from './publish-trace.js';
import { readEvents } from './publish-input.js';
import { toPublishedView } from './published-wire.js';

/** The publish request, for its span. */
const PUBLISH = { method: 'POST', route: '/v1/spaces/:space/events', status: 202 };

@ApiExtraModels(NewEventInput, PublishedView, PublishedList, EventView)
@Controller('v1/spaces/:space/events')
export class EventsController {
  constructor(
    private readonly publisher: Publisher,
    private readonly log: EventLogService,
    private readonly routing: EventRoutingService,
    private readonly cursors: Cursors,
    private readonly tracing: Tracing,
  ) {}

  /** Publish one event, or up to 1,000: all of them are stored, or none */
  @Post()
  @SpaceScope('publish', { remembers: true })
  @HttpCode(202)
  @ApiProblem(409, '`idempotency_conflict`: an event with this `id` and another body was published before')
  @ApiBody({
    schema: {
      oneOf: [
        { $ref: getSchemaPath(NewEventInput) },
        {
          type: 'array',
          items: { $ref: getSchemaPath(NewEventInput) },
          minItems: 1,
          description: 'Up to 1,000 events; more are a 413.',
        },
      ],
    },
  })
  @ApiResponse({
    status: 202,
    description: 'Durable: the event and its deliveries are committed.',
    schema: { oneOf: [{ $ref: getSchemaPath(PublishedView) }, { $ref: getSchemaPath(PublishedList) }] },
  })
  async publish(
    @CurrentSpace() space: SpaceRef,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
  ): Promise<PublishedView | PublishedList> {
    const { remembered } = request;
    const { traceparent, tracestate } = request.headers;
    const origin = { space, given: readTraceContext(traceparent, tracestate), http: PUBLISH };
    const isGivenUp = () => request.raw.socket.destroyed;
    const events = await publishTraced(
      this.tracing,
      origin,
      () => orConfirm(remembered, () => readEvents(body, request.rawJson)),
      (drafts, trace) => {
        if (trace) request.traceId = trace.traceId;
        const input = { spaceId: space.id, drafts, isGivenUp, trace };
        return this.publisher.publish({ ...input, ...(remembered && { remembered }) });
      },
    );
    const published = events.map(toPublishedView);
    request.publishFacts = factsOf(events);
    return Array.isArray(body) ? { data: published } : (published[0] as PublishedView);
  }

  /** List events */
  @Get()
  @SpaceScope('read')
  async list(@CurrentSpace() space: SpaceRef, @Query() query: EventQuery): Promise<EventPage> {
    const context = `events:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
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

/** Confirms the caller's access before any other error is reported. */
async function orConfirm<T>(remembered: Remembered | undefined, read: () => T): Promise<T> {
  try {
    return read();
  } catch (error) {
    await remembered?.confirm();
    throw error;
  }
}

function factsOf(events: PublishedEvent[]): PublishFacts {
  const facts = { events: events.length, duplicates: 0, deliveries: 0 };
  for (const { duplicate, deliveries } of events) {
    if (duplicate) facts.duplicates += 1;
    else facts.deliveries += deliveries;
  }
  return facts;
}

function toRouted({ id, deliveryId, ...rest }: RoutedSubscription): RoutedView {
  return {
    subscriptionId: publicId('sub', id),
    ...rest,
    deliveryId: deliveryId === null ? null : publicId('dlv', deliveryId),
  };
}
