import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useLocation } from 'wouter';
import { DELETE } from '../api/client.js';
import { forgetSpace } from '../navigation/last-space.js';
import { useAction } from '../parts/action.js';
import { useSpace } from '../session/space.js';
import { visible } from '../text/untrusted.js';
import type { Space } from './space-search.js';

/** Deletes a space, after its name was written by hand. */
export default function DeleteSpaceDialog({ space, close }: { space: Space; close: () => void }) {
  const ref = useSpace();
  const [, navigate] = useLocation();
  const [typed, setTyped] = useState('');
  const remove = useAction(() => DELETE('/v1/spaces/{space}', { params: { path: { space: ref } } }), {
    touches: ['spaces'],
    done: 'The space is deleted.',
    after: () => {
      forgetSpace();
      navigate('/spaces', { replace: true });
    },
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    remove.mutate();
  };
  return (
    <Modal opened onClose={close} title="Delete this space?">
      <form className="stack" onSubmit={submit}>
        <p className="flat">Everything in it is removed, and nothing more is delivered.</p>
        <TextInput
          label={`Write “${visible(space.name)}” to confirm`}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          data-autofocus
        />
        <div className="row">
          <Button className="push" variant="default" onClick={close}>
            Keep
          </Button>
          <Button
            color="red"
            type="submit"
            loading={remove.isPending}
            disabled={typed.trim() !== space.name.trim()}
          >
            Delete the space
          </Button>
        </div>
      </form>
    </Modal>
  );
}
