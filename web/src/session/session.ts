import { createContext, useContext } from 'react';
import { body, GET, type Schemas } from '../api/client.js';

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

export interface Permissions {
  /** Change subscriptions, retry, cancel, publish. */
  manage: boolean;
}

export function usePermissions(): Permissions {
  const { scope } = useSession();
  return { manage: scope === 'admin' || scope === 'manage' };
}
