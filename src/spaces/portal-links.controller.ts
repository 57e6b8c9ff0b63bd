import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';
import { NotFound } from '../core/errors.js';
import { parsePublicId } from '../core/ids.js';
import { publicUrlOf } from '../http/base-path.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { CurrentCaller, CurrentSpace, SpaceScope, type Caller } from './access.js';
import { CreatedPortalLink, CreatePortalLink, PortalLinkList } from './portal-link.dto.js';
import { PortalLinkMaker, toPortalLink } from './portal-link-maker.js';
import { PortalLinksService } from './portal-links.service.js';
import type { SpaceRef } from './space-ref.js';

@SpaceScope('manage', { portal: false })
@Controller('v1/spaces/:space/portal-links')
export class PortalLinksController {
  constructor(
    private readonly links: PortalLinksService,
    private readonly maker: PortalLinkMaker,
    private readonly cursors: Cursors,
    private readonly settings: Settings,
  ) {}

  /** Create a link that opens the portal of this space without a key. It ends with the key that made it. */
  @Post()
  async create(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Body() input: CreatePortalLink,
    @Req() request: FastifyRequest,
  ): Promise<CreatedPortalLink> {
    return this.maker.make(space, caller, input, publicUrlOf(this.settings, request));
  }

  /** List valid portal links */
  @Get()
  async list(@CurrentSpace() space: SpaceRef, @Query() query: ListQuery): Promise<PortalLinkList> {
    const context = `portal-links:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const rows = await this.links.list(space.id, { after, order: query.order, limit: query.limit + 1 });
    return page(rows, query, this.cursors, context, toPortalLink);
  }

  /** Revoke a link. It is refused from now on. */
  @Delete(':link')
  @HttpCode(204)
  async revoke(@CurrentSpace() space: SpaceRef, @Param('link') link: string): Promise<void> {
    const id = parsePublicId('lnk', link);
    if (id === null) throw new NotFound('portal link');
    await this.links.revoke(space, id);
  }
}
