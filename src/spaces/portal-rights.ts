/**
 * What the holder of a portal link may do besides looking. `edit`: make, change, pause and delete subscriptions;
 * `retry`: send deliveries again, replay and cancel them; `secrets`: see and rotate secrets, and see header values;
 * `test`: send test events, and have test receivers.
 */
export const PORTAL_RIGHTS = ['edit', 'retry', 'secrets', 'test'] as const;
export type PortalRight = (typeof PORTAL_RIGHTS)[number];

/** As a link's row has them: null is all that its scope allows. */
export type StoredRights = PortalRight[] | null;

/**
 * How a link is stored. One with some of the rights has the scope `read` in its row: an engine of the release before,
 * which does not know of rights, then lets it do less, not more.
 */
export function storedAccess(
  scope: 'read' | 'manage',
  rights: readonly PortalRight[] | undefined,
): { scope: 'read' | 'manage'; rights: StoredRights } {
  if (scope === 'read' || rights === undefined) return { scope, rights: null };
  const chosen = PORTAL_RIGHTS.filter((right) => rights.includes(right));
  return chosen.length === PORTAL_RIGHTS.length ? { scope, rights: null } : { scope: 'read', rights: chosen };
}

/** The scope that a link was made with, and its rights. */
export function accessOf(stored: { scope: 'read' | 'manage'; rights: StoredRights }): {
  scope: 'read' | 'manage';
  rights: readonly PortalRight[];
} {
  if (stored.rights !== null) return { scope: 'manage', rights: stored.rights };
  return { scope: stored.scope, rights: stored.scope === 'manage' ? PORTAL_RIGHTS : [] };
}
