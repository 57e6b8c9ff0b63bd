import { Link, useParams } from 'wouter';
import { Button } from '@mantine/core';
import { POST, type Schemas } from '../api/client.js';
import { useFilters } from '../navigation/hash-location.js';
import { useAction } from '../parts/action.js';
import { BodyView } from '../parts/body-view.js';
import { CopyButton } from '../parts/copy-button.js';
import { lazyPart } from '../parts/lazy-part.js';
import { Loading } from '../parts/loading.js';
import { Facts, Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Skeleton } from '../parts/skeleton.js';
import { Badge, DeliveryBadge, Outcome } from '../parts/status.js';
import { usePermissions } from '../session/session.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { shortUrl } from '../subscriptions/subscriptions.js';
import { writeNumbers } from '../text/exact-numbers.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { useEvent, useRouting } from './events.js';
import { scopeInWords } from './events-page.js';
import { reasonInWords } from './routing-reasons.js';
import './events.css';

const CompareEvents = lazyPart(() => import('./compare-events.js'));

export default function EventPage() {
  const { event: id } = useParams<{ event: string }>();
  const event = useEvent(id);
  const [filter, change] = useFilters(['compare'] as const);
  const link = useSpaceLink();
  const back = { href: link('events'), label: 'Events' };
  if (!event.data) {
    return (
      <Page title="Event" name="Event" back={back}>
        {event.error ? <ProblemNote error={event.error} retry={() => void event.refetch()} /> : <Loading />}
      </Page>
    );
  }
  const { type, uid, occurredAt, createdAt, subjectId, tags, data, removed } = event.data;
  return (
    <Page
      title={
        <span className="mono-title">
          <Untrusted>{type}</Untrusted>
        </span>
      }
      name={type}
      back={back}
    >
      <div className="two-panels">
        <div className="stack">
          <Panel title="Event">
            <Facts
              of={[
                [
                  'Id',
                  <span key="i" className="mono">
                    {event.data.id} <CopyButton text={event.data.id} label="Copy id" />
                  </span>,
                ],
                ...(uid === null
                  ? []
                  : [['Your id', <Untrusted key="u">{uid}</Untrusted>] as [string, React.ReactNode]]),
                ['Occurred', <Time key="o" at={occurredAt} />],
                ['Published', <Time key="p" at={createdAt} />],
                ...(subjectId === null
                  ? []
                  : [['About', <Untrusted key="a">{subjectId}</Untrusted>] as [string, React.ReactNode]]),
                ['Scope', <Untrusted key="s">{scopeInWords(tags)}</Untrusted>],
                [
                  'Deliveries',
                  <Link key="d" href={link(`deliveries?event=${event.data.id}`)}>
                    Open with filters
                  </Link>,
                ],
              ]}
            />
          </Panel>
          <Routing event={event.data.id} />
        </div>
        <div className="stack">
          <Panel
            title="Payload"
            actions={
              <Button
                size="compact-xs"
                variant="default"
                aria-expanded={filter.compare !== undefined}
                onClick={() => change({ compare: filter.compare === undefined ? '1' : null })}
              >
                Compare with another event
              </Button>
            }
          >
            <BodyView
              text={data === null ? null : writeNumbers(data)}
              removed={removed}
              name={event.data.id}
            />
          </Panel>
          {filter.compare !== undefined && <CompareEvents key={event.data.id} event={event.data} />}
        </div>
      </div>
    </Page>
  );
}

/** Who got it, who did not and why. */
function Routing({ event }: { event: string }) {
  const routing = useRouting(event);
  const routes = (routing.data?.pages.flatMap((page) => page.data) ?? []).sort(
    (a, b) => Number(b.matched) - Number(a.matched),
  );
  return (
    <Panel
      title={
        routes.length > 0
          ? `Routing: ${outcomesInWords(routes)}${routing.hasNextPage ? ', and more' : ''}`
          : 'Routing'
      }
      flush
    >
      {routing.isPending && <Skeleton kind="rows" />}
      {routing.error && (
        <div className="panel-body">
          <ProblemNote error={routing.error} retry={() => void routing.refetch()} />
        </div>
      )}
      {routing.data && routes.length === 0 && (
        <p className="quiet panel-body flat">The space had no subscription when this event was published.</p>
      )}
      <ul className="routes">
        {routes.map((route) => (
          <RouteLine key={route.subscriptionId} route={route} event={event} />
        ))}
      </ul>
      {routing.hasNextPage && (
        <div className="panel-body">
          <Button
            variant="default"
            loading={routing.isFetchingNextPage}
            onClick={() => void routing.fetchNextPage()}
          >
            Show more
          </Button>
        </div>
      )}
    </Panel>
  );
}

function RouteLine({ route, event }: { route: Schemas['RoutedView']; event: string }) {
  const link = useSpaceLink();
  const { manage } = usePermissions();
  return (
    <li>
      <div className="route-name">
        <Link className="ellipsis" href={link(`subscriptions/${route.subscriptionId}`)}>
          <Untrusted>{route.uid ?? shortUrl(route.url)}</Untrusted>
        </Link>
        <span className="quiet small break">
          {route.matched && route.reason === null ? (
            attemptsInWords(route.attemptCount)
          ) : (
            <Untrusted>{reasonInWords(route.reason)}</Untrusted>
          )}
        </span>
      </div>
      {route.deliveryId === null || route.deliveryStatus === null ? (
        <span className="row wrap route-end">
          <Badge tone="mute">Not sent</Badge>
          {manage && (
            <Link href={link(`subscriptions/${route.subscriptionId}/preview?event=${event}`)}>Preview</Link>
          )}
          {manage && <Link href={link(`subscriptions/${route.subscriptionId}?replay=1`)}>Replay…</Link>}
        </span>
      ) : (
        <span className="row wrap route-end">
          <Outcome statusCode={route.lastStatusCode} error={route.lastError} />
          <DeliveryBadge delivery={{ status: route.deliveryStatus, attemptCount: route.attemptCount ?? 0 }} />
          {manage && route.deliveryStatus !== 'succeeded' && <RetryRoute delivery={route.deliveryId} />}
          <Link data-row href={link(`deliveries/${route.deliveryId}`)} className="nowrap">
            Delivery →
          </Link>
        </span>
      )}
    </li>
  );
}

function RetryRoute({ delivery }: { delivery: string }) {
  const params = { path: { space: useSpace(), delivery } };
  const retry = useAction(() => POST('/v1/spaces/{space}/deliveries/{delivery}/retry', { params }), {
    touches: ['routing', 'deliveries', 'overview', 'health'],
    done: 'One attempt was started.',
  });
  return (
    <Button
      size="compact-xs"
      variant="default"
      aria-label="Retry this delivery"
      loading={retry.isPending}
      onClick={() => retry.mutate()}
    >
      Retry
    </Button>
  );
}

function attemptsInWords(count: number | null): string {
  if (!count) return 'Its delivery has not been attempted yet.';
  return count === 1 ? 'One attempt was made.' : `${count} attempts were made.`;
}

const OUTCOMES: [outcome: string, words: string][] = [
  ['succeeded', 'delivered'],
  ['pending', 'in progress'],
  ['held', 'held'],
  ['failed', 'failed'],
  ['cancelled', 'cancelled'],
  ['skipped', 'skipped'],
  ['expired', 'expired'],
  ['none', 'not sent'],
];

/** `3 delivered, 5 held, 6 not sent`. */
function outcomesInWords(routes: Schemas['RoutedView'][]): string {
  const counts = new Map<string, number>();
  for (const { deliveryStatus } of routes) {
    const outcome = deliveryStatus ?? 'none';
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
  return OUTCOMES.flatMap(([outcome, words]) => {
    const count = counts.get(outcome) ?? 0;
    return count > 0 ? [`${count.toLocaleString()} ${words}`] : [];
  }).join(', ');
}
