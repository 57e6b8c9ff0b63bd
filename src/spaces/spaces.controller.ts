import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { Forbidden } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import { limitsOf } from '../core/limits.js';
import { retentionOf } from '../core/space-retention.js';
import { Cursors } from '../http/cursor.js';
import { page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { cursorPlaceOf, placeText } from '../http/search.dto.js';
import type { Origin } from '../audit/origin.js';
import { AdminOnly, AnyKey, CurrentCaller, CurrentSpace, type Caller } from './access.js';
import { isOperators } from './caller-name.js';
import { CurrentOrigin } from './request-origin.js';
import { CreateSpace, Space, SpaceList, SpaceQuery, UpdateSpace } from './space.dto.js';
import type { SpaceEntity } from './space.entity.js';
import type { SpaceRef } from './space-ref.js';
import { SpacesService } from './spaces.service.js';

const LIST = 'spaces';

@Controller('v1/spaces')
export class SpacesController {
  constructor(
    private readonly spaces: SpacesService,
    private readonly cursors: Cursors,
    private readonly settings: Settings,
  ) {}

  /** Create a space */
  @Post()
  @AdminOnly()
  @ApiProblem(409, '`uid_taken`: another space has this uid')
  async create(@Body() input: CreateSpace, @CurrentOrigin() by?: Origin): Promise<Space> {
    return this.toWire(await this.spaces.create(input, by));
  }

  /** List spaces, or search them */
  @Get()
  @AdminOnly()
  async list(@Query() query: SpaceQuery, @CurrentCaller() caller: Caller): Promise<SpaceList> {
    const { q, tag, sort, order, limit } = query;
    const isByName = sort === 'name';
    const context = isByName ? `${LIST}:name` : LIST;
    const after = cursorPlaceOf(this.cursors, context, query.cursor, isByName);
    // A person of single spaces sees those.
    const only = isOperators(caller) || caller.kind !== 'person' ? undefined : [...caller.spaces.keys()];
    const rows = await this.spaces.list({ q, tag, only, isByName, after, order, limit: limit + 1 });
    return page(
      rows,
      query,
      this.cursors,
      context,
      (row) => (only ? withoutNotes(this.toWire(row)) : this.toWire(row)),
      ({ id, name }) => placeText(isByName ? { text: name, id } : { id }),
    );
  }

  /** Read one space. A space's own key may read that one. */
  @Get(':space')
  @AnyKey({ portal: false })
  async get(@CurrentSpace() { id }: SpaceRef, @CurrentCaller() caller: Caller): Promise<Space> {
    const space = this.toWire(await this.spaces.get(id));
    return isOperators(caller) ? space : withoutNotes(space);
  }

  /** Change a space. What is left out stays; `metadata` and `tags` are replaced as a whole. */
  @Patch(':space')
  @AdminOnly()
  @ApiProblem(409, '`uid_taken`: another space has this uid')
  async update(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Body() input: UpdateSpace,
  ): Promise<Space> {
    const { metadata, tags } = input;
    // Who is shown none of them would send back that there are none.
    if (!isOperators(caller) && (metadata !== undefined || tags !== undefined))
      throw new Forbidden('Changing `metadata` or `tags` needs a role in all spaces.');
    const changed = this.toWire(await this.spaces.update(space.id, input, space.by));
    return isOperators(caller) ? changed : withoutNotes(changed);
  }

  /** Delete a space with everything in it. Keys, subscriptions, events, deliveries and attempts go with it. */
  @Delete(':space')
  @AdminOnly()
  @HttpCode(204)
  @ApiProblem(409, '`legal_hold`: the space has a legal hold; release it first')
  async delete(@CurrentSpace() space: SpaceRef): Promise<void> {
    await this.spaces.delete(space.id, space.by);
  }

  private toWire(space: SpaceEntity): Space {
    return {
      id: publicId('spc', space.id),
      uid: space.uid,
      name: space.name,
      profile: space.profile,
      metadata: space.metadata,
      tags: space.tags,
      limits: limitsOf(space.limits, this.settings.spaceLimits),
      retention: retentionOf(space.retention, this.settings.retentionDays),
      createdAt: space.createdAt.toISOString(),
      updatedAt: space.updatedAt.toISOString(),
    };
  }
}

/** The operator's notes and tags are not the tenant's. */
function withoutNotes(space: Space): Space {
  return { ...space, metadata: {}, tags: [] };
}
