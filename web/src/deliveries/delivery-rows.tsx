import { useMediaQuery } from '@mantine/hooks';
import { DeliveryBadge, Outcome } from '../parts/status.js';
import { VirtualList } from '../parts/virtual-list.js';
import { useSpaceLink } from '../session/space.js';
import { SubscriptionName } from '../subscriptions/subscription-name.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import type { Delivery } from './feed.js';
import './deliveries.css';

interface Props {
  rows: (Delivery | undefined)[];
  loadMore?: () => void;
  loading?: boolean;
  onView?: (first: number) => void;
}

const HEADS = ['Status', 'Event', 'Endpoint', 'Answer', 'Attempts', 'Created'];

export function DeliveryRows({ rows, loadMore, loading = false, onView }: Props) {
  const link = useSpaceLink();
  const narrow = useMediaQuery('(max-width: 780px)', undefined, { getInitialValueInEffect: false });
  return (
    <VirtualList
      label="Deliveries"
      rows={rows}
      keyOf={(row) => row.id}
      hrefOf={(row) => link(`deliveries/${row.id}`)}
      layout="delivery-row"
      heads={HEADS}
      rowHeight={narrow ? 60 : 38}
      loadMore={loadMore}
      loading={loading}
      onView={onView}
      render={(row) => (
        <>
          <span className="d-status">
            <DeliveryBadge delivery={row} />
          </span>
          <span className="d-type mono ellipsis">
            <Untrusted>{row.eventType}</Untrusted>
            {row.trigger !== 'event' && <span className="tag">{row.trigger}</span>}
          </span>
          <span className="d-endpoint ellipsis quiet">
            <SubscriptionName id={row.subscriptionId} />
          </span>
          <span className="d-answer ellipsis">
            <Outcome statusCode={row.lastStatusCode} error={row.lastError} />
          </span>
          <span className="d-attempts quiet numbers">
            {row.attemptCount}
            <span className="of"> / {row.maxAttempts}</span>
          </span>
          <Time at={row.createdAt} className="d-time quiet numbers nowrap" />
        </>
      )}
    />
  );
}
