import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.js';
import { NotFound } from '../core/errors.js';
import { parsePublicId } from '../core/ids.js';
import { ListQuery, page, type Page } from '../http/list.dto.js';
import { CreatePortalLink, type CreatedPortalLink, type PortalLink } from '../spaces/portal-link.dto.js';
import { PortalLinksService } from '../spaces/portal-links.service.js';
import { PortalLinkMaker, toPortalLink } from '../spaces/portal-link-maker.js';
import { checked, startOf } from './checked-input.js';
import { KnownErrors } from '../http/known-errors.js';
import { SpacesByName, type SpaceName } from './spaces-by-name.js';

/** A new link. Nothing else holds its token. */
export interface HostPortalLink extends Omit<CreatedPortalLink, 'url'> {
  /** The dashboard of the `posthorn` process at `publicUrl`, signed in; null where the module has no `publicUrl`. */
  url: string | null;
}

/**
 * Links that open the dashboard for one space, without a key, in a `posthorn` process on the same database. A customer
 * whom the application has signed in needs none where it serves the dashboard itself (the option `http`).
 */
@Injectable()
@KnownErrors()
export class WebhookPortalLinks {
  constructor(
    private readonly spaces: SpacesByName,
    private readonly links: PortalLinksService,
    private readonly maker: PortalLinkMaker,
    private readonly settings: Settings,
  ) {}

  /**
   * Makes a link that works for `expiresInSeconds` (60 to 86,400; default 3,600). `read` looks, `manage` also changes.
   * Throws NotFound for the space, Invalid, and LimitReached while the space has too many.
   */
  async create(space: SpaceName, what: Partial<CreatePortalLink>): Promise<HostPortalLink> {
    const form = await checked(CreatePortalLink, what);
    const { publicUrl } = this.settings;
    const made = await this.maker.make(await this.spaces.find(space), { kind: 'admin' }, form, publicUrl);
    return { ...made, url: publicUrl === '' ? null : made.url };
  }

  /** A page of the links that work, newest first. Throws as the other lists do. */
  async list(space: SpaceName, query: Partial<ListQuery> = {}): Promise<Page<PortalLink>> {
    const [found, form] = [await this.spaces.find(space), await checked(ListQuery, query)];
    const context = `portal-links:${found.id}`;
    const after = startOf(this.spaces.cursors, context, form);
    const rows = await this.links.list(found.id, { after, order: form.order, limit: form.limit + 1 });
    return page(rows, form, this.spaces.cursors, context, toPortalLink);
  }

  /** Revokes a link, by its `lnk_` id: it is refused from now on. Throws NotFound. */
  async revoke(space: SpaceName, link: string): Promise<void> {
    const id = parsePublicId('lnk', link);
    if (id === null) throw new NotFound('portal link');
    await this.links.revoke(await this.spaces.find(space), id);
  }
}
