import type { KeyScope, ProfileName } from '../core/domain-types.js';
import type { PortalRight } from '../spaces/portal-rights.js';
import { PortalView } from '../spaces/portal-settings.dto.js';

/** How the operator wants the dashboard to look. */
export class BrandingView {
  /** `#rrggbb` */
  accent: string | null;
  logoUrl: string | null;
}

/** Whom a credential belongs to and what it may do. */
export class SessionView {
  /** The admin key, a space's key, or a portal link's token. */
  kind: 'admin' | 'space' | 'portal';
  /** The one space it opens, `spc_…`; null for the admin key, which opens all. */
  space: string | null;
  /** That space's; null for the admin key. */
  profile: ProfileName | null;
  scope: 'admin' | KeyScope;
  /** What a portal link may do besides looking; absent for keys. */
  rights?: PortalRight[];
  /** How the portal looks; absent for keys. */
  portal?: PortalView;
  /** Null when the operator set none. */
  branding: BrandingView | null;
  /** Whether spaces may have receivers inside the engine. */
  testReceiver: boolean;
  /** The engine's. */
  version: string;
}
