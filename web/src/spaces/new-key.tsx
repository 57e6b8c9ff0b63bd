import { Button, Modal, TextInput } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { body, POST, type Schemas } from '../api/client.js';
import { CopyButton } from '../parts/copy-button.js';
import { Select } from '../parts/select.js';
import { fieldErrors } from '../parts/field-errors.js';
import { FormDialog } from '../parts/form-dialog.js';
import { useSpace } from '../session/space.js';
import { momentOf } from '../text/time-zone.js';

type Scope = Schemas['CreateKey']['scope'];

const SCOPES: { value: Scope; label: string }[] = [
  { value: 'publish', label: 'publish events' },
  { value: 'read', label: 'read all but secrets' },
  { value: 'manage', label: 'publish, read and change everything' },
];

/** Makes a key and shows it once. */
export default function NewKey({ close }: { close: () => void }) {
  const space = useSpace();
  const queries = useQueryClient();
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('publish');
  const [until, setUntil] = useState('');
  const make = useMutation({
    mutationFn: () =>
      body(
        POST('/v1/spaces/{space}/keys', {
          params: { path: { space } },
          body: { name: name.trim(), scope, expiresAt: momentOf(until) },
        }),
      ),
    onSuccess: () => queries.invalidateQueries({ queryKey: ['keys'] }),
  });
  if (make.data) return <Made secret={make.data.key} close={close} />;
  const errors = fieldErrors(make.error, { name: 'name', scope: 'scope', until: 'expiresAt' });
  return (
    <FormDialog
      title="New key"
      action="Make key"
      save={make}
      rest={errors.rest}
      disabled={name.trim() === ''}
      close={close}
    >
      <TextInput
        label="Name"
        description="What it is for, such as “production publisher”."
        value={name}
        error={errors.fields.name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      <Select
        label="May"
        data={SCOPES}
        value={scope}
        error={errors.fields.scope}
        onChange={(value) => setScope(value ?? 'publish')}
      />
      <TextInput
        label="Works until"
        description="Empty: until it is revoked."
        type="datetime-local"
        value={until}
        error={errors.fields.until}
        onChange={(event) => setUntil(event.currentTarget.value)}
      />
    </FormDialog>
  );
}

function Made({ secret, close }: { secret: string; close: () => void }) {
  return (
    <Modal opened onClose={close} title="The key" closeOnClickOutside={false}>
      <div className="stack">
        <p className="flat">
          Send it as <code>Authorization: Bearer …</code>. It is shown only now.
        </p>
        <div className="row">
          <code className="secret-box break">{secret}</code>
          <CopyButton words label="Copy" text={secret} />
        </div>
        <div className="row">
          <Button className="push" onClick={close}>
            Done
          </Button>
        </div>
      </div>
    </Modal>
  );
}
