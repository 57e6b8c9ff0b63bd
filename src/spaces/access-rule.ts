import type { FastifyRequest } from 'fastify';
import type { KeyScope } from '../core/words.js';
import type { PortalScope } from './portal-link.js';
import type { SpaceRef } from './space-ref.js';

/** Who sent a request. */
export type Caller =
  | { kind: 'admin' }
  | { kind: 'key'; keyId: string; scope: KeyScope; space: SpaceRef }
  | { kind: 'portal'; linkId: string; scope: PortalScope; space: SpaceRef };

/** Where a request carries its key. */
export type KeyReader = (request: FastifyRequest) => string | undefined;

/** Who may call a route. `own_space`: a space's key, wherever the route's own API has it, for that space. */
export type Access =
  | { kind: 'public' }
  | { kind: 'any_key' }
  | { kind: 'admin' }
  /** `portal`: whether a portal link of that scope may call it, too. */
  | { kind: 'space'; scope: KeyScope; portal: boolean }
  | { kind: 'own_space'; scope: KeyScope; keyOf: KeyReader };

/** The metadata key of a route's `Access`. */
export const ACCESS = 'posthorn:access';

declare module 'fastify' {
  interface FastifyRequest {
    /** Set by the access guard; undefined on public routes. */
    caller: Caller | undefined;
    /** The space `:space` names, or the space key's own; undefined where no space is meant. */
    space: SpaceRef | undefined;
  }
}
