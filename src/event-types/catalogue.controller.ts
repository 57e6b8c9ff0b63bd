import { Body, Controller, Delete, Get, HttpCode, Param, Put, Query, Req } from '@nestjs/common';
import { ApiParam, ApiTags } from '@nestjs/swagger';
import type { FastifyRequest } from 'fastify';
import { ApiProblem } from '../http/openapi-problems.js';
import type { Origin } from '../audit/origin.js';
import { EVENT_TYPE_NAME_SCHEMA } from '../core/event-type-name.js';
import { exactData } from '../lib/exact-number.js';
import { AdminOnly, AnyKey, CurrentCaller, type Caller } from '../spaces/access.js';
import { isOperators } from '../spaces/caller-name.js';
import { CurrentOrigin } from '../spaces/request-origin.js';
import {
  CatalogueQuery,
  DefineQuery,
  EventTypeList,
  EventTypeReply,
  PutInstanceType,
  SyncReportView,
  SyncTypes,
} from './event-types.dto.js';
import { InstanceTypesService } from './instance-types.service.js';

const INCOMPATIBLE =
  '`incompatible_change`: it breaks publishers or receivers of a version; `errors` names where. `force` was not given';

/** What each profile can tell, and the event types of the whole instance. */
@ApiTags('EventTypes')
@Controller('v1/event-types')
export class CatalogueController {
  constructor(private readonly types: InstanceTypesService) {}

  /** List a profile's event types; of the native one with those of the instance */
  @Get()
  @AnyKey()
  async list(@Query() { profile }: CatalogueQuery, @CurrentCaller() caller: Caller): Promise<EventTypeList> {
    return { data: await this.types.list(profile, isOperators(caller)), nextCursor: null };
  }

  /** Define many event types for all spaces at once, as `posthorn events sync` does with a file */
  @Put()
  @AdminOnly()
  @ApiProblem(409, INCOMPATIBLE)
  sync(
    @Body() body: SyncTypes,
    @Req() { rawJson = '{}' }: FastifyRequest,
    @CurrentOrigin() by?: Origin,
  ): Promise<SyncReportView> {
    const { types, ...options } = exactData(rawJson, body);
    return this.types.sync(types as Record<string, PutInstanceType>, { ...options, source: 'file', by });
  }

  /** Read one event type of the instance, or a built-in one */
  @Get(':name')
  @AnyKey()
  get(@Param('name') name: string, @CurrentCaller() caller: Caller): Promise<EventTypeReply> {
    return this.types.find(name, isOperators(caller));
  }

  /** Define an event type for all spaces, or replace it. Under a built-in name it replaces the built-in definition. */
  @Put(':name')
  @AdminOnly()
  @ApiProblem(409, INCOMPATIBLE)
  @ApiParam({ name: 'name', schema: EVENT_TYPE_NAME_SCHEMA })
  put(
    @Param('name') name: string,
    @Body() body: PutInstanceType,
    @Query() { force }: DefineQuery,
    @Req() { rawJson = '{}' }: FastifyRequest,
    @CurrentOrigin() by?: Origin,
  ): Promise<EventTypeReply> {
    return this.types.put(name, exactData(rawJson, body), { by, force: force === 'true' });
  }

  /** Remove an event type of the instance. A built-in event of that name is as it was. */
  @Delete(':name')
  @AdminOnly()
  @HttpCode(204)
  delete(@Param('name') name: string, @CurrentOrigin() by?: Origin): Promise<void> {
    return this.types.delete(name, by);
  }
}
