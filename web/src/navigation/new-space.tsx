import { TextInput } from '@mantine/core';
import { Select } from '../parts/select.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { body, POST } from '../api/client.js';
import { PROFILES, type Profile } from '../catalogue/profiles.js';
import { fieldErrors } from '../parts/field-errors.js';
import { FormDialog } from '../parts/form-dialog.js';

export default function NewSpace({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [uid, setUid] = useState('');
  const [profile, setProfile] = useState<Profile>('native');
  const [, navigate] = useLocation();
  const queries = useQueryClient();
  const create = useMutation({
    mutationFn: () => body(POST('/v1/spaces', { body: { name, profile, ...(uid && { uid }) } })),
    onSuccess: async (space) => {
      await queries.invalidateQueries({ queryKey: ['spaces'] });
      close();
      navigate(`/s/${space.uid ?? space.id}/overview`);
    },
  });
  const errors = fieldErrors(create.error, { name: 'name', uid: 'uid' });
  return (
    <FormDialog
      title="New space"
      action="Create space"
      save={create}
      rest={errors.rest}
      disabled={name === ''}
      close={close}
    >
      <TextInput
        label="Name"
        value={name}
        error={errors.fields.name}
        onChange={(e) => setName(e.currentTarget.value)}
        data-autofocus
        required
      />
      <TextInput
        label="Your own id"
        description="Optional: letters, digits, - and _. Used in URLs instead of spc_…"
        value={uid}
        error={errors.fields.uid}
        onChange={(e) => setUid(e.currentTarget.value)}
      />
      <Select
        label="Profile"
        description="Sets the event types and how webhooks look and behave. It cannot be changed later."
        data={PROFILES}
        value={profile}
        onChange={(value) => setProfile(value ?? 'native')}
      />
    </FormDialog>
  );
}
