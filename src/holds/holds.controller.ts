import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { publicId, uuidTime } from '../core/ids.js';
import type { LegalHoldEntity } from '../event-store/legal-hold.entity.js';
import { LAST_ID } from '../event-store/selection.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { ApiProblem } from '../http/openapi-problems.js';
import { CurrentCaller, CurrentSpace, SpaceScope, type Caller } from '../spaces/access.js';
import { callerName } from '../spaces/caller-name.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import { HoldInput, HoldList, HoldView } from './hold.dto.js';
import { HoldsService } from './holds.service.js';

@ApiTags('Legal holds')
@Controller('v1/spaces/:space/holds')
export class HoldsController {
  constructor(
    private readonly holds: HoldsService,
    private readonly cursors: Cursors,
  ) {}

  /** Set a legal hold: neither retention nor an erasure removes what it covers, and the space cannot be deleted */
  @Post()
  @SpaceScope('manage', { portal: false })
  async set(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Body() input: HoldInput,
  ): Promise<HoldView> {
    return toView(await this.holds.set(space, input, callerName(caller)));
  }

  /** List legal holds, also those that were released */
  @Get()
  @SpaceScope('read', { portal: false })
  async list(@CurrentSpace() space: SpaceRef, @Query() query: ListQuery): Promise<HoldList> {
    const context = `holds:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const rows = await this.holds.list(space, { after, order: query.order, limit: query.limit + 1 });
    return page(rows, query, this.cursors, context, toView);
  }

  /** Read a legal hold */
  @Get(':hold')
  @SpaceScope('read', { portal: false })
  async get(@CurrentSpace() space: SpaceRef, @Param('hold') ref: string): Promise<HoldView> {
    return toView(await this.holds.find(space, ref));
  }

  /** Release a legal hold. What was kept because of it goes with the next run of retention, within an hour. */
  @Post(':hold/release')
  @SpaceScope('manage', { portal: false })
  @HttpCode(200)
  @ApiProblem(409, '`hold_released`: it was released before')
  async release(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Param('hold') ref: string,
  ): Promise<HoldView> {
    return toView(await this.holds.release(space, ref, callerName(caller)));
  }
}

function toView({ id, eventId, subject, sinceId, untilId, ...hold }: LegalHoldEntity): HoldView {
  const since = uuidTime(sinceId);
  return {
    id: publicId('lgh', id),
    reason: hold.reason,
    event: eventId && publicId('evt', eventId),
    subjectId: subject,
    since: since === 0 ? null : new Date(since).toISOString(),
    until: untilId === LAST_ID ? null : new Date(uuidTime(untilId)).toISOString(),
    setBy: hold.setBy,
    createdAt: hold.createdAt.toISOString(),
    releasedBy: hold.releasedBy,
    releasedAt: hold.releasedAt?.toISOString() ?? null,
  };
}
