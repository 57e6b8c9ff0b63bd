import { Button, Checkbox, Modal } from '@mantine/core';
import { useState } from 'react';
import { DELETE } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { Untrusted } from '../text/untrusted.js';
import type { Person } from './people.js';

interface Props {
  person: Person;
  /** Whether the person is removed already, and can only be erased. */
  removed: boolean;
  close: () => void;
}

/** Asks before somebody is removed, or erased from the audit log, too. */
export default function RemovePerson({ person: { id, email, name }, removed, close }: Props) {
  const [erase, setErase] = useState(removed);
  const remove = useAction(
    () => DELETE('/v1/people/{person}', { params: { path: { person: id }, query: { erase } } }),
    {
      touches: ['people', 'space-people', 'sessions', 'audit'],
      done: erase ? 'They are erased.' : 'They are removed and signed out.',
      after: close,
    },
  );
  return (
    <Modal opened onClose={close} title={removed ? 'Erase this person?' : 'Remove this person?'}>
      <div className="stack">
        <p className="flat break">
          <strong>
            <Untrusted>{name === null ? email : `${name}, ${email}`}</Untrusted>
          </strong>
          {!removed && ' cannot sign in any more, and their sessions end at once.'}
          {erase
            ? ' The audit log shows their id in place of their address and name. This cannot be undone.'
            : ' The audit log still names them.'}
        </p>
        {!removed && (
          <Checkbox
            size="xs"
            label="Also erase their address and name from the audit log"
            checked={erase}
            onChange={(event) => setErase(event.currentTarget.checked)}
          />
        )}
        <div className="row">
          <Button className="push" variant="default" onClick={close} data-autofocus>
            Keep
          </Button>
          <Button color="red" loading={remove.isPending} onClick={() => remove.mutate()}>
            {erase ? 'Erase' : 'Remove'}
          </Button>
        </div>
      </div>
    </Modal>
  );
}
