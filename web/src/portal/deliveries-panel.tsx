import { useDeliveries, type Delivery } from '@posthorn/react';
import { useId, useState } from 'react';
import { Link } from 'wouter';
import { Untrusted } from '../text/untrusted.js';
import { useWords } from './language.js';
import { ErrorNote, Loading, More, Panel, Time } from './parts.js';
import { DeliveryBadge, STATUSES } from './status.js';

const FRESH_MS = 5_000;

/** What was sent to an endpoint, newest first. */
export function DeliveriesPanel({ endpoint }: { endpoint: string }) {
  const words = useWords();
  const field = useId();
  const [status, setStatus] = useState<Delivery['status'] | ''>('');
  const list = useDeliveries({
    ...{ endpoint, limit: 25, refetchInterval: FRESH_MS },
    ...(status !== '' && { status }),
  });
  return (
    <Panel
      title={words.text('deliveries.title')}
      tools={
        <span className="row">
          <label htmlFor={field} className="quiet small">
            {words.text('deliveries.filter')}
          </label>
          <select
            id={field}
            value={status}
            onChange={(event) => setStatus(event.currentTarget.value as Delivery['status'] | '')}
          >
            <option value="">{words.text('deliveries.all')}</option>
            {STATUSES.map(([value, label]) => (
              <option key={value} value={value}>
                {words.text(label)}
              </option>
            ))}
          </select>
        </span>
      }
    >
      {list.error && <ErrorNote error={list.error} retry={list.refetch} />}
      {list.isPending && !list.error && <Loading />}
      {!list.isPending && list.rows.length === 0 && (
        <p className="quiet">{words.text(status === '' ? 'deliveries.empty' : 'deliveries.nothingFound')}</p>
      )}
      {list.rows.length > 0 && (
        <ul className="rows" aria-label={words.text('deliveries.title')}>
          {list.rows.map((delivery) => (
            <Row key={delivery.id} delivery={delivery} />
          ))}
        </ul>
      )}
      <More list={list} />
    </Panel>
  );
}

function Row({ delivery }: { delivery: Delivery }) {
  const words = useWords();
  const { id, eventType, createdAt, attemptCount, nextAttemptAt } = delivery;
  return (
    <li>
      <Link href={`/deliveries/${id}`} className="row-link">
        <span className="row-main">
          <span className="mono break">
            <Untrusted>{eventType}</Untrusted>
          </span>
          <span className="quiet small">
            <Time at={createdAt} />
          </span>
        </span>
        <span className="row-side">
          <DeliveryBadge delivery={delivery} />
          <span className="quiet small">
            {words.count('deliveries.attempts', attemptCount)}
            {nextAttemptAt !== null &&
              attemptCount > 0 &&
              `, ${words.text('deliveries.next', { time: words.date(nextAttemptAt) })}`}
          </span>
        </span>
      </Link>
    </li>
  );
}
