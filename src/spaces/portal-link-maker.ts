import { Injectable } from '@nestjs/common';
import { Invalid } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import type { Caller } from './access-rule.js';
import type { CreatedPortalLink, CreatePortalLink, PortalLink } from './portal-link.dto.js';
import type { PortalLinkEntity } from './portal-link.entity.js';
import { PortalLinksService } from './portal-links.service.js';
import { accessOf } from './portal-rights.js';
import type { SpaceRef } from './space-ref.js';

const READ_ONLY = {
  path: 'rights',
  code: 'rights',
  message: 'Must be left out with the scope "read". Rights go with the scope "manage".',
};

/** Makes portal links, with the address that each opens. */
@Injectable()
export class PortalLinkMaker {
  constructor(private readonly links: PortalLinksService) {}

  /** `publicUrl` is where people reach the portal, without a slash at its end. Throws Invalid and LimitReached. */
  async make(
    space: SpaceRef,
    caller: Caller,
    { scope, rights, language, expiresInSeconds: seconds }: CreatePortalLink,
    publicUrl: string,
  ): Promise<CreatedPortalLink> {
    if (scope === 'read' && rights && rights.length > 0) throw new Invalid([READ_ONLY]);
    const { row, token } = await this.links.create(space, caller, {
      scope,
      seconds,
      ...(rights && { rights }),
    });
    const page = `portal/${publicId('spc', space.id)}/`;
    const extra = language ? `&lang=${language}` : '';
    // In the fragment, which browsers send to nobody: no log and no Referer ever holds it.
    return { ...toPortalLink(row), url: `${publicUrl}/${page}#portal=${token}${extra}`, token };
  }
}

/** A link as the API shows it. */
export function toPortalLink(row: PortalLinkEntity): PortalLink {
  return {
    id: publicId('lnk', row.id),
    scope: accessOf(row).scope,
    ...(row.rights && { rights: row.rights }),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
