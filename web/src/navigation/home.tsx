import { Button } from '@mantine/core';
import { Boxes } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Redirect } from 'wouter';
import { EmptyState } from '../parts/empty-state.js';
import { Loading } from '../parts/loading.js';
import { ProblemNote } from '../parts/problem-note.js';
import { endSession } from '../session/key-store.js';
import { useSession } from '../session/session.js';
import { useSpaceSearch } from '../spaces/space-search.js';
import { lastSpace } from './last-space.js';
import { lazyPage } from './lazy-page.js';

const NewSpace = lazyPage(() => import('./new-space.js'));

/** Goes to the space one looked at last, or helps to make the first one. */
export function Home() {
  const session = useSession();
  const spaces = useSpaceSearch('', session.kind === 'admin');
  const [creating, setCreating] = useState(false);

  if (session.space !== null)
    return <Redirect to={`/s/${encodeURIComponent(session.space)}/overview`} replace />;
  if (spaces.error) return <ProblemNote error={spaces.error} retry={() => void spaces.refetch()} />;
  if (!spaces.data) return <Loading />;

  const [newest] = spaces.data.data;
  const isOne = spaces.data.data.length === 1;
  if (newest && !isOne && lastSpace() === null) return <Redirect to="/all" replace />;
  const wanted = newest && (lastSpace() ?? newest.uid ?? newest.id);
  if (wanted !== undefined) return <Redirect to={`/s/${encodeURIComponent(wanted)}/overview`} replace />;
  return (
    <main className="sign-in">
      <EmptyState
        icon={<Boxes size={18} />}
        title="Create your first space"
        action={
          <>
            <Button onClick={() => setCreating(true)}>New space</Button>
            <Button variant="default" onClick={() => endSession()}>
              Sign out
            </Button>
          </>
        }
      >
        A space is a tenant, usually one of your customers. It has its own subscriptions, events and keys.
      </EmptyState>
      {creating && (
        <Suspense fallback={null}>
          <NewSpace close={() => setCreating(false)} />
        </Suspense>
      )}
    </main>
  );
}
