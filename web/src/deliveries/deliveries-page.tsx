import { Button, Switch } from '@mantine/core';
import { RotateCcw, Send } from 'lucide-react';
import { Suspense, useState } from 'react';
import { Link } from 'wouter';
import { useConnection } from '../api/connection.js';
import { useFilters } from '../navigation/hash-location.js';
import { lazyPage } from '../navigation/lazy-page.js';
import { EmptyState } from '../parts/empty-state.js';
import { ExportMenu } from '../parts/export-menu.js';
import { Page } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { usePermissions } from '../session/session.js';
import { useSpaceLink } from '../session/space.js';
import { FILTERS, LOOKED_FOR, useDeliveryFeed } from './deliveries.js';
import { SearchedTo } from './searched-to.js';
import { DeliveryFilters } from './delivery-filters.js';
import { DeliveryRows } from './delivery-rows.js';

const EXPORTS = [
  { name: 'deliveries', label: 'Deliveries' },
  { name: 'attempts', label: 'Attempts' },
];

const BulkRetry = lazyPage(() => import('./bulk-retry.js'));

export default function DeliveriesPage() {
  const [filter, change] = useFilters(FILTERS);
  const [live, setLive] = useState(true);
  /** The filter that the dialog was opened for: another one, by the browser's Back, closes it. */
  const [retrying, setRetrying] = useState<string | null>(null);
  const filterText = JSON.stringify(filter);
  // Exports and retries in bulk do not know these.
  const isLookedFor = LOOKED_FOR.some((name) => filter[name] !== undefined);
  const { help: manage } = usePermissions();
  const { isLost } = useConnection();
  const feed = useDeliveryFeed(filter, live);
  return (
    <Page
      title="Deliveries"
      name="Deliveries"
      actions={
        <>
          <Switch
            size="xs"
            checked={live}
            onChange={(event) => setLive(event.currentTarget.checked)}
            label={
              <span className="live" data-on={live && !isLost} data-lost={isLost}>
                Live
              </span>
            }
          />
          {!isLookedFor && <ExportMenu exports={EXPORTS} filter={filter} />}
          {manage && !isLookedFor && (
            <Button
              variant="default"
              leftSection={<RotateCcw size={13} />}
              onClick={() => setRetrying(filterText)}
            >
              Retry these…
            </Button>
          )}
        </>
      }
    >
      <DeliveryFilters filter={filter} change={change} />
      {feed.error && !feed.data && <ProblemNote error={feed.error} retry={() => void feed.refetch()} />}
      {feed.isPending && <Skeleton kind="rows" />}
      {isLookedFor && feed.data && (
        <SearchedTo
          pages={feed.data.pages}
          found={feed.rows.length}
          loading={feed.isFetchingNextPage}
          more={feed.hasNextPage ? () => void feed.fetchNextPage() : undefined}
        />
      )}
      {feed.data && feed.rows.length === 0 && !feed.hasNextPage && (
        <NoDeliveries filtered={Object.keys(filter).length > 0} />
      )}
      {feed.rows.length > 0 && (
        <DeliveryRows
          rows={feed.rows}
          loading={feed.isFetchingNextPage}
          onView={feed.onView}
          loadMore={
            feed.hasNextPage && !feed.isFetchingNextPage && !isLookedFor
              ? () => void feed.fetchNextPage()
              : undefined
          }
        />
      )}
      {retrying === filterText && (
        <Suspense fallback={null}>
          <BulkRetry filter={filter} close={() => setRetrying(null)} />
        </Suspense>
      )}
    </Page>
  );
}

function NoDeliveries({ filtered }: { filtered: boolean }) {
  const link = useSpaceLink();
  const icon = <Send size={18} />;
  if (filtered) {
    return (
      <EmptyState icon={icon} title="No matching deliveries">
        Try another status or a longer time range.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      icon={icon}
      title="No deliveries yet"
      action={
        <>
          <Button component={Link} href={link('bench')}>
            Send a test event
          </Button>
          <Button component={Link} href={link('subscriptions')} variant="default">
            Subscriptions
          </Button>
        </>
      }
    >
      Each event creates one delivery for every matching subscription. New ones appear here.
    </EmptyState>
  );
}
