import { Switch, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { body, GET, POST } from '../api/client.js';
import { tell } from '../parts/action.js';
import { useCreation } from '../parts/creation.js';
import { FormDialog } from '../parts/form-dialog.js';
import { Select } from '../parts/select.js';
import type { Role } from '../session/session.js';
import { INSTANCE_CHOICES, NO_ROLE, ROLE_CHOICES } from './people.js';

interface Props {
  /** Null: in all spaces. */
  space: string | null;
  close: () => void;
}

/** Lets somebody sign in, with a role in all spaces or in one. */
export default function NewPerson({ space, close }: Props) {
  const ways = useQuery({ queryKey: ['ways'], queryFn: () => body(GET('/v1/sign-in')) });
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<Role | typeof NO_ROLE>('viewer');
  const [invite, setInvite] = useState(true);
  const hasMail = ways.data?.link ?? false;
  const add = async () => {
    const person = { email: email.trim(), invite: hasMail && invite };
    if (space === null) {
      await POST('/v1/people', { body: { ...person, role: role === NO_ROLE ? null : role } });
    } else if (role !== NO_ROLE) {
      const params = { path: { space } };
      await POST('/v1/spaces/{space}/people', { params, body: { ...person, role } });
    }
  };
  const creation = useCreation(add, {
    touches: ['people', 'space-people'],
    fields: { email: 'email' },
    after: () => {
      tell(space === null ? 'They can sign in now.' : 'They have a role in this space now.');
      close();
    },
  });
  const { fields } = creation.errors;
  return (
    <FormDialog
      title="Invite somebody"
      action="Invite"
      creation={creation}
      disabled={email.trim() === ''}
      close={close}
    >
      <TextInput
        label="Mail address"
        type="email"
        value={email}
        error={fields.email}
        onChange={(event) => setEmail(event.currentTarget.value)}
        data-autofocus
        required
      />
      <Select
        label={space === null ? 'Role in all spaces' : 'Role in this space'}
        data={space === null ? INSTANCE_CHOICES : ROLE_CHOICES}
        value={role}
        onChange={(value) => setRole(value ?? 'viewer')}
      />
      {hasMail && (
        <Switch
          label="Tell them by mail"
          checked={invite}
          onChange={(event) => setInvite(event.currentTarget.checked)}
        />
      )}
    </FormDialog>
  );
}
