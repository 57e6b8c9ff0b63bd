import { useQueries, useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { body, GET, type Schemas } from '../api/client.js';
import { Loading } from '../parts/loading.js';
import { Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { DeliveryBadge, Outcome } from '../parts/status.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { SubscriptionName } from '../subscriptions/subscription-name.js';
import { Relative, Time } from '../text/time.js';

const LIVE_MS = 1_000;
const SHOWN = 20;

/** The deliveries of one event and their attempts, as they happen. */
export function Watch({ event }: { event: string | null }) {
  const space = useSpace();
  const link = useSpaceLink();
  const list = useQuery({
    queryKey: ['watch', space, event],
    queryFn: () => {
      const query = { event: event ?? '', limit: SHOWN };
      return body(GET('/v1/spaces/{space}/deliveries', { params: { path: { space }, query } }));
    },
    enabled: event !== null,
    refetchInterval: LIVE_MS,
  });
  const details = useQueries({
    queries: (list.data?.data ?? []).map(({ id, attemptCount, status }) => ({
      // A new attempt is a new question, so nothing is asked while nothing happens.
      queryKey: ['watched', space, id, attemptCount, status],
      queryFn: () =>
        body(GET('/v1/spaces/{space}/deliveries/{delivery}', { params: { path: { space, delivery: id } } })),
      staleTime: Infinity,
      placeholderData: (before?: Schemas['DeliveryDetail']) => before,
    })),
  });
  if (event === null) {
    return (
      <Panel title="What happens">
        <p className="quiet flat">Send an event. Its deliveries and attempts appear here.</p>
      </Panel>
    );
  }
  return (
    <Panel
      title="What happens"
      actions={
        <Link className="small" href={link(`events/${event}`)}>
          Event and routing →
        </Link>
      }
      flush
    >
      {list.isPending && <Loading />}
      {list.error && <ProblemNote error={list.error} />}
      {list.data?.data.length === 0 && (
        <p className="quiet panel-body flat">
          No subscription matched, so nothing is sent. The event’s routing shows why.
        </p>
      )}
      <ul className="watch">
        {details.map(({ data }) => data && <Watched key={data.id} delivery={data} />)}
      </ul>
    </Panel>
  );
}

function Watched({ delivery }: { delivery: Schemas['DeliveryDetail'] }) {
  const link = useSpaceLink();
  return (
    <li>
      <div className="row">
        <Link href={link(`deliveries/${delivery.id}`)} className="ellipsis" data-row>
          <SubscriptionName id={delivery.subscriptionId} />
        </Link>
        <span className="push">
          <DeliveryBadge delivery={delivery} />
        </span>
      </div>
      <ol>
        {delivery.attempts.map(({ id, n, startedAt, statusCode, errorCode, timings }) => (
          <li key={id} className="row small quiet">
            <span>Attempt {n}</span>
            <Time at={startedAt} />
            <span className="push">
              <Outcome statusCode={statusCode} error={errorCode} />
            </span>
            <span className="numbers">{timings.total === null ? '' : `${Math.round(timings.total)} ms`}</span>
          </li>
        ))}
        {delivery.status === 'pending' && delivery.nextAttemptAt !== null && (
          <li className="row small quiet">
            Attempt {delivery.attemptCount + 1} <Relative at={delivery.nextAttemptAt} />
          </li>
        )}
      </ol>
    </li>
  );
}
