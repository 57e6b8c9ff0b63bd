import { Button, SegmentedControl } from '@mantine/core';
import { FlaskConical } from 'lucide-react';
import { Link } from 'wouter';
import { useFilters } from '../navigation/hash-location.js';
import { Figure, Figures } from '../parts/figures.js';
import { Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { usePermissions } from '../session/session.js';
import { useSpaceLink } from '../session/space.js';
import { duration } from '../text/time.js';
import { atLeast } from '../text/units.js';
import { DeliveriesChart } from './deliveries-chart.js';
import { useOverview, WINDOWS, type Overview, type Window } from './overview.js';
import { FailingEndpoints } from './failing-endpoints.js';
import './overview.css';

export default function OverviewPage() {
  const [filter, change] = useFilters(['window'] as const);
  const window = WINDOWS.find((one) => one === filter.window) ?? '24h';
  const overview = useOverview(window);
  return (
    <Page
      title="Overview"
      name="Overview"
      actions={
        <SegmentedControl
          size="xs"
          aria-label="Window"
          data={WINDOWS.map((value) => ({ value, label: value }))}
          value={window}
          onChange={(value) => change({ window: value === '24h' ? null : value })}
        />
      }
    >
      {overview.error && !overview.data && (
        <ProblemNote error={overview.error} retry={() => void overview.refetch()} />
      )}
      {overview.isPending && <Skeleton kind="overview" />}
      {overview.data && <Content overview={overview.data} window={window} />}
    </Page>
  );
}

function Content({ overview, window }: { overview: Overview; window: Window }) {
  const { buckets, worst, endpoints } = overview;
  const sent = buckets.reduce((sum, { succeeded, failed, retried }) => sum + succeeded + failed + retried, 0);
  return (
    <div className="stack">
      <NextStep
        hasSubscriptions={endpoints.active + endpoints.failing + endpoints.paused > 0}
        hasSent={sent > 0}
      />
      <Counts overview={overview} />
      <Panel title="Attempts by outcome">
        <DeliveriesChart buckets={buckets} window={window} />
      </Panel>
      <FailingEndpoints worst={worst} />
    </div>
  );
}

function NextStep({ hasSubscriptions, hasSent }: { hasSubscriptions: boolean; hasSent: boolean }) {
  const link = useSpaceLink();
  const { manage } = usePermissions();
  if (!manage || (hasSubscriptions && hasSent)) return null;
  const [words, page, label] = hasSubscriptions
    ? [
        'Nothing was sent in this time range. Send a test event to follow one from start to end.',
        'bench',
        'Open the test bench',
      ]
    : [
        'There are no subscriptions yet. Create one, then send it a test event.',
        'subscriptions/new',
        'New subscription',
      ];
  return (
    <div className="note">
      <span className="row">
        <FlaskConical size={15} aria-hidden="true" /> {words}
      </span>
      <Button component={Link} href={link(page)}>
        {label}
      </Button>
    </div>
  );
}

function Counts({ overview }: { overview: Overview }) {
  const link = useSpaceLink();
  const { latency, paused, waiting, capped, endpoints, buckets } = overview;
  const sum = (key: 'succeeded' | 'failed' | 'retried') =>
    buckets.reduce((total, bucket) => total + bucket[key], 0);
  const attempts = sum('succeeded') + sum('failed') + sum('retried');
  const share = attempts === 0 ? '–' : `${floorTo(1, (sum('succeeded') / attempts) * 100)} %`;
  return (
    <Figures>
      <Figure
        label="Succeeded"
        value={share}
        about={`${sum('succeeded').toLocaleString()} of ${attempts.toLocaleString()} attempts`}
      />
      <Figure
        label="Publish to arrival"
        value={latency ? milliseconds(latency.p50) : '–'}
        about={
          latency ? (
            <>
              p95 {milliseconds(latency.p95)} · p99 {milliseconds(latency.p99)}
              {paused && (
                <span className="figure-aside">
                  not counted: {paused.count.toLocaleString()} held by a pause, p50 {milliseconds(paused.p50)}{' '}
                  · p99 {milliseconds(paused.p99)}
                </span>
              )}
            </>
          ) : (
            'no deliveries yet'
          )
        }
      />
      <Figure
        label="Waiting"
        value={atLeast(
          waiting.retrying + waiting.held + waiting.pending,
          capped.retrying || capped.held || capped.pending,
        )}
        about={
          <>
            <Link href={link('deliveries?status=pending')}>
              {atLeast(waiting.retrying, capped.retrying)} to retry
            </Link>{' '}
            · <Link href={link('deliveries?status=held')}>{atLeast(waiting.held, capped.held)} held</Link> ·{' '}
            {atLeast(waiting.pending, capped.pending)} due
          </>
        }
      />
      <Figure
        label="Endpoints"
        value={(endpoints.active + endpoints.paused + endpoints.failing).toLocaleString()}
        about={
          <>
            {endpoints.active} healthy ·{' '}
            <Link href={link('subscriptions?status=failing')}>{endpoints.failing} failing</Link> ·{' '}
            <Link href={link('subscriptions?status=paused')}>{endpoints.paused} paused</Link>
          </>
        }
      />
    </Figures>
  );
}

/** Never rounds 99.97 up to a hundred. */
function floorTo(digits: number, value: number): string {
  const scale = 10 ** digits;
  return String(Math.floor(value * scale) / scale);
}

function milliseconds(value: number): string {
  if (value >= 60_000) return duration(value / 1_000);
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
}
