import { Button } from '@mantine/core';
import { Select, SelectFilter } from '../parts/select.js';
import { useDebouncedValue } from '@mantine/hooks';
import { Plus, Search, Webhook } from 'lucide-react';
import { Link } from 'wouter';
import { useFilters } from '../navigation/hash-location.js';
import { EmptyState } from '../parts/empty-state.js';
import { Page } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { SearchField } from '../parts/search-field.js';
import { Skeleton } from '../parts/skeleton.js';
import { usePermissions } from '../session/session.js';
import { useSpaceLink } from '../session/space.js';
import { SubscriptionRows } from './subscription-rows.js';
import { useSubscriptionPages } from './subscriptions.js';

const STATES = [
  { value: 'active', label: 'Active' },
  { value: 'failing', label: 'Failing' },
  { value: 'paused', label: 'Paused' },
];

const SORTS = [
  { value: 'created', label: 'Newest first' },
  { value: 'url', label: 'By URL' },
  { value: 'failures', label: 'Most failures first' },
];

export default function SubscriptionsPage() {
  const [filter, change] = useFilters(['q', 'status', 'sort'] as const);
  const [q] = useDebouncedValue(filter.q, 150);
  const subscriptions = useSubscriptionPages({ ...filter, ...(q !== undefined && filter.q && { q }) });
  const { manage } = usePermissions();
  const link = useSpaceLink();
  const { rows, isEmpty } = subscriptions;
  const isFiltered = filter.q !== undefined || filter.status !== undefined;
  const create = (
    <Button component={Link} href={link('subscriptions/new')} leftSection={<Plus size={14} />}>
      New subscription
    </Button>
  );
  return (
    <Page
      title="Subscriptions"
      name="Subscriptions"
      actions={manage && (rows.length > 0 || isFiltered) ? create : undefined}
    >
      {(rows.length > 0 || isFiltered) && (
        <div className="filters" role="search">
          <SearchField
            label="Search subscriptions"
            placeholder="Search URL, id, description, event"
            value={filter.q}
            change={(q) => change({ q })}
          />
          <SelectFilter
            label="Status"
            placeholder="Any status"
            data={STATES}
            value={filter.status}
            change={(status) => change({ status })}
          />
          <Select
            className="filter"
            aria-label="Order"
            data={SORTS}
            value={filter.sort ?? 'created'}
            onChange={(sort) => change({ sort: sort === 'created' ? null : sort })}
          />
        </div>
      )}
      {subscriptions.error && <ProblemNote error={subscriptions.error} retry={subscriptions.retry} />}
      {subscriptions.isPending && <Skeleton kind="rows" />}
      {rows.length > 0 && <SubscriptionRows {...subscriptions} />}
      {isEmpty && isFiltered && (
        <EmptyState icon={<Search size={18} />} title="No matching subscriptions">
          Search for part of the URL, the id, the description or an event name.
        </EmptyState>
      )}
      {isEmpty && !isFiltered && (
        <EmptyState icon={<Webhook size={18} />} title="No subscriptions yet" action={manage && create}>
          A subscription is a URL and the events that are sent to it. Create one, then send it a test event.
        </EmptyState>
      )}
    </Page>
  );
}
