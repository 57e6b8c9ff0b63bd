import { useQuery } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore, type ReactNode } from 'react';
import { Loading } from '../parts/loading.js';
import { ProblemNote } from '../parts/problem-note.js';
import { applyAccent } from './accent.js';
import { offeredToken, onSessionChange, storedKey } from './key-store.js';
import { LinkInNewTab, LinkOffer } from './link-offer.js';
import { loadSession, SessionContext } from './session.js';
import { SignIn } from './sign-in.js';

/** Shows the sign-in page until there is a key that the engine knows. */
export function SessionGate({ children }: { children: ReactNode }) {
  const key = useSyncExternalStore(onSessionChange, storedKey);
  const offer = useSyncExternalStore(onSessionChange, offeredToken);
  const session = useQuery({
    queryKey: ['session', key],
    queryFn: loadSession,
    enabled: key !== null,
    staleTime: Infinity,
  });
  const accent = session.data?.branding?.accent ?? null;
  useEffect(() => applyAccent(accent), [accent]);

  if (offer !== null) return key === null ? <LinkInNewTab /> : <LinkOffer />;
  if (key === null) return <SignIn />;
  if (session.data) return <SessionContext value={session.data}>{children}</SessionContext>;
  if (session.error) {
    return (
      <main className="sign-in">
        <ProblemNote error={session.error} retry={() => void session.refetch()} />
      </main>
    );
  }
  return <Loading label="Signing in" />;
}
