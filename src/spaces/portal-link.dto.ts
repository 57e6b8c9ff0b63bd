import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsArray, IsIn, IsInt, Max, Min } from 'class-validator';
import { LANGUAGES, type Language } from '../core/portal-look.js';
import { SchemaRule } from '../http/input-schemas.js';
import { OptionalNotNull } from '../http/optional-not-null.js';
import { OrNull } from '../http/or-null.js';
import { ArrayUnique } from '../http/array-unique.js';
import { PORTAL_SCOPES, type PortalScope } from './portal-link.js';
import { PORTAL_RIGHTS, type PortalRight } from './portal-rights.js';

/** Rights go with the scope `manage` only. */
@SchemaRule({ not: { required: ['rights'], properties: { scope: { const: 'read' } } } })
export class CreatePortalLink {
  /**
   * `read`: look. `manage`: also manage subscriptions, retry and replay. It never publishes, and makes no keys or
   * links.
   */
  @IsIn(PORTAL_SCOPES)
  scope: PortalScope;

  /**
   * What a link with the scope `manage` may do; left out: all. `edit`: make, change, pause and delete subscriptions;
   * `retry`: send deliveries again, replay and cancel them; `secrets`: see and rotate secrets, and see the values of
   * headers; `test`: send test events. The engine refuses the rest with 403.
   */
  @OptionalNotNull()
  @IsArray()
  @ArrayUnique()
  @IsIn(PORTAL_RIGHTS, { each: true })
  rights?: PortalRight[];

  /** The language that the portal opens in; left out or null: the space's, or else the browser's. */
  @OrNull("for the space's language")
  @IsIn(LANGUAGES)
  language?: Language | null;

  /** For how long it works. */
  @ApiPropertyOptional({ type: 'integer' })
  @IsInt()
  @Min(60)
  @Max(86_400)
  expiresInSeconds: number = 3_600;
}

/** A way into one space without a key. */
export class PortalLink {
  /** `lnk_…` */
  id: string;
  scope: PortalScope;
  /** What it may do besides looking, where that is less than its scope allows. */
  rights?: PortalRight[];
  /** ISO 8601, UTC. */
  createdAt: string;
  /** From when on it is refused. */
  expiresAt: string;
}

/** A new link. This answer is the only one that holds its token. */
export class CreatedPortalLink extends PortalLink {
  /** The portal, signed in with the token. Open it in a frame or hand it out. */
  url: string;
  /** Send it as `Authorization: Bearer <token>`. It cannot be shown again. */
  token: string;
}

export class PortalLinkList {
  data: PortalLink[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
