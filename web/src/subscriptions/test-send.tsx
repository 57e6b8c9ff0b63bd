import { Button } from '@mantine/core';
import { PopoverButton } from '../parts/popover-button.js';
import { Select } from '../parts/select.js';
import { FlaskConical } from 'lucide-react';
import { useState } from 'react';
import { useLocation } from 'wouter';
import { body, POST } from '../api/client.js';
import { useEventTypes, wants } from '../catalogue/event-types.js';
import { useAction } from '../parts/action.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { visible } from '../text/untrusted.js';
import type { Subscription } from './subscriptions.js';

/** Sends one type's example to this endpoint and opens the delivery. */
export function TestSend({ subscription }: { subscription: Subscription }) {
  const space = useSpace();
  const link = useSpaceLink();
  const [, navigate] = useLocation();
  const types = useEventTypes();
  const [type, setType] = useState<string | null>(null);
  const wanted = (types.data ?? []).filter(({ name }) => wants(subscription.events, name));
  const send = useAction(
    () =>
      body(
        POST('/v1/spaces/{space}/subscriptions/{sub}/test', {
          params: { path: { space, sub: subscription.id } },
          body: type === null ? {} : { type },
        }),
      ),
    { touches: ['deliveries', 'health'], after: (delivery) => navigate(link(`deliveries/${delivery.id}`)) },
  );
  return (
    <PopoverButton
      position="bottom-end"
      width={280}
      button={{ leftSection: <FlaskConical size={13} />, children: 'Test' }}
    >
      <div className="stack stack-tight">
        <Select
          label="Example of"
          placeholder="The first type it subscribes to"
          searchable
          clearable
          data={wanted.map(({ name }) => ({ value: name, label: visible(name) }))}
          value={type}
          onChange={setType}
          comboboxProps={{ withinPortal: false }}
        />
        <Button data-autofocus loading={send.isPending} onClick={() => send.mutate()}>
          Send test
        </Button>
      </div>
    </PopoverButton>
  );
}
