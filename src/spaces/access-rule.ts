import type { KeyScope } from '../core/words.js';
import type { PortalScope } from './portal-link.js';
import type { SpaceRef } from './space-ref.js';

/** Who sent a request. */
export type Caller =
  | { kind: 'admin' }
  | { kind: 'key'; keyId: string; scope: KeyScope; space: SpaceRef }
  | { kind: 'portal'; linkId: string; scope: PortalScope; space: SpaceRef };

/** Who may call a route. */
export type Access =
  | { kind: 'public' }
  | { kind: 'any_key' }
  | { kind: 'admin' }
  /** `portal`: whether a portal link of that scope may call it, too. */
  | { kind: 'space'; scope: KeyScope; portal: boolean };

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
