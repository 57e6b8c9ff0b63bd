import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { body, GET } from '../api/client.js';
import { DataTable } from '../parts/data-table.js';
import { lazyPart } from '../parts/lazy-part.js';
import { Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { useSpace } from '../session/space.js';
import { PersonName } from './person-name.js';
import { SpaceRole } from './space-role.js';

const NewPerson = lazyPart(() => import('./new-person.js'));

/** Who has a role in this space. For its admins. */
export function SpacePeople() {
  const space = useSpace();
  const [adding, setAdding] = useState(false);
  const people = useQuery({
    queryKey: ['space-people', space],
    queryFn: () => body(GET('/v1/spaces/{space}/people', { params: { path: { space } } })),
  });
  const rows = people.data?.data;
  return (
    <Panel
      title="People"
      flush
      actions={
        <Button
          size="compact-xs"
          variant="default"
          leftSection={<Plus size={13} />}
          onClick={() => setAdding(true)}
        >
          Invite…
        </Button>
      }
    >
      {people.error && !rows && <ProblemNote error={people.error} retry={() => void people.refetch()} />}
      {people.isPending && <Skeleton kind="rows" />}
      {rows?.length === 0 && (
        <p className="quiet flat panel-body">
          Nobody has a role in this space alone. People with a role in all spaces are not listed here.
        </p>
      )}
      {rows && rows.length > 0 && (
        <DataTable label="People" heads={['Who', 'Role in this space']}>
          {rows.map((person) => (
            <tr key={person.id}>
              <td className="break">
                <PersonName of={person} />
              </td>
              <td>
                <SpaceRole space={space} person={person.id} role={person.role} label={person.email} />
              </td>
            </tr>
          ))}
        </DataTable>
      )}
      {adding && <NewPerson space={space} close={() => setAdding(false)} />}
    </Panel>
  );
}
