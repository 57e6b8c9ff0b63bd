import { Body, Controller, Delete, Get, HttpCode, Patch, Post, Query } from '@nestjs/common';
import { publicId } from '../core/ids.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { AdminOnly, CurrentSpace } from './access.js';
import { CreateSpace, Space, SpaceList, UpdateSpace } from './space.dto.js';
import type { SpaceEntity } from './space.entity.js';
import type { SpaceRef } from './space-ref.js';
import { SpacesService } from './spaces.service.js';

const LIST = 'spaces';

@AdminOnly()
@Controller('v1/spaces')
export class SpacesController {
  constructor(
    private readonly spaces: SpacesService,
    private readonly cursors: Cursors,
  ) {}

  /** Create a space */
  @Post()
  @ApiProblem(409, '`uid_taken`: another space has this uid')
  async create(@Body() input: CreateSpace): Promise<Space> {
    return toWire(await this.spaces.create(input));
  }

  /** List all spaces */
  @Get()
  async list(@Query() query: ListQuery): Promise<SpaceList> {
    const after = query.cursor === undefined ? null : this.cursors.decode(LIST, query.cursor);
    const rows = await this.spaces.list({ after, order: query.order, limit: query.limit + 1 });
    return page(rows, query, this.cursors, LIST, toWire);
  }

  /** Read one space */
  @Get(':space')
  async get(@CurrentSpace() space: SpaceRef): Promise<Space> {
    return toWire(await this.spaces.get(space.id));
  }

  /** Change a space. What is left out stays; `metadata` is replaced as a whole. */
  @Patch(':space')
  @ApiProblem(409, '`uid_taken`: another space has this uid')
  async update(@CurrentSpace() space: SpaceRef, @Body() input: UpdateSpace): Promise<Space> {
    return toWire(await this.spaces.update(space.id, input));
  }

  /** Delete a space with everything in it. Keys, subscriptions, events, deliveries and attempts go with it. */
  @Delete(':space')
  @HttpCode(204)
  async delete(@CurrentSpace() space: SpaceRef): Promise<void> {
    await this.spaces.delete(space.id);
  }
}

function toWire(space: SpaceEntity): Space {
  return {
    id: publicId('spc', space.id),
    uid: space.uid,
    name: space.name,
    profile: space.profile,
    metadata: space.metadata,
    createdAt: space.createdAt.toISOString(),
    updatedAt: space.updatedAt.toISOString(),
  };
}
