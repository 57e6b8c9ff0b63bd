import { Button } from '@mantine/core';
import { DELETE, PUT } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { Select } from '../parts/select.js';
import type { Role } from '../session/session.js';
import { visible } from '../text/untrusted.js';
import { ROLE_CHOICES } from './people.js';

interface Props {
  space: string;
  person: string;
  role: Role;
  /** The person and the space of the role, for screen readers. */
  label: string;
}

/** What somebody may do in one space, with ways to change it and to take it away. */
export function SpaceRole({ space, person, role, label }: Props) {
  const params = { path: { space, person } };
  const touches = ['people', 'space-people', 'audit'];
  const set = useAction(
    (chosen: Role) => PUT('/v1/spaces/{space}/people/{person}', { params, body: { role: chosen } }),
    { touches, done: 'The role is changed. It applies to their next request.' },
  );
  const remove = useAction(() => DELETE('/v1/spaces/{space}/people/{person}', { params }), {
    touches,
    done: 'They have no role in the space any more.',
  });
  return (
    <div className="row">
      <Select
        aria-label={visible(`Role of ${label}`)}
        data={ROLE_CHOICES}
        value={role}
        disabled={set.isPending}
        onChange={(value) => value !== null && set.mutate(value)}
      />
      <Button
        variant="default"
        size="compact-xs"
        aria-label={visible(`Take away the role of ${label}`)}
        loading={remove.isPending}
        onClick={() => remove.mutate()}
      >
        Take away
      </Button>
    </div>
  );
}
