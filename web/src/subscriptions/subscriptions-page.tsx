import { Button, Select, TextInput } from '@mantine/core';
import { Plus, Search, Webhook } from 'lucide-react';
import { Link } from 'wouter';
import { useFilters } from '../navigation/hash-location.js';
import { EmptyState } from '../parts/empty-state.js';
import { Loading } from '../parts/loading.js';
import { Page } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { usePermissions } from '../session/session.js';
import { useSpaceLink } from '../session/space.js';
import { SubscriptionRows } from './subscription-rows.js';
import { useSubscriptions, type Subscription } from './subscriptions.js';

const STATES = [
  { value: 'active', label: 'Active' },
  { value: 'failing', label: 'Failing' },
  { value: 'paused', label: 'Paused' },
];

export default function SubscriptionsPage() {
  const [filter, change] = useFilters(['q', 'status'] as const);
  const subscriptions = useSubscriptions(10_000);
  const { manage } = usePermissions();
  const link = useSpaceLink();
  const all = subscriptions.data ?? [];
  const rows = all.filter((one) => isWanted(one, filter.q ?? '', filter.status));
  const create = (
    <Button component={Link} href={link('subscriptions/new')} leftSection={<Plus size={14} />}>
      New subscription
    </Button>
  );
  return (
    <Page title="Subscriptions" name="Subscriptions" actions={manage && all.length > 0 ? create : undefined}>
      {subscriptions.error && (
        <ProblemNote error={subscriptions.error} retry={() => void subscriptions.refetch()} />
      )}
      {subscriptions.isPending && <Loading />}
      {all.length > 0 && (
        <div className="filters" role="search">
          <TextInput
            className="filter filter-wide"
            aria-label="Search subscriptions"
            placeholder="Search URL, id, description, event"
            data-search
            leftSection={<Search size={13} />}
            value={filter.q ?? ''}
            onChange={(event) => change({ q: event.currentTarget.value })}
          />
          <Select
            className="filter"
            aria-label="Status"
            placeholder="Any status"
            clearable
            data={STATES}
            value={filter.status ?? null}
            onChange={(status) => change({ status })}
          />
        </div>
      )}
      {rows.length > 0 && <SubscriptionRows rows={rows} />}
      {all.length > 0 && rows.length === 0 && (
        <EmptyState icon={<Search size={18} />} title="No subscription matches">
          Search for a part of the URL, the id, the description or an event name.
        </EmptyState>
      )}
      {subscriptions.data && all.length === 0 && (
        <EmptyState icon={<Webhook size={18} />} title="No endpoint listens yet" action={manage && create}>
          A subscription is a URL and the events it wants to hear. Make one, then send it a test event to see
          that it answers.
        </EmptyState>
      )}
    </Page>
  );
}

function isWanted(one: Subscription, text: string, status: string | undefined): boolean {
  const state = one.status === 'active' && one.failureCount > 0 ? 'failing' : one.status;
  if (status !== undefined && status !== state && status !== one.status) return false;
  const haystack = [one.url, one.uid, one.id, one.description, ...one.events].join('\n').toLowerCase();
  return haystack.includes(text.toLowerCase());
}
