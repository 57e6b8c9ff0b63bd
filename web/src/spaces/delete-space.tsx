import { Button, Modal, TextInput } from '@mantine/core';
import { useState, type SubmitEvent } from 'react';
import { useLocation } from 'wouter';
import { DELETE } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { Panel } from '../parts/page.js';
import { useSpace } from '../session/space.js';
import { visible } from '../text/untrusted.js';
import type { Space } from './space-search.js';

/** Deletes a space, after its name was written by hand. */
export function DeleteSpace({ space }: { space: Space }) {
  const ref = useSpace();
  const [, navigate] = useLocation();
  const [asking, setAsking] = useState(false);
  const [typed, setTyped] = useState('');
  const remove = useAction(() => DELETE('/v1/spaces/{space}', { params: { path: { space: ref } } }), {
    touches: ['spaces'],
    done: 'The space is deleted.',
    after: () => navigate('/spaces', { replace: true }),
  });
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    remove.mutate();
  };
  return (
    <Panel title="Delete this space">
      <div className="row wrap">
        <span className="quiet grow">
          Its subscriptions, events, deliveries, keys and links go with it. There is no way back.
        </span>
        <Button variant="light" color="red" onClick={() => setAsking(true)}>
          Delete…
        </Button>
      </div>
      {asking && (
        <Modal opened onClose={() => setAsking(false)} title="Delete this space?">
          <form className="stack" onSubmit={submit}>
            <p className="flat">Everything in it is removed, and nothing more is delivered.</p>
            <TextInput
              label={`Write “${visible(space.name)}” to confirm`}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
              data-autofocus
            />
            <div className="row">
              <Button className="push" variant="default" onClick={() => setAsking(false)}>
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
      )}
    </Panel>
  );
}
