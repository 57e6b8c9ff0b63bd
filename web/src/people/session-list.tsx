import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { body, DELETE, GET } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { DataTable } from '../parts/data-table.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import type { PersonSession } from './people.js';

/** Where people are signed in: oneself, or everybody for the admin key; `person`: one of them. */
export function SessionList({ person }: { person?: string }) {
  const sessions = useQuery({
    queryKey: ['sessions', person],
    queryFn: () => {
      const query = { limit: 100, ...(person !== undefined && { person }) };
      return body(GET('/v1/sessions', { params: { query } }));
    },
  });
  if (sessions.error) return <ProblemNote error={sessions.error} retry={() => void sessions.refetch()} />;
  if (!sessions.data) return <Skeleton kind="rows" />;
  if (sessions.data.data.length === 0) return <p className="quiet panel-body">Nobody is signed in.</p>;
  return (
    <DataTable label="Sessions" heads={['Who', 'Where', 'Last seen', 'Until', '']}>
      {sessions.data.data.map((session) => (
        <Line key={session.id} session={session} />
      ))}
    </DataTable>
  );
}

function Line({ session }: { session: PersonSession }) {
  const params = { path: { session: session.id } };
  const end = useAction(() => DELETE('/v1/sessions/{session}', { params }), {
    touches: ['sessions'],
    done: 'The session has ended.',
  });
  return (
    <tr>
      <td className="break">
        <Untrusted>{session.email ?? session.personId}</Untrusted>
      </td>
      <td className="break quiet">
        <Untrusted>{[session.ip, session.userAgent].filter(Boolean).join(' · ')}</Untrusted>
      </td>
      <td>
        <Time at={session.seenAt} />
      </td>
      <td>
        <Time at={session.expiresAt} />
      </td>
      <td>
        {session.isCurrent ? (
          <span className="quiet">This one</span>
        ) : (
          <Button variant="default" size="compact-xs" loading={end.isPending} onClick={() => end.mutate()}>
            End
          </Button>
        )}
      </td>
    </tr>
  );
}
