import { Button } from '@mantine/core';
import { useState } from 'react';
import { body, DELETE, POST, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { JobProgress } from '../parts/job-progress.js';
import { usePermissions } from '../session/session.js';
import { useSpace } from '../session/space.js';
import { localTime } from '../text/time.js';
import type { Subscription } from './subscriptions.js';

const TOUCHES = ['subscription', 'subscriptions', 'deliveries', 'overview', 'health'];

/** Says until when the endpoint asked to be left alone, with a way to go on before that. */
export function WaitNote({ subscription }: { subscription: Subscription }) {
  const { help: manage } = usePermissions();
  const params = { path: { space: useSpace(), sub: subscription.id } };
  const wake = useAction(() => POST('/v1/spaces/{space}/subscriptions/{sub}/wake', { params }), {
    touches: TOUCHES,
    done: 'Its deliveries no longer wait.',
  });
  if (subscription.waitsUntil === null) return null;
  return (
    <div className="note note-hold row wrap" role="status">
      <div>
        <strong>Waits until {localTime(subscription.waitsUntil)}: </strong>
        the endpoint asked for it with Retry-After. A successful test also ends the wait.
      </div>
      {manage && (
        <Button
          className="push"
          variant="default"
          size="xs"
          loading={wake.isPending}
          onClick={() => wake.mutate()}
        >
          Send now
        </Button>
      )}
    </div>
  );
}

/** Says how much was lost, and sends exactly that again. */
export function LostNote({ subscription }: { subscription: Subscription }) {
  const [job, setJob] = useState<string | null>(null);
  if (job !== null) {
    return (
      <div className="note note-hold">
        <JobProgress job={job} />
      </div>
    );
  }
  if (subscription.lost === null) return null;
  return <Lost subscription={subscription} lost={subscription.lost} started={setJob} />;
}

interface LostProps {
  subscription: Subscription;
  lost: NonNullable<Subscription['lost']>;
  started: (job: string) => void;
}

function Lost({ subscription, lost, started }: LostProps) {
  const { help: manage } = usePermissions();
  const params = { path: { space: useSpace(), sub: subscription.id } };
  const wanted = { lost: true } as Schemas['ReplayInput'];
  const replay = useAction(
    () => body(POST('/v1/spaces/{space}/subscriptions/{sub}/replay', { params, body: wanted })),
    { touches: TOUCHES, after: ({ id }) => started(id) },
  );
  const forget = useAction(() => DELETE('/v1/spaces/{space}/subscriptions/{sub}/lost', { params }), {
    touches: TOUCHES,
  });
  const { count, since, recoveredAt } = lost;
  return (
    <div className="note note-bad row wrap" role="status">
      <div>
        <strong>
          {count.toLocaleString()} {count === 1 ? 'delivery was' : 'deliveries were'} lost of events since{' '}
          {localTime(since)}:{' '}
        </strong>
        their retry schedule was used up.{' '}
        {recoveredAt === null
          ? 'The endpoint has not accepted a delivery since.'
          : `The endpoint has accepted deliveries again since ${localTime(recoveredAt)}.`}
      </div>
      {manage && (
        <span className="row push">
          <Button variant="default" size="xs" loading={forget.isPending} onClick={() => forget.mutate()}>
            Dismiss
          </Button>
          <Button size="xs" loading={replay.isPending} onClick={() => replay.mutate()}>
            {count === 1 ? 'Send it again' : `Send these ${count.toLocaleString()} again`}
          </Button>
        </span>
      )}
    </div>
  );
}
