import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Plus, UsersRound } from 'lucide-react';
import { body, GET } from '../api/client.js';
import { useFilters } from '../navigation/hash-location.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { lazyPart } from '../parts/lazy-part.js';
import { Page } from '../parts/page.js';
import { usePaged } from '../parts/paged.js';
import { ProblemNote } from '../parts/problem-note.js';
import { SearchField } from '../parts/search-field.js';
import { Skeleton } from '../parts/skeleton.js';
import type { Person } from './people.js';
import { PersonRow, RemovedRow } from './person-row.js';

const NewPerson = lazyPart(() => import('./new-person.js'));
const idOf = ({ id }: Person) => id;

/** Who may sign in, and what they may do. For admins. */
export default function PeoplePage() {
  const [filter, change] = useFilters(['q', 'show'] as const);
  const q = filter.q ?? '';
  const removed = filter.show === 'removed';
  const [adding, addingOf] = useDisclosure(false);
  const people = usePaged<Person>({
    key: ['people', removed, q],
    load: (cursor) => {
      const query = { limit: 50, removed, ...(q !== '' && { q }), ...(cursor !== null && { cursor }) };
      return body(GET('/v1/people', { params: { query } }));
    },
    keyOf: idOf,
  });
  return (
    <Page
      title="People"
      name="People"
      about="Who signs in by themselves, and what they may do. Programs use keys."
      actions={
        <Button leftSection={<Plus size={14} />} onClick={addingOf.open}>
          Invite
        </Button>
      }
    >
      <div className="filters" role="search">
        <SearchField
          label="Search people"
          placeholder="Search mail address or name"
          value={q}
          change={(text) => change({ q: text })}
        />
        <Button variant="default" onClick={() => change({ show: removed ? null : 'removed' })}>
          {removed ? 'Show people who may sign in' : 'Show removed people'}
        </Button>
      </div>
      {people.error && <ProblemNote error={people.error} retry={people.retry} />}
      {people.isPending && <Skeleton kind="rows" />}
      {people.isEmpty && <Nobody searched={q !== ''} removed={removed} />}
      <div className="stack">
        {people.rows.length > 0 && <People of={people.rows} removed={removed} />}
        {people.hasMore && (
          <Button variant="default" onClick={people.loadMore} loading={people.loading}>
            Show more
          </Button>
        )}
      </div>
      {adding && <NewPerson space={null} close={addingOf.close} />}
    </Page>
  );
}

function People({ of, removed }: { of: Person[]; removed: boolean }) {
  return removed ? (
    <DataTable label="Removed people" heads={['Who', 'Last signed in', '']}>
      {of.map((person) => (
        <RemovedRow key={person.id} person={person} />
      ))}
    </DataTable>
  ) : (
    <DataTable label="People" heads={['Who', 'Role in all spaces', 'Single spaces', 'Last signed in', '']}>
      {of.map((person) => (
        <PersonRow key={person.id} person={person} />
      ))}
    </DataTable>
  );
}

function Nobody({ searched, removed }: { searched: boolean; removed: boolean }) {
  const icon = <UsersRound size={18} />;
  if (searched)
    return (
      <EmptyState icon={icon} title="Nobody matches">
        Search for part of the address or the name.
      </EmptyState>
    );
  return removed ? (
    <EmptyState icon={icon} title="Nobody was removed">
      People who were removed are here until they are erased.
    </EmptyState>
  ) : (
    <EmptyState icon={icon} title="Nobody yet">
      Invite somebody by their mail address.
    </EmptyState>
  );
}
