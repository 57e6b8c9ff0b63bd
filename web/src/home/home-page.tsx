import { Button, SegmentedControl } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Boxes } from 'lucide-react';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { body, GET, type Schemas } from '../api/client.js';
import { useFilters } from '../navigation/hash-location.js';
import { EmptyState } from '../parts/empty-state.js';
import { Figure, Figures } from '../parts/figures.js';
import { Page, Panel } from '../parts/page.js';
import { FailingReason, OwnId } from '../overview/failing-reason.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { Badge } from '../parts/status.js';
import { spacePath } from '../session/space.js';
import { shortUrl } from '../subscriptions/subscriptions.js';
import { Relative } from '../text/time.js';
import { atLeast } from '../text/units.js';
import { Untrusted } from '../text/untrusted.js';
import './home.css';

type Overview = Schemas['InstanceOverviewView'];
type SpaceHealth = Schemas['SpaceHealthView'];

const WINDOWS = ['1h', '24h', '7d'] as const;
const SORTS = [
  { value: 'worst', label: 'Most failures first' },
  { value: 'attempts', label: 'Busiest first' },
  { value: 'name', label: 'By name' },
] as const;
const PAGE = 25;

/** How all spaces are doing: where an operator begins. */
export default function HomePage() {
  const [filter, change] = useFilters(['window', 'sort', 'after'] as const);
  const window = WINDOWS.find((one) => one === filter.window) ?? '24h';
  const sort = SORTS.find(({ value }) => value === filter.sort)?.value ?? 'worst';
  const after = Math.max(0, Math.floor(Number(filter.after ?? 0)) || 0);
  const overview = useQuery({
    queryKey: ['overview', 'all', window, sort, after],
    queryFn: () => body(GET('/v1/overview', { params: { query: { window, sort, limit: PAGE, after } } })),
    refetchInterval: 10_000,
    placeholderData: keepPreviousData,
  });
  // Spaces were deleted meanwhile, or the address is of another instance.
  const isBeyond = after > 0 && !overview.isPlaceholderData && overview.data?.data.length === 0;
  useEffect(() => {
    if (isBeyond) change({ after: null });
  });
  return (
    <Page
      title="All spaces"
      name="All spaces"
      actions={
        <>
          <SegmentedControl
            size="xs"
            aria-label="Order"
            data={SORTS.map(({ value, label }) => ({ value, label }))}
            value={sort}
            onChange={(value) => change({ sort: value === 'worst' ? null : value, after: null })}
          />
          <SegmentedControl
            size="xs"
            aria-label="Window"
            data={WINDOWS.map((value) => ({ value, label: value }))}
            value={window}
            onChange={(value) => change({ window: value === '24h' ? null : value })}
          />
        </>
      }
    >
      {overview.error && !overview.data && (
        <ProblemNote error={overview.error} retry={() => void overview.refetch()} />
      )}
      {overview.isPending && <Skeleton kind="overview" />}
      {overview.data && (
        <div className="stack">
          <Sums of={overview.data} />
          <Panel title="Spaces" flush>
            <Spaces rows={overview.data.data} />
            <Pager
              {...{ after, total: overview.data.spaces }}
              go={(to) => change({ after: to > 0 ? String(to) : null })}
            />
          </Panel>
          <Failing rows={overview.data.worst} />
        </div>
      )}
    </Page>
  );
}

function Sums({ of: { spaces, attempts, failedAttempts, failing, paused } }: { of: Overview }) {
  return (
    <Figures>
      <Figure label="Spaces" value={spaces.toLocaleString()} about="your customers" />
      <Figure
        label="Attempts"
        value={attempts.toLocaleString()}
        about={`${failedAttempts.toLocaleString()} failed · ${share(failedAttempts, attempts)}`}
      />
      <Figure label="Failing endpoints" value={failing.toLocaleString()} about="last attempt failed" />
      <Figure label="Paused endpoints" value={paused.toLocaleString()} about="new deliveries are held" />
    </Figures>
  );
}

function share(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (part / whole) * 100;
  // Some is never shown as none.
  return `${percent > 0 && percent < 0.1 ? '< 0.1' : percent.toFixed(1)} %`;
}

function Spaces({ rows }: { rows: SpaceHealth[] }) {
  if (rows.length === 0) {
    return (
      <EmptyState icon={<Boxes size={18} />} title="No spaces">
        Create a space for each of your customers. Start with the plus sign on the left.
      </EmptyState>
    );
  }
  return (
    <div>
      <div className="list-head home-row" aria-hidden="true">
        {['Space', 'Attempts', 'Failed', 'Failing', 'Paused', 'Held', 'Oldest due'].map((head) => (
          <span key={head}>{head}</span>
        ))}
      </div>
      <ul className="plain-list" aria-label="Spaces">
        {rows.map((row) => (
          <li key={row.space}>
            <Link href={spacePath(row.uid ?? row.space, 'overview')} data-row className="list-row home-row">
              <span className="ellipsis">
                <Untrusted>{row.name}</Untrusted>
              </span>
              <Cell name="attempts" value={row.attempts.toLocaleString()} />
              <Cell
                name="failed"
                value={share(row.failedAttempts, row.attempts)}
                isBad={row.failedAttempts > 0}
              />
              <Cell name="failing" value={row.failing.toLocaleString()} isBad={row.failing > 0} />
              <Cell name="paused" value={row.paused.toLocaleString()} isBad={row.paused > 0} />
              <Cell name="held" value={atLeast(row.held.count, row.held.capped)} isBad={row.held.count > 0} />
              <span className="quiet nowrap">
                {row.oldestDueAt === null ? '–' : <Relative at={row.oldestDueAt} />}
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </div>
  );
}

function Cell({ name, value, isBad = false }: { name: string; value: string; isBad?: boolean }) {
  return (
    <span className={`numbers ${isBad ? 'home-bad' : 'quiet'}`}>
      {value}
      <span className="home-unit"> {name}</span>
    </span>
  );
}

function Pager({ after, total, go }: { after: number; total: number; go: (to: number) => void }) {
  if (total <= PAGE) return null;
  const end = Math.min(total, after + PAGE);
  return (
    <div className="row home-pager">
      <span className="quiet small numbers">
        {(after + 1).toLocaleString()}–{end.toLocaleString()} of {total.toLocaleString()}
      </span>
      <Button className="push" variant="default" disabled={after === 0} onClick={() => go(after - PAGE)}>
        Previous
      </Button>
      <Button variant="default" disabled={end >= total} onClick={() => go(after + PAGE)}>
        Next
      </Button>
    </div>
  );
}

function Failing({ rows }: { rows: Overview['worst'] }) {
  if (rows.length === 0) return null;
  return (
    <Panel title="Failing endpoints" flush>
      <ul className="plain-list" aria-label="Failing endpoints">
        {rows.map((row) => (
          <li key={row.subscriptionId}>
            <Link
              href={spacePath(row.space, `subscriptions/${row.subscriptionId}`)}
              data-row
              className="list-row home-failing"
            >
              <Badge tone={row.status === 'paused' ? 'bad' : 'hold'}>
                {row.status === 'paused' ? 'Paused' : 'Failing'}
              </Badge>
              <span className="mono ellipsis">
                <Untrusted>{shortUrl(row.url)}</Untrusted>
                <OwnId uid={row.uid} />
              </span>
              <span className="ellipsis quiet">
                <Untrusted>{row.spaceName}</Untrusted>
              </span>
              <span className="quiet">
                <FailingReason of={row} />
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
