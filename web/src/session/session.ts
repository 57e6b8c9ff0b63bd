import { useQuery } from '@tanstack/react-query';
import { createContext, useContext } from 'react';
import { ApiError, body, call, DELETE, GET, type Schemas } from '../api/client.js';
import { endSession } from './key-store.js';
import { SpaceContext } from './space-context.js';

/** Who is signed in, as `GET /v1/session` says. */
export type Session = Schemas['SessionView'];

export function loadSession(): Promise<Session> {
  return body(GET('/v1/session'));
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('You are not signed in. Sign in first.');
  return session;
}

export type Role = NonNullable<NonNullable<Session['person']>['role']>;
const ROLES: readonly Role[] = ['viewer', 'support', 'operator', 'admin'];

/** Whether all spaces are theirs to see: the admin key's, and people's with a role in all of them. */
export function seesAll({ kind, person }: Session): boolean {
  return kind === 'admin' || (person?.role ?? null) !== null;
}

/** Whether a person has this role in all spaces; the admin key has every one. */
export function hasRole({ kind, person }: Session, needed: Role): boolean {
  return kind === 'admin' || isAtLeast(person?.role ?? null, needed);
}

function isAtLeast(role: Role | null, needed: Role): boolean {
  return role !== null && ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/** Ends the session of a person, also at the provider where it began there, or forgets the key. */
export function signOut({ person }: Session): void {
  if (!person) return endSession();
  void endPersonSession(person.session);
}

async function endPersonSession(session: string): Promise<void> {
  try {
    // First, while there is a session: the browser leaves with the answer.
    const { url } = await call<{ url: string | null }>('POST', '/v1/sign-in/oidc/logout', {});
    await DELETE('/v1/sessions/{session}', { params: { path: { session } } }).catch(unlessEnded);
    endSession();
    if (url !== null) location.assign(url);
  } catch {
    endSession('Signing out failed: you are still signed in. Try again.');
  }
}

/** It ended before: in another tab, by an admin, or by its time. */
function unlessEnded(error: unknown): void {
  if (!(error instanceof ApiError && error.status === 401)) throw error;
}

export interface Permissions {
  /** Change subscriptions, publish, see secrets. */
  manage: boolean;
  /** Retry, cancel, replay, resume, send tests. */
  help: boolean;
  /** Erasures and legal holds. */
  privacy: boolean;
  /** Keys and people. */
  admin: boolean;
}

/** What may be done in the space one looks at; without one, in all. */
export function usePermissions(): Permissions {
  const session = useSession();
  const { kind, scope, person } = session;
  const space = useContext(SpaceContext);
  const mine = person?.spaces ?? [];
  // Addresses name spaces by their uids, roles by their ids.
  const facts = useQuery({
    queryKey: ['space', space],
    queryFn: () => body(GET('/v1/spaces/{space}', { params: { path: { space: space ?? '' } } })),
    enabled: space !== null && mine.length > 0,
    staleTime: 60_000,
  });
  if (!person) {
    const manage = scope === 'admin' || scope === 'manage';
    return { manage, help: manage, privacy: manage, admin: kind === 'admin' };
  }
  const here = mine.find((one) => one.space === (facts.data?.id ?? space))?.role ?? null;
  const may = (needed: Role) => isAtLeast(person.role, needed) || isAtLeast(here, needed);
  const admin = may('admin');
  return { manage: may('operator'), help: may('support'), privacy: admin, admin };
}

/** The session with the scope that it has in the space one looks at: of a person it is the role there that counts. */
export function useSessionHere(): Session {
  const session = useSession();
  const { manage } = usePermissions();
  return session.person ? { ...session, scope: manage ? 'manage' : 'read' } : session;
}
