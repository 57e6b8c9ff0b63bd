import { ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsInt, Max, Min } from 'class-validator';
import { PORTAL_SCOPES, type PortalScope } from './portal-link.js';

export class CreatePortalLink {
  /**
   * `read`: look. `manage`: also manage subscriptions, retry and replay. It never publishes, and makes no keys or
   * links.
   */
  @IsIn(PORTAL_SCOPES)
  scope: PortalScope;

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
  /** ISO 8601, UTC. */
  createdAt: string;
  /** From when on it is refused. */
  expiresAt: string;
}

/** A new link. This answer is the only one that holds its token. */
export class CreatedPortalLink extends PortalLink {
  /** The dashboard, signed in with the token. Open it in a frame or hand it out. */
  url: string;
  /** Send it as `Authorization: Bearer <token>`. It cannot be shown again. */
  token: string;
}

export class PortalLinkList {
  data: PortalLink[];
  /** Pass it as `cursor` for the next page; null on the last one. */
  nextCursor: string | null;
}
