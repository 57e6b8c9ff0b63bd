import { Button } from '@mantine/core';
import { useState } from 'react';
import { Link } from 'wouter';
import { PATCH } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { lazyPart } from '../parts/lazy-part.js';
import { Panel } from '../parts/page.js';
import { Select } from '../parts/select.js';
import type { Role } from '../session/session.js';
import { spacePath } from '../session/space.js';
import { Time } from '../text/time.js';
import { Untrusted, visible } from '../text/untrusted.js';
import { INSTANCE_CHOICES, NO_ROLE, type Person } from './people.js';
import { PersonName } from './person-name.js';
import { SessionList } from './session-list.js';
import { SpaceRole } from './space-role.js';

const RemovePerson = lazyPart(() => import('./remove-person.js'));

type Shown = 'sessions' | 'spaces' | 'remove' | null;

/** Somebody who may sign in: their roles, their sessions, and the way out. */
export function PersonRow({ person }: { person: Person }) {
  const [shown, setShown] = useState<Shown>(null);
  const toggle = (part: Shown) => setShown(shown === part ? null : part);
  const { spaces } = person;
  return (
    <>
      <tr>
        <td className="break">
          <PersonName of={person} />
        </td>
        <td>
          <InstanceRole person={person} />
        </td>
        <td>
          {spaces.length === 0 ? (
            <span className="quiet">none</span>
          ) : (
            <Button
              variant="default"
              size="compact-xs"
              aria-expanded={shown === 'spaces'}
              onClick={() => toggle('spaces')}
            >
              {spaces.length === 1 ? '1 space' : `${spaces.length} spaces`}
            </Button>
          )}
        </td>
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
              size="compact-xs"
              aria-expanded={shown === 'sessions'}
              onClick={() => toggle('sessions')}
            >
              Sessions
            </Button>
            <Button variant="default" size="compact-xs" onClick={() => setShown('remove')}>
              Remove…
            </Button>
          </div>
        </td>
      </tr>
      {(shown === 'sessions' || (shown === 'spaces' && spaces.length > 0)) && (
        <tr>
          <td colSpan={5}>
            <Panel title={shown === 'sessions' ? 'Sessions' : 'Roles in single spaces'} flush>
              {shown === 'sessions' ? <SessionList person={person.id} /> : <SpaceRoles of={person} />}
            </Panel>
          </td>
        </tr>
      )}
      {shown === 'remove' && <RemovePerson person={person} removed={false} close={() => setShown(null)} />}
    </>
  );
}

/** Somebody who was removed, whom the audit log still names. */
export function RemovedRow({ person }: { person: Person }) {
  const [asking, setAsking] = useState(false);
  return (
    <tr>
      <td className="break">
        <PersonName of={person} />
      </td>
      <td>
        {person.signedInAt === null ? <span className="quiet">never</span> : <Time at={person.signedInAt} />}
      </td>
      <td>
        <Button variant="default" size="compact-xs" onClick={() => setAsking(true)}>
          Erase…
        </Button>
        {asking && <RemovePerson person={person} removed close={() => setAsking(false)} />}
      </td>
    </tr>
  );
}

function InstanceRole({ person: { id, email, role, adminBySetting } }: { person: Person }) {
  const set = useAction(
    (chosen: Role | null) =>
      PATCH('/v1/people/{person}', { params: { path: { person: id } }, body: { role: chosen } }),
    { touches: ['people', 'sessions'], done: 'The role is changed. It applies to their next request.' },
  );
  return (
    <Select
      aria-label={visible(`Role of ${email}`)}
      data={INSTANCE_CHOICES}
      value={role ?? NO_ROLE}
      disabled={adminBySetting}
      description={adminBySetting ? 'Set by POSTHORN_ADMINS' : undefined}
      onChange={(value) => value !== null && set.mutate(value === NO_ROLE ? null : value)}
    />
  );
}

function SpaceRoles({ of: { id, email, spaces } }: { of: Person }) {
  return (
    <ul className="records" aria-label="Roles in single spaces">
      {spaces.map(({ spaceId, name, role }) => (
        <li key={spaceId} className="row wrap">
          <Link className="grow break" href={spacePath(spaceId, 'settings')}>
            <Untrusted>{name}</Untrusted>
          </Link>
          <SpaceRole space={spaceId} person={id} role={role} label={`${email} in ${name}`} />
        </li>
      ))}
    </ul>
  );
}
