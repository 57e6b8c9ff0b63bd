import { createContext, useContext } from 'react';
import { call, isMissing } from '../api/client.js';

/** Who is signed in, as `GET /v1/session` says. */
export interface Session {
  kind: 'admin' | 'space' | 'portal';
  /** The one space it opens; null for the operator, who sees all. */
  space: string | null;
  scope: 'admin' | 'manage' | 'read' | 'publish';
  branding: { accent: string | null; logoUrl: string | null } | null;
  /** Whether the engine has a built-in receiver to test with. */
  testReceiver: boolean;
  version: string;
}

export async function loadSession(): Promise<Session> {
  try {
    return await call<Session>('GET', '/v1/session');
  } catch (error) {
    if (!isMissing(error)) throw error;
    // An engine from before `/v1/session`: only the operator's key can list the spaces.
    await call('GET', '/v1/spaces?limit=1');
    return { kind: 'admin', space: null, scope: 'admin', branding: null, testReceiver: false, version: '' };
  }
}

export const SessionContext = createContext<Session | null>(null);

export function useSession(): Session {
  const session = useContext(SessionContext);
  if (session === null) throw new Error('No session here: sign in first.');
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
