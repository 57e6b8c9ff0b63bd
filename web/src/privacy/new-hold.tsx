import { TextInput } from '@mantine/core';
import { useState } from 'react';
import { body, POST } from '../api/client.js';
import { tell } from '../parts/action.js';
import { useCreation } from '../parts/creation.js';
import { FormDialog } from '../parts/form-dialog.js';
import { useSpace } from '../session/space.js';
import { isEmptyScope, NO_SCOPE, SCOPE_FIELDS, ScopeFields, wireScope } from './scope-fields.js';

/** Sets a legal hold, after saying what it is on. */
export default function NewHold({ close }: { close: () => void }) {
  const space = useSpace();
  const [reason, setReason] = useState('');
  const [scope, setScope] = useState(NO_SCOPE);
  const set = () =>
    body(
      POST('/v1/spaces/{space}/holds', {
        params: { path: { space } },
        body: { reason: reason.trim(), ...wireScope(scope) },
      }),
    );
  const creation = useCreation(set, {
    touches: ['holds'],
    fields: { ...SCOPE_FIELDS, reason: 'reason' },
    after: () => {
      tell('The legal hold is set.');
      close();
    },
  });
  const { fields } = creation.errors;
  return (
    <FormDialog
      title="Set a legal hold"
      action="Set hold"
      creation={creation}
      disabled={reason.trim() === ''}
      close={close}
      size={540}
    >
      <TextInput
        label="Why"
        description="The legal case, without personal data. People whose erasure is refused can see it."
        value={reason}
        error={fields.reason}
        onChange={(event) => setReason(event.currentTarget.value)}
        data-autofocus
        required
      />
      <ScopeFields scope={scope} errors={fields} change={setScope} />
      <p className="flat" role="status">
        {isEmptyScope(scope)
          ? 'Everything in this space is kept, including future events, and the space cannot be deleted.'
          : 'Events that match all of these fields are kept with their deliveries, and the space cannot be deleted.'}
      </p>
    </FormDialog>
  );
}
