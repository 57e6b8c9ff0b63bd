import { SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { body, GET } from '../api/client.js';
import { DeliveriesChart } from '../overview/deliveries-chart.js';
import { Facts, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { inWords } from '../parts/status.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { Relative } from '../text/time.js';
import { atLeast } from '../text/units.js';
import { AttemptStrip } from './attempt-strip.js';
import type { Subscription } from './subscriptions.js';
import '../overview/overview.css';

const WINDOWS = ['1h', '24h', '7d'] as const;
type Window = (typeof WINDOWS)[number];

/** How the last attempts at this endpoint went: over time, how long they took, and what it answered. */
export default function EndpointAttempts({ subscription }: { subscription: Subscription }) {
  const space = useSpace();
  const [window, setWindow] = useState<Window>('24h');
  const params = { path: { space, sub: subscription.id }, query: { window } };
  const attempts = useQuery({
    queryKey: ['endpoint-attempts', space, subscription.id, window],
    queryFn: () => body(GET('/v1/spaces/{space}/subscriptions/{sub}/attempts', { params })),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
  const { data } = attempts;
  return (
    <Panel
      title="Attempts"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Window of attempts"
          data={[...WINDOWS]}
          value={window}
          onChange={(value) => setWindow(WINDOWS.find((one) => one === value) ?? '24h')}
        />
      }
    >
      {attempts.error && !data && (
        <ProblemNote error={attempts.error} retry={() => void attempts.refetch()} />
      )}
      {attempts.isPending && <Skeleton kind="rows" />}
      {data && (
        <div className="stack">
          <DeliveriesChart buckets={data.buckets} window={window} />
          <Facts
            of={[
              [
                'Attempts',
                `${atLeast(data.attempts.count, data.attempts.capped)}, of the newest 1,000 deliveries at most`,
              ],
              ['Last attempts', <AttemptStrip key="r" attempts={data.recent} />],
              ['Answer time', times(data.latency)],
              ['Answers', <Codes key="c" codes={data.codes} subscription={subscription.id} />],
              ['Last success', <When key="s" at={data.lastSuccessAt} />],
              ['Last failure', <When key="f" at={data.lastFailureAt} />],
            ]}
          />
        </div>
      )}
    </Panel>
  );
}

function times(latency: { p50: number; p95: number; p99: number } | null): string {
  if (!latency) return 'no response in this window';
  const { p50, p95, p99 } = latency;
  return `p50 ${Math.round(p50)} ms · p95 ${Math.round(p95)} ms · p99 ${Math.round(p99)} ms`;
}

function When({ at }: { at: string | null }) {
  return at === null ? <span className="quiet">none in this window</span> : <Relative at={at} />;
}

function Codes({ codes, subscription }: { codes: { code: string; count: number }[]; subscription: string }) {
  const link = useSpaceLink();
  if (codes.length === 0) return <span className="quiet">none</span>;
  return (
    <span className="row wrap">
      {codes.map(({ code, count }) => {
        const filter = /^\d{3}$/.test(code) ? `statusCode=${code}` : `error=${code}`;
        return (
          <Link key={code} href={link(`deliveries?subscription=${subscription}&${filter}`)}>
            {inWords(code)} × {count.toLocaleString()}
          </Link>
        );
      })}
    </span>
  );
}
