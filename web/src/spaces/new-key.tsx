import { Button, Modal, TextInput } from '@mantine/core';
import { useState } from 'react';
import { body, POST, type Schemas } from '../api/client.js';
import { CopyButton } from '../parts/copy-button.js';
import { Select } from '../parts/select.js';
import { useCreation } from '../parts/creation.js';
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
  const [name, setName] = useState('');
  const [scope, setScope] = useState<Scope>('publish');
  const [until, setUntil] = useState('');
  const make = () =>
    body(
      POST('/v1/spaces/{space}/keys', {
        params: { path: { space } },
        body: { name: name.trim(), scope, expiresAt: momentOf(until) },
      }),
    );
  const creation = useCreation(make, {
    touches: ['keys'],
    fields: { name: 'name', scope: 'scope', until: 'expiresAt' },
  });
  const { data } = creation.save;
  if (data) return <Made secret={data.key} close={close} />;
  const { fields } = creation.errors;
  return (
    <FormDialog
      title="New key"
      action="Make key"
      creation={creation}
      disabled={name.trim() === ''}
      close={close}
    >
      <TextInput
        label="Name"
        description="What it is for, such as “production publisher”."
        value={name}
        error={fields.name}
        onChange={(event) => setName(event.currentTarget.value)}
        data-autofocus
        required
      />
      <Select
        label="May"
        data={SCOPES}
        value={scope}
        error={fields.scope}
        onChange={(value) => setScope(value ?? 'publish')}
      />
      <TextInput
        label="Works until"
        description="Empty: until it is revoked."
        type="datetime-local"
        value={until}
        error={fields.until}
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
