import { TextInput } from '@mantine/core';
import { Select } from '../parts/select.js';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { body, POST } from '../api/client.js';
import { PROFILES, type Profile } from '../catalogue/profiles.js';
import { useCreation } from '../parts/creation.js';
import { FormDialog } from '../parts/form-dialog.js';

export default function NewSpace({ close }: { close: () => void }) {
  const [name, setName] = useState('');
  const [uid, setUid] = useState('');
  const [profile, setProfile] = useState<Profile>('native');
  const [, navigate] = useLocation();
  const create = () => body(POST('/v1/spaces', { body: { name, profile, ...(uid && { uid }) } }));
  const creation = useCreation(create, {
    touches: ['spaces'],
    fields: { name: 'name', uid: 'uid' },
    after: (space) => {
      close();
      navigate(`/s/${space.uid ?? space.id}/overview`);
    },
  });
  const { fields } = creation.errors;
  return (
    <FormDialog
      title="New space"
      action="Create space"
      creation={creation}
      disabled={name === ''}
      close={close}
    >
      <TextInput
        label="Name"
        value={name}
        error={fields.name}
        onChange={(e) => setName(e.currentTarget.value)}
        data-autofocus
        required
      />
      <TextInput
        label="Your own id"
        description="Optional: letters, digits, - and _. Used in URLs instead of spc_…"
        value={uid}
        error={fields.uid}
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
