import { useMediaQuery } from '@mantine/hooks';
import { SubscriptionBadge } from '../parts/status.js';
import { VirtualList } from '../parts/virtual-list.js';
import { useSpaceLink } from '../session/space.js';
import { localTime } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { HealthStrip } from './health-strip.js';
import { idOf, shortUrl, type Subscription, type useSubscriptionPages } from './subscriptions.js';
import './subscriptions.css';

const HEADS = ['Status', 'Endpoint', 'Events', 'Last attempts'];

type Props = Pick<ReturnType<typeof useSubscriptionPages>, 'rows' | 'loading' | 'loadMore' | 'onView'>;

export function SubscriptionRows({ rows, loading, loadMore, onView }: Props) {
  const link = useSpaceLink();
  const narrow = useMediaQuery('(max-width: 780px)', undefined, { getInitialValueInEffect: false });
  return (
    <VirtualList
      label="Subscriptions"
      rows={rows}
      keyOf={idOf}
      hrefOf={(row) => link(`subscriptions/${row.id}`)}
      layout="subscription-row"
      heads={HEADS}
      rowHeight={narrow ? 84 : 56}
      loading={loading}
      loadMore={loadMore}
      onView={onView}
      render={(row) => (
        <>
          <span className="s-status">
            <SubscriptionBadge subscription={row} />
          </span>
          <span className="s-endpoint">
            <span className="ellipsis s-url">
              <Untrusted>{shortUrl(row.url)}</Untrusted>
            </span>
            <span className="ellipsis quiet small s-about">
              {newsOf(row)}
              <Untrusted>{[row.uid, row.description].filter(Boolean).join(' · ') || row.id}</Untrusted>
            </span>
          </span>
          <span className="s-events mono quiet ellipsis">
            <Untrusted>{row.events.includes('*') ? 'all events' : row.events.join(', ')}</Untrusted>
          </span>
          <HealthStrip subscription={row.id} />
        </>
      )}
    />
  );
}

/** What somebody should know of it at a glance. */
function newsOf({ waitsUntil, lost }: Subscription): string {
  const news = [
    waitsUntil === null ? null : `waits until ${localTime(waitsUntil)}`,
    lost === null ? null : `${lost.count.toLocaleString()} lost`,
  ].filter((part) => part !== null);
  return news.length === 0 ? '' : `${news.join(' · ')} · `;
}
