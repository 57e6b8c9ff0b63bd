import { Button } from '@mantine/core';
import { Select } from '../parts/select.js';
import { useMediaQuery } from '@mantine/hooks';
import { Radio, X } from 'lucide-react';
import { Link } from 'wouter';
import type { Schemas } from '../api/client.js';
import { useEventTypes } from '../catalogue/event-types.js';
import { TimeFilter } from '../deliveries/time-filter.js';
import { useFilters } from '../navigation/hash-location.js';
import { EmptyState } from '../parts/empty-state.js';
import { ExportMenu } from '../parts/export-menu.js';
import { Page } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { SavedViews } from '../parts/saved-views.js';
import { VirtualList } from '../parts/virtual-list.js';
import { usePermissions } from '../session/session.js';
import { useSpaceLink } from '../session/space.js';
import { Time } from '../text/time.js';
import { Untrusted, visible } from '../text/untrusted.js';
import { EVENT_FILTERS, useEvents } from './events.js';
import './events.css';

export default function EventsPage() {
  const [filter, change] = useFilters(EVENT_FILTERS);
  const events = useEvents(filter);
  const types = useEventTypes();
  const rows = events.data?.pages.flatMap((page) => page.data) ?? [];
  const isFiltered = Object.keys(filter).length > 0;
  return (
    <Page
      title="Events"
      name="Events"
      actions={<ExportMenu exports={[{ name: 'events', label: 'Events' }]} filter={filter} />}
    >
      <div className="filters" role="search">
        <Select
          className="filter filter-wide"
          aria-label="Event type"
          placeholder="Any event type"
          clearable
          searchable
          data-search
          data={(types.data ?? []).map(({ name }) => ({ value: name, label: visible(name) }))}
          value={filter.type ?? null}
          onChange={(type) => change({ type })}
        />
        <TimeFilter since={filter.since} until={filter.until} change={change} />
        <SavedViews key={JSON.stringify(filter)} page="events" filter={filter} />
        {isFiltered && (
          <Button
            variant="subtle"
            color="gray"
            leftSection={<X size={13} />}
            onClick={() => change({ type: null, since: null, until: null })}
          >
            Clear
          </Button>
        )}
      </div>
      {events.error && !events.data && (
        <ProblemNote error={events.error} retry={() => void events.refetch()} />
      )}
      {events.isPending && <Skeleton kind="rows" />}
      {events.data && rows.length === 0 && <NoEvents filtered={isFiltered} />}
      {rows.length > 0 && (
        <Rows
          rows={rows}
          loading={events.isFetchingNextPage}
          loadMore={
            events.hasNextPage && !events.isFetchingNextPage ? () => void events.fetchNextPage() : undefined
          }
        />
      )}
    </Page>
  );
}

interface RowsProps {
  rows: Schemas['EventSummary'][];
  loading: boolean;
  loadMore?: () => void;
}

function Rows({ rows, loading, loadMore }: RowsProps) {
  const link = useSpaceLink();
  const narrow = useMediaQuery('(max-width: 780px)', undefined, { getInitialValueInEffect: false });
  return (
    <VirtualList
      label="Events"
      rows={rows}
      keyOf={(row) => row.id}
      hrefOf={(row) => link(`events/${row.id}`)}
      layout="event-row"
      heads={['Event', 'Id', 'Scope', 'Published']}
      rowHeight={narrow ? 60 : 38}
      loading={loading}
      loadMore={loadMore}
      render={(row) => (
        <>
          <span className="e-type mono ellipsis">
            <Untrusted>{row.type}</Untrusted>
          </span>
          <span className="e-id mono quiet ellipsis">
            <Untrusted>{row.uid ?? row.id}</Untrusted>
          </span>
          <span className="e-scope quiet ellipsis">
            <Untrusted>{scopeInWords(row.tags)}</Untrusted>
          </span>
          <Time at={row.createdAt} className="e-time quiet numbers nowrap" />
        </>
      )}
    />
  );
}

export function scopeInWords(tags: Schemas['EventSummary']['tags']): string {
  const parts = Object.entries(tags).map(([name, value]) => `${name} ${value}`);
  return parts.join(', ') || '—';
}

function NoEvents({ filtered }: { filtered: boolean }) {
  const link = useSpaceLink();
  const { manage } = usePermissions();
  return (
    <EmptyState
      icon={<Radio size={18} />}
      title={filtered ? 'No matching events' : 'No events yet'}
      action={
        manage &&
        !filtered && (
          <Button component={Link} href={link('bench')}>
            Send one from the test bench
          </Button>
        )
      }
    >
      {filtered
        ? 'Try another type or a longer time range.'
        : 'Publish with POST /v1/spaces/…/events. Each event then shows which endpoints got it, and why ' +
          'others did not.'}
    </EmptyState>
  );
}
