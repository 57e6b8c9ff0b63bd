import { Button, Modal, MultiSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { body, POST, type Schemas } from '../api/client.js';
import { useJob } from '../api/jobs.js';
import { useAction } from '../parts/action.js';
import { JobProgress } from '../parts/job-progress.js';
import { Loading } from '../parts/loading.js';
import { useSpace } from '../session/space.js';
import { fieldTime, momentOf } from '../text/time-zone.js';
import type { Subscription } from './subscriptions.js';

const STATUSES = [
  { value: 'failed', label: 'failed' },
  { value: 'cancelled', label: 'cancelled' },
  { value: 'skipped', label: 'skipped' },
  { value: 'expired', label: 'expired' },
  { value: 'none', label: 'never sent to it' },
  { value: 'succeeded', label: 'succeeded' },
];
const MISSED = ['failed', 'cancelled', 'skipped', 'expired', 'none'];
const DAY = 86_400_000;

/** Sends past events to this endpoint again, after saying how many. */
export default function Replay({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const params = { path: { space: useSpace(), sub: subscription.id } };
  const [since, setSince] = useState(() => fieldTime(Date.now() - DAY));
  const [statuses, setStatuses] = useState(MISSED);
  const run = (dryRun: boolean) => {
    const wanted = { since: momentOf(since), statuses, dryRun } as Schemas['ReplayInput'];
    return body(POST('/v1/spaces/{space}/subscriptions/{sub}/replay', { params, body: wanted }));
  };
  const count = useAction(() => run(true), { touches: [] });
  const replay = useAction(() => run(false), { touches: ['deliveries', 'overview', 'health'] });
  const counted = useJob(count.data?.id ?? null);
  const found = counted.data && counted.data.finishedAt !== null ? (counted.data.total ?? 0) : undefined;
  const isUnclear = momentOf(since) === null || statuses.length === 0;
  return (
    <Modal opened onClose={close} title="Replay">
      <div className="stack">
        <p className="flat">Past events are sent to this endpoint again, with their original ids.</p>
        <TextInput
          type="datetime-local"
          label="Published since"
          value={since}
          onChange={(event) => {
            setSince(event.currentTarget.value);
            count.reset();
          }}
        />
        <MultiSelect
          size="xs"
          label="That were"
          data={STATUSES}
          value={statuses}
          onChange={(value) => {
            setStatuses(value);
            count.reset();
          }}
        />
        {count.data && found === undefined && <Loading label="Counting" />}
        {replay.data ? (
          <JobProgress job={replay.data.id} />
        ) : (
          <div className="row">
            {found !== undefined && (
              <strong role="status">
                {found.toLocaleString()} {found === 1 ? 'event' : 'events'}
              </strong>
            )}
            <span className="push" />
            <Button
              variant="default"
              loading={count.isPending}
              disabled={isUnclear}
              onClick={() => count.mutate()}
            >
              Count
            </Button>
            <Button disabled={!found || isUnclear} loading={replay.isPending} onClick={() => replay.mutate()}>
              Replay {found ? found.toLocaleString() : ''}
            </Button>
          </div>
        )}
      </div>
    </Modal>
  );
}
