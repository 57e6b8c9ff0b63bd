import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { body, GET, type Schemas } from '../api/client.js';
import { JobProgress } from '../parts/job-progress.js';
import { Facts, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { useSpace } from '../session/space.js';
import { Relative, Time } from '../text/time.js';
import { atLeast } from '../text/units.js';
import type { Subscription } from './subscriptions.js';

type State = Schemas['EndpointStateView'];

/** How the endpoint is called at present: limits as they stand, certificate, secrets' ages, and what waits. */
export default function EndpointState({ subscription }: { subscription: Subscription }) {
  const space = useSpace();
  const state = useQuery({
    queryKey: ['endpoint', space, subscription.id],
    queryFn: () =>
      body(
        GET('/v1/spaces/{space}/subscriptions/{sub}/endpoint', {
          params: { path: { space, sub: subscription.id } },
        }),
      ),
    refetchInterval: 5_000,
  });
  const { data } = state;
  return (
    <Panel title="Endpoint now">
      {state.error && !data && <ProblemNote error={state.error} retry={() => void state.refetch()} />}
      {state.isPending && <Skeleton kind="rows" />}
      {data && (
        <div className="stack">
          {data.certificate?.warning && (
            <div className={`note ${data.certificate.daysLeft < 0 ? 'note-bad' : 'note-hold'}`} role="status">
              {data.certificate.warning}
            </div>
          )}
          {subscription.drainJobId !== null && <JobProgress job={subscription.drainJobId} />}
          <Facts of={rowsOf(data, subscription)} />
        </div>
      )}
    </Panel>
  );
}

function rowsOf(state: State, { nextProbeAt, status }: Subscription): [string, ReactNode][] {
  return [
    ['Waiting', <Backlog key="b" backlog={state.backlog} />],
    ...(status === 'paused'
      ? [
          [
            'Next probe',
            nextProbeAt === null ? (
              'none: a person has to resume it'
            ) : (
              <span key="p">
                <Time at={nextProbeAt} /> · <Relative at={nextProbeAt} />
              </span>
            ),
          ] satisfies [string, ReactNode],
        ]
      : []),
    ['At once', throttleInWords(state.throttle)],
    ['Rate limit', <Rate key="r" rate={state.rate} />],
    ['Certificate', <Certificate key="c" certificate={state.certificate} />],
    ['Signed by', <Proof key="s" proof={state.proof} />],
  ];
}

function Backlog({ backlog: { held, pending, oldestHeldAt } }: { backlog: State['backlog'] }) {
  return (
    <>
      {atLeast(held.count, held.capped)} held
      {oldestHeldAt !== null && (
        <span className="quiet">
          {' '}
          (the oldest from <Time at={oldestHeldAt} />)
        </span>
      )}
      , {atLeast(pending.count, pending.capped)} due now or later
    </>
  );
}

function throttleInWords(throttle: State['throttle']): string {
  if (throttle === null) return 'as many requests as it takes: nothing holds it back';
  const { concurrency, inFlight, waiting, workers } = throttle;
  const most = `${concurrency} ${concurrency === 1 ? 'request' : 'requests'} at most, after failures or slow responses`;
  const by = workers === 1 ? '' : ` (${workers} workers together)`;
  return `${most}${by}; ${inFlight} under way, ${waiting.toLocaleString()} waiting`;
}

function Rate({ rate }: { rate: State['rate'] }) {
  if (rate === null) return <>none</>;
  return (
    <>
      {rate.perSecond.toLocaleString()} a second
      {rate.nextAt !== null && (
        <span className="quiet">
          {' '}
          · used up until <Time at={rate.nextAt} />
        </span>
      )}
    </>
  );
}

function Certificate({ certificate }: { certificate: State['certificate'] }) {
  if (certificate === null) return <span className="quiet">none seen</span>;
  const { validTo, daysLeft, seenAt } = certificate;
  const left =
    daysLeft < 0 ? 'expired' : `${daysLeft.toLocaleString()} ${daysLeft === 1 ? 'day' : 'days'} left`;
  return (
    <>
      valid until <Time at={validTo} /> · {left}
      <span className="quiet small">
        {' '}
        · seen <Relative at={seenAt} />
      </span>
    </>
  );
}

function Proof({ proof: { style, secrets } }: { proof: State['proof'] }) {
  const [current, ...earlier] = secrets;
  return (
    <>
      {STYLES[style] ?? style}
      {current && (
        <span className="quiet">
          {' '}
          · secret from <Time at={current.since} />, <Relative at={current.since} />
        </span>
      )}
      {earlier.map(({ since, expiresAt }) => (
        <span key={since} className="quiet">
          {' '}
          · the one before also signs until {expiresAt !== null && <Time at={expiresAt} />}
        </span>
      ))}
    </>
  );
}

const STYLES: Record<string, string> = { 'standard-webhooks': 'Standard Webhooks' };
