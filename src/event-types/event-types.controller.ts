import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Req } from '@nestjs/common';
import { ApiParam } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentSpace, SpaceScope } from '../spaces/access.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { EVENT_TYPE_NAME_SCHEMA } from '../core/event-type-name.js';
import { exactData } from '../lib/exact-number.js';
import { DefineQuery, EventTypeList, EventTypeReply, PutEventType } from './event-types.dto.js';
import { EventTypesService } from './event-types.service.js';

const FIXED =
  "`builtin_event_type`, `instance_event_type` or `fixed_catalogue`: it is not the space's to change";

@Controller('v1/spaces/:space/event-types')
export class EventTypesController {
  constructor(private readonly eventTypes: EventTypesService) {}

  /** List the event types a space may publish */
  @Get()
  @SpaceScope('read')
  async list(@CurrentSpace() space: SpaceRef): Promise<EventTypeList> {
    return { data: await this.eventTypes.catalogueOf(space), nextCursor: null };
  }

  /** Read one event type */
  @Get(':name')
  @SpaceScope('read')
  get(@CurrentSpace() space: SpaceRef, @Param('name') name: string): Promise<EventTypeReply> {
    return this.eventTypes.find(space, name);
  }

  /** Define an event type of the space's own, or replace it */
  @Put(':name')
  @SpaceScope('manage', { portal: false })
  @ApiProblem(409, `${FIXED}; \`incompatible_change\`: \`force\` was not given`)
  @ApiProblem(
    429,
    'Many schemas were checked in the last minute: 120 of a space, and one that takes a second counts as 20',
  )
  @ApiParam({ name: 'name', schema: EVENT_TYPE_NAME_SCHEMA })
  put(
    @CurrentSpace() space: SpaceRef,
    @Param('name') name: string,
    @Body() body: PutEventType,
    @Query() { force }: DefineQuery,
    @Req() { rawJson = '{}' }: FastifyRequest,
  ): Promise<EventTypeReply> {
    return this.eventTypes.put(space, name, exactData(rawJson, body), { force: force === 'true' });
  }

  /** Remove an event type of the space's own. Subscriptions that name it stay; it cannot be published any more. */
  @Delete(':name')
  @SpaceScope('manage', { portal: false })
  @HttpCode(204)
  @ApiProblem(409, FIXED)
  delete(@CurrentSpace() space: SpaceRef, @Param('name') name: string): Promise<void> {
    return this.eventTypes.delete(space, name);
  }
}
