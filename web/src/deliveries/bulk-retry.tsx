import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { body, POST, type Schemas } from '../api/client.js';
import { useAction } from '../parts/action.js';
import { PaceSelect } from '../parts/job-pace.js';
import { JobProgress, UNDO_SECONDS } from '../parts/job-progress.js';
import { Loading } from '../parts/loading.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { SubscriptionName } from '../subscriptions/subscription-name.js';
import { Untrusted } from '../text/untrusted.js';
import type { DeliveryFilter } from './deliveries.js';

/** Sends again whatever a filter matches, after saying how many that are. */
export default function BulkRetry({ filter, close }: { filter: DeliveryFilter; close: () => void }) {
  const space = useSpace();
  const [perSecond, setPerSecond] = useState<number | null>(null);
  const run = (dryRun: boolean) => {
    // A status from a hand-written address may be no word of the API; the engine then says so.
    const pace = { delaySeconds: UNDO_SECONDS, ...(perSecond !== null && { perSecond }) };
    const wanted = { ...filter, dryRun, ...(!dryRun && pace) } as Schemas['BulkRetryInput'];
    return body(POST('/v1/spaces/{space}/deliveries/retry', { params: { path: { space } }, body: wanted }));
  };
  const conditions = Object.entries(filter);
  const count = useQuery({
    queryKey: ['retry-count', space, filter],
    queryFn: async () => (await run(true)) as Schemas['RetryCount'],
    enabled: conditions.length > 0,
    gcTime: 0,
  });
  const retry = useAction(async () => (await run(false)) as Schemas['JobView'], {
    touches: ['deliveries', 'overview', 'health'],
  });
  return (
    <Modal opened onClose={close} title="Retry deliveries">
      <div className="stack">
        <div>
          {conditions.length === 0
            ? 'Set a filter first, for example the status Failed or one endpoint. You can then retry all ' +
              'matching deliveries.'
            : 'Every delivery of this space with:'}
          <ul className="conditions">
            {conditions.map(([field, value]) => (
              <li key={field}>
                {field}{' '}
                {field === 'subscription' ? <SubscriptionName id={value} /> : <Untrusted>{value}</Untrusted>}
              </li>
            ))}
          </ul>
        </div>
        {count.isLoading && <Loading label="Counting" />}
        {count.error && <ProblemNote error={count.error} />}
        {count.data && !retry.data && (
          <>
            {count.data.count > 0 && <PaceSelect label="Pace" value={perSecond} onChange={setPerSecond} />}
            <Confirm found={count.data} busy={retry.isPending} run={() => retry.mutate()} />
          </>
        )}
        {retry.data && <JobProgress job={retry.data.id} />}
      </div>
    </Modal>
  );
}

interface ConfirmProps {
  found: Schemas['RetryCount'];
  busy: boolean;
  run: () => void;
}

function Confirm({ found: { count, exact }, busy, run }: ConfirmProps) {
  if (count === 0) return <p className="flat">No matching deliveries, so there is nothing to retry.</p>;
  const words = `${exact ? '' : 'more than '}${count.toLocaleString()} ${count === 1 ? 'delivery' : 'deliveries'}`;
  return (
    <>
      <p className="flat">
        <strong>{words}</strong> will get one attempt each, including those that have succeeded if the filter
        matches them.
      </p>
      <div className="row">
        <Button className="push" loading={busy} onClick={run} data-autofocus>
          Retry {words}
        </Button>
      </div>
    </>
  );
}
