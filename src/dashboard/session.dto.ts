import type { KeyScope, ProfileName } from '../core/domain-types.js';
import type { Role } from '../core/roles.js';
import type { PortalRight } from '../spaces/portal-rights.js';
import { PortalView } from '../spaces/portal-settings.dto.js';

/** How the operator wants the dashboard to look. */
export class BrandingView {
  /** `#rrggbb` */
  accent: string | null;
  logoUrl: string | null;
}

/** What a person may do in one space. */
export class PersonSpace {
  /** `spc_…` */
  space: string;
  role: Role;
}

/** Who is signed in. */
export class SignedInPerson {
  /** `usr_…` */
  id: string;
  email: string;
  /** The role in all spaces; null: only the roles in `spaces`. */
  role: Role | null;
  /** Roles in single spaces. */
  spaces: PersonSpace[];
  /** The session of this request, `ses_…`. */
  session: string;
}

/** Whom a credential belongs to and what it may do. */
export class SessionView {
  /** The admin key, a space's key, a portal link's token, or a person's session. */
  kind: 'admin' | 'space' | 'portal' | 'person';
  /** Absent for keys and links. */
  person?: SignedInPerson;
  /** The one space it opens, `spc_…`; null for the admin key, which opens all, and for people. */
  space: string | null;
  /** That space's; null for the admin key, and for people. */
  profile: ProfileName | null;
  /** Of a person the scope nearest to their role in all spaces. */
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
