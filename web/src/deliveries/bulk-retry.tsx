import { Button, Modal } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { call, isMissing } from '../api/client.js';
import type { Job } from '../api/jobs.js';
import { useAction } from '../parts/action.js';
import { JobProgress } from '../parts/job-progress.js';
import { Loading } from '../parts/loading.js';
import { ProblemNote } from '../parts/problem-note.js';
import { useSpace } from '../session/space.js';
import { useSubscriptionNames } from '../subscriptions/subscriptions.js';
import { Untrusted } from '../text/untrusted.js';
import type { DeliveryFilter } from './deliveries.js';

/** Sends again whatever a filter matches, after saying how many that are. */
export default function BulkRetry({ filter, close }: { filter: DeliveryFilter; close: () => void }) {
  const path = `/v1/spaces/${encodeURIComponent(useSpace())}/deliveries/retry`;
  const name = useSubscriptionNames();
  const count = useQuery({
    queryKey: ['retry-count', path, filter],
    queryFn: () => call<{ count: number }>('POST', path, { ...filter, dryRun: true }),
    gcTime: 0,
  });
  const retry = useAction(() => call<Job>('POST', path, filter), {
    touches: ['deliveries', 'overview', 'health'],
  });
  const conditions = Object.entries(filter);
  return (
    <Modal opened onClose={close} title="Retry deliveries">
      <div className="stack">
        <div>
          {conditions.length === 0
            ? 'Every delivery of this space, whatever its status:'
            : 'Every delivery of this space with:'}
          <ul className="conditions">
            {conditions.map(([field, value]) => (
              <li key={field}>
                {field} <Untrusted>{field === 'subscription' ? name(value) : value}</Untrusted>
              </li>
            ))}
          </ul>
        </div>
        {count.isPending && <Loading label="Counting" />}
        {count.error &&
          (isMissing(count.error) ? (
            <p className="quiet flat">This engine cannot retry many at once yet.</p>
          ) : (
            <ProblemNote error={count.error} />
          ))}
        {count.data && !retry.data && (
          <Confirm count={count.data.count} busy={retry.isPending} run={() => retry.mutate()} />
        )}
        {retry.data && <JobProgress job={retry.data.id} />}
      </div>
    </Modal>
  );
}

function Confirm({ count, busy, run }: { count: number; busy: boolean; run: () => void }) {
  if (count === 0) return <p className="flat">None matches, so there is nothing to retry.</p>;
  const words = `${count.toLocaleString()} ${count === 1 ? 'delivery' : 'deliveries'}`;
  return (
    <>
      <p className="flat">
        <strong>{words}</strong> will get one attempt each, also those that succeeded if the filter includes
        them.
      </p>
      <div className="row">
        <Button className="push" loading={busy} onClick={run} data-autofocus>
          Retry {words}
        </Button>
      </div>
    </>
  );
}
