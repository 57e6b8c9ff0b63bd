import { Button, Modal } from '@mantine/core';
import { Select } from '../parts/select.js';
import { useState } from 'react';
import { body, POST } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { useSpace } from '../session/space.js';
import { SecretOnce } from './secret-once.js';
import type { Subscription } from './subscriptions.js';

const OVERLAPS = [
  { value: '0', label: 'Not at all' },
  { value: '3600', label: '1 hour' },
  { value: '86400', label: '1 day' },
  { value: '604800', label: '7 days' },
];

/** Makes a new secret; for the overlap both sign, so the endpoint can change in its own time. */
export default function RotateSecret({
  subscription,
  close,
}: {
  subscription: Subscription;
  close: () => void;
}) {
  const space = useSpace();
  const [overlap, setOverlap] = useState('86400');
  const rotate = useAction(
    () =>
      body(
        POST('/v1/spaces/{space}/subscriptions/{sub}/secret/rotate', {
          params: { path: { space, sub: subscription.id } },
          body: { overlapSeconds: Number(overlap) },
        }),
      ),
    { touches: ['secret'] },
  );
  if (rotate.data)
    return (
      <SecretOnce
        secret={rotate.data.secret ?? 'No secret to show'}
        profile={subscription.profile}
        close={close}
      />
    );
  return (
    <Modal opened onClose={close} title="Rotate secret">
      <div className="stack">
        <p className="flat">
          New requests are signed with a new secret. Until the overlap ends, they are also signed with the old
          one.
        </p>
        <Select
          label="Keep the old secret for"
          data={OVERLAPS}
          value={overlap}
          onChange={(value) => setOverlap(value ?? '0')}
        />
        <div className="row">
          <Button className="push" loading={rotate.isPending} onClick={() => rotate.mutate()}>
            Rotate
          </Button>
        </div>
      </div>
    </Modal>
  );
}
