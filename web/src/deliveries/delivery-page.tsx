import { Button } from '@mantine/core';
import { RotateCcw, X } from 'lucide-react';
import { useState } from 'react';
import { Link, useParams } from 'wouter';
import { GET, POST, body } from '../api/client.js';
import { useFilters } from '../navigation/hash-location.js';
import { useAction } from '../parts/action.js';
import { lazyPart } from '../parts/lazy-part.js';
import { CopyButton } from '../parts/copy-button.js';
import { Loading } from '../parts/loading.js';
import { Facts, Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { DeliveryBadge } from '../parts/status.js';
import { usePermissions } from '../session/session.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { nameOf, useSubscription } from '../subscriptions/subscriptions.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { AttemptDetail } from './attempt-detail.js';
import { AttemptTimeline } from './attempt-timeline.js';
import { useDelivery } from './deliveries.js';
import type { Schemas } from '../api/client.js';
import './deliveries.css';
import './delivery-page.css';

const CompareAttempts = lazyPart(() => import('./compare-attempts.js'));
const Confirm = lazyPart(() => import('../parts/confirm.js'));

export default function DeliveryPage() {
  const { delivery: id } = useParams<{ delivery: string }>();
  const delivery = useDelivery(id);
  const link = useSpaceLink();
  if (delivery.error && !delivery.data) {
    return (
      <Page title="Delivery" name="Delivery" back={{ href: link('deliveries'), label: 'Deliveries' }}>
        <ProblemNote error={delivery.error} retry={() => void delivery.refetch()} />
      </Page>
    );
  }
  return delivery.data ? <Loaded delivery={delivery.data} /> : <Loading />;
}

function Loaded({ delivery }: { delivery: Schemas['DeliveryDetail'] }) {
  const link = useSpaceLink();
  const [filter, change] = useFilters(['attempt', 'compare'] as const);
  const subscription = useSubscription(delivery.subscriptionId);
  const newest = delivery.attempts.at(-1)?.n ?? null;
  const selected = delivery.attempts.find(({ n }) => n === Number(filter.attempt))?.n ?? newest;
  return (
    <Page
      name={`Delivery of ${delivery.eventType}`}
      title={
        <span className="row wrap">
          <span className="mono-title">
            <Untrusted>{delivery.eventType}</Untrusted>
          </span>
          <DeliveryBadge delivery={delivery} />
        </span>
      }
      back={{ href: link('deliveries'), label: 'Deliveries' }}
      actions={<Actions delivery={delivery} />}
    >
      <div className="delivery-columns">
        <div className="stack">
          <Panel title="Delivery">
            <Facts
              of={[
                [
                  'Endpoint',
                  <Link key="e" href={link(`subscriptions/${delivery.subscriptionId}`)}>
                    <Untrusted>
                      {subscription.data ? nameOf(subscription.data) : delivery.subscriptionId}
                    </Untrusted>
                  </Link>,
                ],
                [
                  'Event',
                  <Link key="v" href={link(`events/${delivery.eventId}`)} className="mono">
                    {delivery.eventId}
                  </Link>,
                ],
                [
                  'Id',
                  <span key="i" className="mono">
                    {delivery.id} <CopyButton text={delivery.id} label="Copy id" />
                  </span>,
                ],
                ['Trigger', MADE_BY[delivery.trigger] ?? delivery.trigger],
                ['Created', <Time key="c" at={delivery.createdAt} />],
                ['Finished', delivery.finishedAt ? <Time key="f" at={delivery.finishedAt} /> : 'not yet'],
              ]}
            />
          </Panel>
          <Panel title={`Attempts: ${delivery.attemptCount} of ${delivery.maxAttempts}`}>
            <AttemptTimeline
              delivery={delivery}
              schedule={subscription.data?.retrySchedule ?? []}
              selected={selected}
              select={(n) => change({ attempt: String(n) })}
            />
          </Panel>
        </div>
        {selected === null ? (
          <Panel title="No attempt yet">
            <p className="quiet flat">The first attempt will appear here.</p>
          </Panel>
        ) : (
          <div className="stack">
            <AttemptDetail key={selected} delivery={delivery.id} n={selected} />
            {newest !== null && newest > 1 && (
              <div>
                <Button
                  variant="default"
                  aria-expanded={filter.compare !== undefined}
                  onClick={() => change({ compare: filter.compare === undefined ? '1' : null })}
                >
                  Compare two attempts
                </Button>
              </div>
            )}
            {newest !== null && newest > 1 && filter.compare !== undefined && (
              <CompareAttempts delivery={delivery.id} count={newest} />
            )}
          </div>
        )}
      </div>
    </Page>
  );
}

const MADE_BY: Record<string, string> = {
  event: 'a published event',
  test: 'a test send',
  replay: 'a replay',
  manual: 'no longer known: a person retried it',
};

const TOUCHES = ['delivery', 'deliveries', 'health', 'overview'];

function Actions({ delivery }: { delivery: Schemas['DeliveryDetail'] }) {
  const params = { path: { space: useSpace(), delivery: delivery.id } };
  const { help: manage } = usePermissions();
  const [asking, setAsking] = useState(false);
  const retry = useAction(() => POST('/v1/spaces/{space}/deliveries/{delivery}/retry', { params }), {
    touches: TOUCHES,
    done: 'One attempt was started.',
    // The attempt may be over before the next look: look until it is recorded.
    after: () =>
      void body(GET('/v1/spaces/{space}/deliveries/{delivery}', { params })).catch(() => undefined),
  });
  const cancel = useAction(() => POST('/v1/spaces/{space}/deliveries/{delivery}/cancel', { params }), {
    touches: TOUCHES,
    done: 'The delivery is cancelled.',
  });
  if (!manage) return null;
  const isDelivered = delivery.status === 'succeeded';
  const canCancel = delivery.status === 'pending' || delivery.status === 'held';
  return (
    <>
      {canCancel && (
        <Button
          variant="default"
          leftSection={<X size={13} />}
          loading={cancel.isPending}
          onClick={() => cancel.mutate()}
        >
          Cancel
        </Button>
      )}
      <Button
        leftSection={<RotateCcw size={13} />}
        loading={retry.isPending}
        onClick={() => (isDelivered ? setAsking(true) : retry.mutate())}
      >
        {isDelivered ? 'Send again…' : 'Retry now'}
      </Button>
      {asking && (
        <Confirm
          title="Send it again?"
          action="Send again"
          busy={retry.isPending}
          run={() => retry.mutate(undefined, { onSuccess: () => setAsking(false) })}
          close={() => setAsking(false)}
        >
          The endpoint has already accepted this delivery. It will get the same event again, with the same id.
        </Confirm>
      )}
    </>
  );
}
