import { Button } from '@mantine/core';
import { Boxes } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Redirect } from 'wouter';
import { EmptyState } from '../parts/empty-state.js';
import { Loading } from '../parts/loading.js';
import { ProblemNote } from '../parts/problem-note.js';
import { hasRole, seesAll, signOut, useSession } from '../session/session.js';
import { useSpaceSearch } from '../spaces/space-search.js';
import { lastSpace } from './last-space.js';
import { lazyPage } from './lazy-page.js';

const NewSpace = lazyPage(() => import('./new-space.js'));

/** Goes to the space one looked at last, or helps to make the first one. */
export function Home() {
  const session = useSession();
  const spaces = useSpaceSearch('', session.space === null);
  const [creating, setCreating] = useState(false);
  const mayCreate = hasRole(session, 'operator');

  if (session.space !== null)
    return <Redirect to={`/s/${encodeURIComponent(session.space)}/overview`} replace />;
  if (spaces.error) return <ProblemNote error={spaces.error} retry={() => void spaces.refetch()} />;
  // What is known may name a space that was deleted a moment ago.
  if (!spaces.data || spaces.isFetching) return <Loading />;

  const [newest] = spaces.data.data;
  const isOne = spaces.data.data.length === 1;
  if (newest && !isOne && lastSpace() === null && seesAll(session)) return <Redirect to="/all" replace />;
  const wanted = newest && (lastSpace() ?? newest.uid ?? newest.id);
  if (wanted !== undefined) return <Redirect to={`/s/${encodeURIComponent(wanted)}/overview`} replace />;
  return (
    <main className="sign-in">
      <EmptyState
        icon={<Boxes size={18} />}
        title={mayCreate ? 'Create your first space' : 'There is no space for you yet'}
        action={
          <>
            {mayCreate && <Button onClick={() => setCreating(true)}>New space</Button>}
            <Button variant="default" onClick={() => signOut(session)}>
              Sign out
            </Button>
          </>
        }
      >
        A space is a tenant, usually one of your customers. It has its own subscriptions, events and keys.
        {!mayCreate && ' Ask an admin for a role in one.'}
      </EmptyState>
      {creating && (
        <Suspense fallback={null}>
          <NewSpace close={() => setCreating(false)} />
        </Suspense>
      )}
    </main>
  );
}
