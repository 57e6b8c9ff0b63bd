import { Button, Modal, MultiSelect, TextInput } from '@mantine/core';
import { useState } from 'react';
import { call, isMissing } from '../api/client.js';
import type { Job } from '../api/jobs.js';
import { useAction } from '../parts/action.js';
import { JobProgress } from '../parts/job-progress.js';
import { useSpace } from '../session/space.js';
import type { Subscription } from './subscriptions.js';

const STATUSES = ['failed', 'cancelled', 'skipped', 'succeeded'];
const DAY = 86_400_000;

/** Sends past events to this endpoint again, after saying how many. */
export function Replay({ subscription, close }: { subscription: Subscription; close: () => void }) {
  const path = `/v1/spaces/${encodeURIComponent(useSpace())}/subscriptions/${subscription.id}/replay`;
  const [since, setSince] = useState(() => localInput(Date.now() - DAY));
  const [statuses, setStatuses] = useState(['failed']);
  const wanted = () => ({
    since: new Date(since).toISOString(),
    ...(statuses.length > 0 && { statuses }),
  });
  const count = useAction(() => call<{ count: number }>('POST', path, { ...wanted(), dryRun: true }), {
    touches: [],
  });
  const replay = useAction(() => call<Job>('POST', path, wanted()), { touches: ['deliveries', 'overview'] });
  const found = count.data?.count;
  return (
    <Modal opened onClose={close} title="Replay">
      <div className="stack">
        <p className="flat">Deliveries of the past are made again, with their first bodies and ids.</p>
        <TextInput
          type="datetime-local"
          label="Since"
          value={since}
          onChange={(event) => {
            setSince(event.currentTarget.value);
            count.reset();
          }}
        />
        <MultiSelect
          size="xs"
          label="That were"
          placeholder={statuses.length === 0 ? 'whatever their status' : undefined}
          data={STATUSES}
          value={statuses}
          onChange={(value) => {
            setStatuses(value);
            count.reset();
          }}
        />
        {count.error && isMissing(count.error) && (
          <p className="quiet flat">This engine cannot replay yet.</p>
        )}
        {replay.data ? (
          <JobProgress job={replay.data.id} />
        ) : (
          <div className="row">
            {found !== undefined && <strong role="status">{found.toLocaleString()} match.</strong>}
            <span className="push" />
            <Button
              variant="default"
              loading={count.isPending}
              disabled={Number.isNaN(Date.parse(since))}
              onClick={() => count.mutate()}
            >
              Count
            </Button>
            <Button disabled={!found} loading={replay.isPending} onClick={() => replay.mutate()}>
              Replay {found ? found.toLocaleString() : ''}
            </Button>
          </div>
        )}
      </div>
    </Modal>
  );
}

function localInput(at: number): string {
  return new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString().slice(0, 16);
}
