import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query, Req } from '@nestjs/common';
import type { FastifyRequest } from 'fastify';
import { Settings } from '../config/settings.js';
import { Invalid, NotFound } from '../core/errors.js';
import { parsePublicId, publicId } from '../core/ids.js';
import { publicUrlOf } from '../http/base-path.js';
import { Cursors } from '../http/cursor.js';
import { ListQuery, page } from '../http/list.dto.js';
import { CurrentCaller, CurrentSpace, SpaceScope, type Caller } from './access.js';
import { CreatedPortalLink, CreatePortalLink, PortalLink, PortalLinkList } from './portal-link.dto.js';
import type { PortalLinkEntity } from './portal-link.entity.js';
import { PortalLinksService } from './portal-links.service.js';
import { accessOf } from './portal-rights.js';
import { PortalSettingsService } from './portal-settings.service.js';
import type { SpaceRef } from './space-ref.js';

const READ_ONLY = {
  path: 'rights',
  code: 'rights',
  message: 'must be left out: a link with the scope read only looks. Rights go with the scope manage.',
};

@SpaceScope('manage', { portal: false })
@Controller('v1/spaces/:space/portal-links')
export class PortalLinksController {
  constructor(
    private readonly links: PortalLinksService,
    private readonly portal: PortalSettingsService,
    private readonly cursors: Cursors,
    private readonly settings: Settings,
  ) {}

  /** Make a link that opens the portal of this space, without a key. It ends with the key that made it. */
  @Post()
  async create(
    @CurrentSpace() space: SpaceRef,
    @CurrentCaller() caller: Caller,
    @Body() { scope, rights, language, expiresInSeconds: seconds }: CreatePortalLink,
    @Req() request: FastifyRequest,
  ): Promise<CreatedPortalLink> {
    const publicUrl = publicUrlOf(this.settings, request);
    if (scope === 'read' && rights && rights.length > 0) throw new Invalid([READ_ONLY]);
    const { row, token } = await this.links.create(space, caller, {
      scope,
      seconds,
      ...(rights && { rights }),
    });
    const page = (await this.portal.hasOwn(space.id)) ? `portal/${publicId('spc', space.id)}/` : '';
    const extra = language ? `&lang=${language}` : '';
    // In the fragment, which browsers send to nobody: no log and no Referer ever holds it.
    return { ...toWire(row), url: `${publicUrl}/${page}#portal=${token}${extra}`, token };
  }

  /** List the links that work */
  @Get()
  async list(@CurrentSpace() space: SpaceRef, @Query() query: ListQuery): Promise<PortalLinkList> {
    const context = `portal-links:${space.id}`;
    const after = query.cursor === undefined ? null : this.cursors.decode(context, query.cursor);
    const rows = await this.links.list(space.id, { after, order: query.order, limit: query.limit + 1 });
    return page(rows, query, this.cursors, context, toWire);
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

function toWire(row: PortalLinkEntity): PortalLink {
  return {
    id: publicId('lnk', row.id),
    scope: accessOf(row).scope,
    ...(row.rights && { rights: row.rights }),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
