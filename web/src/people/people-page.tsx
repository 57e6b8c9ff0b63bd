import { Button, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Plus, Search, UsersRound } from 'lucide-react';
import { Suspense, useState } from 'react';
import { body, DELETE, GET, PATCH } from '../api/client.js';
import { useFilters } from '../navigation/hash-location.js';
import { lazyPage } from '../navigation/lazy-page.js';
import { useAction } from '../parts/action.js';
import { DataTable } from '../parts/data-table.js';
import { EmptyState } from '../parts/empty-state.js';
import { Page, Panel } from '../parts/page.js';
import { usePaged } from '../parts/paged.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Select } from '../parts/select.js';
import { Skeleton } from '../parts/skeleton.js';
import type { Role } from '../session/session.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { NO_ROLE, ROLE_CHOICES, type Person } from './people.js';
import { SessionList } from './session-list.js';

const Confirm = lazyPage(() => import('../parts/confirm.js'));
const NewPerson = lazyPage(() => import('./new-person.js'));
const CHOICES = [...ROLE_CHOICES, { value: NO_ROLE, label: 'Only in single spaces' }];
const idOf = ({ id }: Person) => id;

/** Who may sign in, and what they may do. For admins. */
export default function PeoplePage() {
  const [filter, change] = useFilters(['q'] as const);
  const q = filter.q ?? '';
  const [adding, addingOf] = useDisclosure(false);
  const people = usePaged<Person>({
    key: ['people', q],
    load: (cursor) => {
      const query = { limit: 50, ...(q !== '' && { q }), ...(cursor !== null && { cursor }) };
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
        <TextInput
          className="filter filter-wide"
          aria-label="Search people"
          placeholder="Search mail address or name"
          data-search
          leftSection={<Search size={13} />}
          value={q}
          onChange={(event) => change({ q: event.currentTarget.value })}
        />
      </div>
      {people.error && <ProblemNote error={people.error} retry={people.retry} />}
      {people.isPending && <Skeleton kind="rows" />}
      {people.isEmpty && (
        <EmptyState icon={<UsersRound size={18} />} title={q === '' ? 'Nobody yet' : 'Nobody matches'}>
          {q === ''
            ? 'Invite somebody by their mail address.'
            : 'Search for part of the address or the name.'}
        </EmptyState>
      )}
      <div className="stack">
        {people.rows.length > 0 && (
          <DataTable label="People" heads={['Who', 'Role in all spaces', 'Single spaces', 'Signed in', '']}>
            {people.rows.map((person) => (
              <Line key={person.id} person={person} />
            ))}
          </DataTable>
        )}
        {people.loadMore && (
          <Button variant="default" onClick={people.loadMore} loading={people.loading}>
            Show more
          </Button>
        )}
      </div>
      {adding && (
        <Suspense fallback={null}>
          <NewPerson close={addingOf.close} />
        </Suspense>
      )}
    </Page>
  );
}

function Line({ person }: { person: Person }) {
  const params = { path: { person: person.id } };
  const touches = ['people', 'sessions'];
  const [shown, setShown] = useState<'sessions' | 'remove' | null>(null);
  const setRole = useAction((role: Role | null) => PATCH('/v1/people/{person}', { params, body: { role } }), {
    touches,
    done: 'The role is changed. It applies to their next request.',
  });
  const remove = useAction(() => DELETE('/v1/people/{person}', { params }), {
    touches,
    done: 'They are removed, and signed out.',
  });
  return (
    <>
      <tr>
        <td className="break">
          <Untrusted>{person.email}</Untrusted>
          {person.name !== null && (
            <div className="quiet small">
              <Untrusted>{person.name}</Untrusted>
            </div>
          )}
        </td>
        <td>
          <Select
            aria-label={`Role of ${person.email}`}
            data={CHOICES}
            value={person.role ?? NO_ROLE}
            disabled={person.adminBySetting}
            description={person.adminBySetting ? 'By POSTHORN_ADMINS' : undefined}
            onChange={(value) => value !== null && setRole.mutate(value === NO_ROLE ? null : (value as Role))}
          />
        </td>
        <td className="numbers">{person.spaces.length}</td>
        <td>
          {person.signedInAt === null ? (
            <span className="quiet">never</span>
          ) : (
            <Time at={person.signedInAt} />
          )}
        </td>
        <td>
          <div className="row">
            <Button
              variant="default"
              size="compact-sm"
              aria-expanded={shown === 'sessions'}
              onClick={() => setShown(shown === 'sessions' ? null : 'sessions')}
            >
              Sessions
            </Button>
            <Button variant="default" size="compact-sm" onClick={() => setShown('remove')}>
              Remove…
            </Button>
          </div>
        </td>
      </tr>
      {shown === 'sessions' && (
        <tr>
          <td colSpan={5}>
            <Panel title="Sessions" flush>
              <SessionList person={person.id} />
            </Panel>
          </td>
        </tr>
      )}
      {shown === 'remove' && (
        <tr>
          <td colSpan={5}>
            <Suspense fallback={null}>
              <Confirm
                title="Remove this person"
                action="Remove"
                busy={remove.isPending}
                run={() => remove.mutate()}
                close={() => setShown(null)}
              >
                Their sessions end at once. The audit log still names them.
              </Confirm>
            </Suspense>
          </td>
        </tr>
      )}
    </>
  );
}
