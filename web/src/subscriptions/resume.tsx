import { Button, Modal, Radio } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { body, POST, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { PaceSelect } from '../parts/job-pace.js';
import { useSpace } from '../session/space.js';
import type { Subscription } from './subscriptions.js';

/** How many deliveries wait. */
async function countHeld(space: string, subscription: string): Promise<Schemas['RetryCount']> {
  const wanted = { subscription, status: 'held' as const, dryRun: true };
  const params = { path: { space } };
  return (await body(
    POST('/v1/spaces/{space}/deliveries/retry', { params, body: wanted }),
  )) as Schemas['RetryCount'];
}

const TOUCHES = ['subscription', 'subscriptions', 'deliveries', 'overview', 'endpoint'];

/** Ends a pause, and asks what becomes of what was held meanwhile, and how fast. */
export default function Resume({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const space = useSpace();
  const params = { path: { space, sub: subscription.id } };
  const [backlog, setBacklog] = useState<'deliver' | 'discard'>('deliver');
  const [perSecond, setPerSecond] = useState<number | null>(null);
  const held = useQuery({
    queryKey: ['held', space, subscription.id],
    queryFn: () => countHeld(space, subscription.id),
    gcTime: 0,
  });
  const isPaced = backlog === 'deliver' && perSecond !== null && held.data?.count !== 0;
  const resume = useAction(
    (): Promise<unknown> =>
      isPaced
        ? POST('/v1/spaces/{space}/subscriptions/{sub}/drain', { params, body: { perSecond } })
        : POST('/v1/spaces/{space}/subscriptions/{sub}/resume', { params, body: { backlog } }),
    { touches: TOUCHES, done: 'Resumed.', after: close },
  );
  const words = held.data ? wordsFor(held.data) : 'Counting held deliveries…';
  return (
    <Modal opened onClose={close} title="Resume subscription">
      <div className="stack">
        <p className="flat" role="status">
          <strong>{words}</strong>
        </p>
        {held.data?.count !== 0 && (
          <Radio.Group label="What to do with them" value={backlog} onChange={(value) => setBacklog(value)}>
            <div className="stack stack-tight radios">
              <Radio
                size="xs"
                value="deliver"
                label="Deliver"
                description="Oldest first, at the pace below. New events are sent at once."
              />
              <Radio
                size="xs"
                value="discard"
                label="Discard"
                description="They are cancelled. Only new events are sent."
              />
            </div>
          </Radio.Group>
        )}
        {held.data?.count !== 0 && backlog === 'deliver' && (
          <PaceSelect label="Pace" value={perSecond} onChange={setPerSecond} />
        )}
        <div className="row">
          <Button
            className="push"
            color={backlog === 'discard' ? 'red' : undefined}
            loading={resume.isPending}
            onClick={() => resume.mutate()}
          >
            {backlog === 'discard' ? 'Resume and discard' : 'Resume'}
          </Button>
        </div>
      </div>
    </Modal>
  );
}

function wordsFor({ count, exact }: Schemas['RetryCount']): string {
  if (count === 0) return 'Nothing is held.';
  const number = `${exact ? '' : 'More than '}${count.toLocaleString()}`;
  return `${number} ${count === 1 ? 'delivery is' : 'deliveries are'} held.`;
}
