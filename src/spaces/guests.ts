import type { IncomingMessage } from 'node:http';
import type { PortalScope } from './portal-link.js';
import { PORTAL_RIGHTS, type PortalRight } from './portal-rights.js';
import type { PortalCaller } from './access-rule.js';
import type { SpaceRef } from './space-ref.js';

/** Whom the application around this API has signed in, for one space. */
export interface Guest {
  space: SpaceRef;
  scope: PortalScope;
  /** Default: all that the scope allows. */
  rights?: readonly PortalRight[];
  /** What the application calls this person, for the audit log. */
  user: string | null;
  /** The client's address, as the application knows it. */
  ip: string | null;
}

/** By the request itself: nothing that a client sends makes a guest. */
const guests = new WeakMap<IncomingMessage, Guest>();

export function letIn(request: IncomingMessage, guest: Guest): void {
  guests.set(request, guest);
}

export function guestOf(request: IncomingMessage): Guest | undefined {
  return guests.get(request);
}

/** A guest may do what the holder of a portal link may. */
export function callerOf({ space, scope, rights, user }: Guest): PortalCaller {
  const allowed = scope === 'manage' ? (rights ?? PORTAL_RIGHTS) : [];
  return { kind: 'portal', linkId: null, user, scope, rights: allowed, space };
}
