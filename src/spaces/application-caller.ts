import type { IncomingMessage } from 'node:http';
import type { PortalScope } from './portal-link.js';
import { PORTAL_RIGHTS, type PortalRight } from './portal-rights.js';
import type { PortalCaller } from './access-rule.js';
import type { SpaceRef } from './space-ref.js';

/** Whom the application around this API has signed in, for one space. */
export interface ApplicationCaller {
  space: SpaceRef;
  scope: PortalScope;
  /** Default: all that the scope allows. */
  rights?: readonly PortalRight[];
  /** What the application calls this person, for the audit log. */
  user: string | null;
  /** The client's address, as the application knows it. */
  ip: string | null;
}

/** Keyed by the request object: a client cannot forge one. */
const callers = new WeakMap<IncomingMessage, ApplicationCaller>();

export function setApplicationCaller(request: IncomingMessage, customer: ApplicationCaller): void {
  callers.set(request, customer);
}

export function applicationCallerOf(request: IncomingMessage): ApplicationCaller | undefined {
  return callers.get(request);
}

/** An application's customer may do what the holder of a portal link may. */
export function portalCallerOf({ space, scope, rights, user }: ApplicationCaller): PortalCaller {
  const allowed = scope === 'manage' ? (rights ?? PORTAL_RIGHTS) : [];
  return { kind: 'portal', linkId: null, user, scope, rights: allowed, space };
}
