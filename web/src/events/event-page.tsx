import { Link, useParams } from 'wouter';
import { Button } from '@mantine/core';
import type { Schemas } from '../api/client.js';
import { BodyView } from '../parts/body-view.js';
import { CopyButton } from '../parts/copy-button.js';
import { Loading } from '../parts/loading.js';
import { Facts, Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { Badge } from '../parts/status.js';
import { useSpaceLink } from '../session/space.js';
import { shortUrl } from '../subscriptions/subscriptions.js';
import { Time } from '../text/time.js';
import { Untrusted } from '../text/untrusted.js';
import { useEvent, useRouting } from './events.js';
import { scopeInWords } from './events-page.js';
import './events.css';

export default function EventPage() {
  const { event: id } = useParams<{ event: string }>();
  const event = useEvent(id);
  const link = useSpaceLink();
  const back = { href: link('events'), label: 'Events' };
  if (!event.data) {
    return (
      <Page title="Event" name="Event" back={back}>
        {event.error ? <ProblemNote error={event.error} retry={() => void event.refetch()} /> : <Loading />}
      </Page>
    );
  }
  const { type, uid, occurredAt, createdAt, subjectId, scope, data, removed } = event.data;
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
                ['Scope', <Untrusted key="s">{scopeInWords(scope)}</Untrusted>],
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
        <Panel title="Payload">
          <BodyView
            text={data === null ? null : JSON.stringify(data)}
            removed={removed}
            name={event.data.id}
          />
        </Panel>
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
  const got = routes.filter(({ matched }) => matched).length;
  return (
    <Panel title={routing.data ? `Routing: ${got} of ${routes.length} got it` : 'Routing'} flush>
      {routing.isPending && <Loading />}
      {routing.error && (
        <div className="panel-body">
          <ProblemNote error={routing.error} retry={() => void routing.refetch()} />
        </div>
      )}
      {routing.data && routes.length === 0 && (
        <p className="quiet panel-body flat">There was no subscription, so nobody could hear it.</p>
      )}
      <ul className="routes">
        {routes.map((route) => (
          <RouteLine key={route.subscriptionId} route={route} />
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

function RouteLine({ route }: { route: Schemas['RoutedView'] }) {
  const link = useSpaceLink();
  return (
    <li>
      <div className="route-name">
        <Link className="ellipsis" href={link(`subscriptions/${route.subscriptionId}`)}>
          <Untrusted>{route.uid ?? shortUrl(route.url)}</Untrusted>
        </Link>
        <span className="quiet small break">
          {route.matched && route.reason === null ? (
            'It got a delivery.'
          ) : (
            <Untrusted>{reasonInWords(route.reason)}</Untrusted>
          )}
        </span>
      </div>
      {route.deliveryId === null ? (
        <Badge tone="mute">Not sent</Badge>
      ) : (
        <Link data-row href={link(`deliveries/${route.deliveryId}`)} className="nowrap">
          Delivery →
        </Link>
      )}
    </li>
  );
}

const REASONS: Record<string, string> = {
  event_type: 'It does not listen to this event type.',
  scope: 'Its scope is another client or campaign.',
  paused: 'It was paused: the delivery is held.',
  priority: 'Its profile sends this to another subscription first.',
  no_equivalent: 'Its profile has no words for this event.',
  not_first: 'It hears of this only once, and another event came first.',
  'profile:not_first':
    'It wants only the first event of each type for each lead, and this event says that it is not the first.',
  expired: 'The event has ended, or the delivery was held for as long as it may be.',
  skipped: 'It was paused, and its profile lets nothing wait.',
  created_later: 'It was made after this event.',
  changed_later: 'It did not ask for such events then; it does now.',
  test: 'The event was a test of another endpoint.',
};

function reasonInWords(reason: string | null): string {
  if (reason === null) return 'It did not match.';
  if (reason.startsWith('filter:')) return `Its filter on ${reason.slice('filter:'.length)} does not hold.`;
  return REASONS[reason] ?? reason;
}
