import type { FastifyRequest } from 'fastify';
import type { KeyScope } from '../core/domain-types.js';
import type { Role } from '../core/roles.js';
import type { PortalScope } from './portal-link.js';
import type { PortalRight } from './portal-rights.js';
import type { SpaceRef } from './space-ref.js';

/** Who sent a request with a space's key. */
export interface SpaceCaller {
  kind: 'key';
  keyId: string;
  keyName: string;
  scope: KeyScope;
  space: SpaceRef;
}

/** Who sent a request. */
export type Caller = { kind: 'admin' } | SpaceCaller | PortalCaller | PersonCaller;

/** Who came by a portal link, or was signed in by the application around this API (`application-caller.ts`). */
export interface PortalCaller {
  kind: 'portal';
  /** Null for the application's. */
  linkId: string | null;
  /** What the application calls its own. */
  user?: string | null;
  scope: PortalScope;
  rights: readonly PortalRight[];
  space: SpaceRef;
}

/** Somebody who is signed in (`people`). */
export interface PersonCaller {
  kind: 'person';
  personId: string;
  email: string;
  sessionId: string;
  /** In the space of the request, or in all where it has none; null: none. */
  role: Role | null;
  /** In all spaces. */
  instanceRole: Role | null;
  /** In single spaces, by their UUIDs. */
  spaces: ReadonlyMap<string, Role>;
}

/** Where a request carries its key. */
export type KeyReader = (request: FastifyRequest) => string | undefined;

/** A caller that was let in from memory: right as long as the space has this version (`routing-version.ts`). */
export interface Remembered {
  version: number;
  /** Looks caller and space up; throws what the guard would have thrown. */
  confirm: () => Promise<void>;
}

/** Who may call a route. `own_space`: a space's key, wherever the route's own API has it, for that space. */
export type Access =
  | { kind: 'public' }
  | { kind: 'any_key'; portal: boolean }
  | { kind: 'admin' }
  /**
   * `portal`: whether a portal link of that scope may call it, too, and `right`: with which right. `remembers`:
   * whether the route makes sure of `remembered`. `upserts`: whether it makes the space, where an admin asks for that
   * in the query.
   */
  | {
      kind: 'space';
      scope: KeyScope;
      portal: boolean;
      right?: PortalRight;
      remembers: boolean;
      upserts: boolean;
    }
  | { kind: 'own_space'; scope: KeyScope; keyOf: KeyReader };

/** The metadata key of a route's `Access`. */
export const ACCESS = 'posthorn:access';

declare module 'fastify' {
  interface FastifyRequest {
    /** The route's access, once it has been granted; undefined on public routes. */
    admitted: Access | undefined;
    /** Set with it. */
    caller: Caller | undefined;
    /** The space `:space` names, or the space key's own; undefined where no space is meant. */
    space: SpaceRef | undefined;
    /** Set where the route says it remembers and nothing was looked up. */
    remembered: Remembered | undefined;
  }
}
