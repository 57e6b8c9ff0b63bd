import { Body, Controller, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import {
  ApiBody,
  ApiExtraModels,
  ApiHeader,
  ApiOperation,
  ApiQuery,
  ApiResponse,
  ApiTags,
  getSchemaPath,
} from '@nestjs/swagger';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { readTraceContext } from '../lib/traceparent.js';
import { ApiProblem } from '../http/openapi-problems.js';
import type { PublishFacts } from '../http/request-metrics.js';
import { Forbidden, Invalid, type Issue } from '../core/errors.js';
import { unknownField } from '../http/validation.pipe.js';
import { SpaceScope } from '../spaces/access.js';
import { asksToUpsert } from '../spaces/access-control.js';
import type { Remembered } from '../spaces/access-rule.js';
import { originOf } from '../spaces/request-origin.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { SpacesService } from '../spaces/spaces.service.js';
import { Tracing } from '../telemetry/tracing.js';
import type { PublishedEvent } from './draft.js';
import { NewEventInput, PublishedList, PublishedView } from './event.dto.js';
import { Publisher } from './publish.js';
import { publishTraced } from './publish-trace.js';
import { readEvents } from './publish-input.js';
import { toPublishedView } from './published-wire.js';
import { readRequestKey, REQUEST_KEY_SCHEMA, type RequestKey } from './request-key.js';

/** Problems of a query that one answer names. */
const MAX_ISSUES = 20;
/** The publish request, for its span. */
const PUBLISH = { method: 'POST', route: '/v1/spaces/:space/events', status: 202 };

@ApiTags('Events')
@ApiExtraModels(NewEventInput, PublishedView, PublishedList)
@Controller('v1/spaces/:space/events')
export class PublishController {
  constructor(
    private readonly publisher: Publisher,
    private readonly tracing: Tracing,
    private readonly spaces: SpacesService,
  ) {}

  /** Publish one event, or up to 1,000: all of them are stored, or none */
  @Post()
  // Generated clients name their method after it.
  @ApiOperation({ operationId: 'events_publish' })
  @SpaceScope('publish', { remembers: true, upserts: true })
  @HttpCode(202)
  @ApiHeader({
    name: 'idempotency-key',
    required: false,
    schema: REQUEST_KEY_SCHEMA,
    description:
      'Your key of this request, up to 256 printable ASCII characters. The same request again answers with the first ' +
      'events, `duplicate` and the header `idempotency-replayed: true`; another body is a 409. Kept as ' +
      'long as event ids.',
  })
  @ApiQuery({
    name: 'upsertSpace',
    required: false,
    schema: { type: 'boolean', default: false },
    description:
      'Make the space if there is none with this uid; its name is the uid. Needs the admin key. It stays when its ' +
      'catalogue then refuses the events.',
  })
  @ApiProblem(
    409,
    '`idempotency_conflict`: an event with this `id`, or a request with this `Idempotency-Key`, and another body was ' +
      'published before',
  )
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
    @Query() query: Record<string, unknown>,
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<PublishedView | PublishedList> {
    if (Object.keys(query).length > 0) await orConfirm(request.remembered, () => checkQuery(query, request));
    const space = request.space ?? (await this.makeSpace(body, request));
    const { events, isRepeated } = await this.store(space, body, request);
    const published = events.map(toPublishedView);
    request.publishFacts = factsOf(events);
    if (isRepeated) reply.header('idempotency-replayed', 'true');
    return Array.isArray(body) ? { data: published } : (published[0] as PublishedView);
  }

  /** What no space could publish makes none. */
  private makeSpace(body: unknown, request: FastifyRequest): Promise<SpaceRef> {
    readEvents(body, request.rawJson);
    const { space: uid } = request.params as { space: string };
    return this.spaces.upsertSpace({ uid }, originOf(request));
  }

  /** `isRepeated`: the request came before, under the same `Idempotency-Key`. */
  private async store(
    space: SpaceRef,
    body: unknown,
    request: FastifyRequest,
  ): Promise<{ events: PublishedEvent[]; isRepeated: boolean }> {
    const { remembered } = request;
    const { traceparent, tracestate } = request.headers;
    const origin = { space, given: readTraceContext(traceparent, tracestate), http: PUBLISH };
    const isGivenUp = () => request.raw.socket.destroyed;
    let requestKey: RequestKey | undefined;
    const read = () => {
      const drafts = readEvents(body, request.rawJson);
      requestKey = readRequestKey(request.headers['idempotency-key'] as string | undefined, drafts);
      return drafts;
    };
    const events = await publishTraced(
      this.tracing,
      origin,
      () => orConfirm(remembered, read),
      (drafts, trace) => {
        if (trace) request.traceId = trace.traceId;
        const input = { spaceId: space.id, drafts, requestKey, isGivenUp, trace };
        return this.publisher.publish({ ...input, ...(remembered && { remembered }) });
      },
    );
    return { events, isRepeated: requestKey !== undefined && events.every(({ duplicate }) => duplicate) };
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

/** By hand, for publishing costs less than a DTO of its query would. */
function checkQuery(query: Record<string, unknown>, request: FastifyRequest): void {
  const issues: Issue[] = [];
  for (const [name, value] of Object.entries(query)) {
    if (name !== 'upsertSpace') issues.push(unknownField(name));
    else if (value !== 'true' && value !== 'false')
      issues.push({ path: name, code: 'is_boolean', message: 'upsertSpace must be true or false' });
  }
  if (issues.length > 0) throw new Invalid(issues.slice(0, MAX_ISSUES));
  if (asksToUpsert(request) && request.caller?.kind !== 'admin')
    throw new Forbidden('upsertSpace needs the admin key.');
}

function factsOf(events: PublishedEvent[]): PublishFacts {
  const facts = { events: events.length, duplicates: 0, deliveries: 0 };
  for (const { duplicate, deliveries } of events) {
    if (duplicate) facts.duplicates += 1;
    else facts.deliveries += deliveries;
  }
  return facts;
}
