import { Button, Modal, Switch, TextInput } from '@mantine/core';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { body, GET, POST } from '../api/client.js';
import { tell } from '../parts/action.js';
import { fieldErrors } from '../parts/field-errors.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Select } from '../parts/select.js';
import type { Role } from '../session/session.js';
import { NO_ROLE, ROLE_CHOICES } from './people.js';

const CHOICES = [...ROLE_CHOICES, { value: NO_ROLE, label: 'Only in single spaces' }];

/** Lets somebody sign in. */
export default function NewPerson({ close }: { close: () => void }) {
  const queries = useQueryClient();
  const ways = useQuery({ queryKey: ['ways'], queryFn: () => body(GET('/v1/sign-in')) });
  const [email, setEmail] = useState('');
  const [role, setRole] = useState<string>('viewer');
  const [invite, setInvite] = useState(true);
  const hasMail = ways.data?.link ?? false;
  const add = useMutation({
    mutationFn: () => {
      const chosen = role === NO_ROLE ? null : (role as Role);
      return body(
        POST('/v1/people', { body: { email: email.trim(), role: chosen, invite: hasMail && invite } }),
      );
    },
    onSuccess: async () => {
      tell('They can sign in now.');
      await queries.invalidateQueries({ queryKey: ['people'] });
      close();
    },
  });
  const errors = fieldErrors(add.error, { email: 'email' });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add.mutate();
  };
  return (
    <Modal opened onClose={close} title="Invite somebody">
      <form className="stack" onSubmit={submit}>
        <TextInput
          label="Mail address"
          type="email"
          value={email}
          error={errors.fields.email}
          onChange={(event) => setEmail(event.currentTarget.value)}
          data-autofocus
          required
        />
        <Select label="Role" data={CHOICES} value={role} onChange={(value) => setRole(value ?? NO_ROLE)} />
        {hasMail && (
          <Switch
            label="Tell them by mail"
            checked={invite}
            onChange={(event) => setInvite(event.currentTarget.checked)}
          />
        )}
        {errors.rest && <ProblemNote error={errors.rest} />}
        <div className="row">
          <Button className="push" type="submit" loading={add.isPending} disabled={email.trim() === ''}>
            Invite
          </Button>
        </div>
      </form>
    </Modal>
  );
}
