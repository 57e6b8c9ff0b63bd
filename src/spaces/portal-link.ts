import type { ProfileName } from '../core/domain-types.js';
import type { PortalRight, StoredRights } from './portal-rights.js';
import type { SpaceRef } from './space-ref.js';

export const PORTAL_SCOPES = ['read', 'manage'] as const;
export type PortalScope = (typeof PORTAL_SCOPES)[number];

/** What every token begins with: distinguishes it from a key without a lookup. */
export const TOKEN_PREFIX = 'php_';

/** A link that works. */
export interface FoundLink {
  linkId: string;
  scope: PortalScope;
  rights: readonly PortalRight[];
  space: SpaceRef;
}

/** A link's row with its space, as it is looked up by hash. */
export interface LinkWithSpace {
  id: string;
  hash: string;
  scope: PortalScope;
  rights: StoredRights;
  expires_at: Date;
  key_expires_at: Date | null;
  space_id: string;
  uid: string | null;
  profile: ProfileName;
}
