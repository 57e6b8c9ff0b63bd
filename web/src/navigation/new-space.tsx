import { Button, Modal, TextInput } from '@mantine/core';
import { Select } from '../parts/select.js';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState, type SubmitEvent } from 'react';
import { useLocation } from 'wouter';
import { body, POST } from '../api/client.js';
import { PROFILES, type Profile } from '../catalogue/profiles.js';
import { ProblemNote } from '../parts/problem-note.js';

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
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    create.mutate();
  };
  return (
    <Modal opened onClose={close} title="New space">
      <form className="stack" onSubmit={submit}>
        <TextInput
          label="Name"
          value={name}
          onChange={(e) => setName(e.currentTarget.value)}
          data-autofocus
          required
        />
        <TextInput
          label="Your own id"
          description="Optional: letters, digits, - and _. Used in URLs instead of spc_…"
          value={uid}
          onChange={(e) => setUid(e.currentTarget.value)}
        />
        <Select
          label="Profile"
          description="Sets the event types and how webhooks look and behave. It cannot be changed later."
          data={PROFILES}
          value={profile}
          onChange={(value) => setProfile(value ?? 'native')}
        />
        {create.error && <ProblemNote error={create.error} />}
        <div className="row">
          <Button type="submit" className="push" loading={create.isPending} disabled={name === ''}>
            Create space
          </Button>
        </div>
      </form>
    </Modal>
  );
}
