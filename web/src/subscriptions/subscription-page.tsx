import { Button } from '@mantine/core';
import { Ellipsis, Eye, Pause, Pencil, Play, RotateCcw, Send, KeyRound, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link, useLocation, useParams } from 'wouter';
import { ApiError, DELETE, POST } from '../api/client.js';
import { useDeliveryFeed } from '../deliveries/deliveries.js';
import { DeliveryRows } from '../deliveries/delivery-rows.js';
import { useFilters } from '../navigation/hash-location.js';
import { useAction } from '../parts/action.js';
import { ButtonMenu } from '../parts/button-menu.js';
import { lazyPart } from '../parts/lazy-part.js';
import { EmptyState } from '../parts/empty-state.js';
import { Loading } from '../parts/loading.js';
import { Page, Panel } from '../parts/page.js';
import { ProblemNote } from '../parts/problem-note.js';
import { SubscriptionBadge } from '../parts/status.js';
import { usePermissions, useSession } from '../session/session.js';
import { useSpace, useSpaceLink } from '../session/space.js';
import { Untrusted, visible } from '../text/untrusted.js';
import { SecretPanel } from './secret-panel.js';
import { SubscriptionFacts } from './subscription-facts.js';
import { LostNote, WaitNote } from './health-notes.js';
import { PausedNote } from './paused-note.js';
import { nameOf, shortUrl, useSubscription, type Subscription } from './subscriptions.js';
import { TestSend } from './test-send.js';
import './subscriptions.css';

const Confirm = lazyPart(() => import('../parts/confirm.js'));
const EndpointState = lazyPart(() => import('./endpoint-state.js'));
const History = lazyPart(() => import('./history.js'));
const EndpointAttempts = lazyPart(() => import('./endpoint-attempts.js'));
const Replay = lazyPart(() => import('./replay.js'));
const Resume = lazyPart(() => import('./resume.js'));
const RotateSecret = lazyPart(() => import('./rotate-secret.js'));

export default function SubscriptionPage() {
  const { sub } = useParams<{ sub: string }>();
  const subscription = useSubscription(sub, 5_000);
  const link = useSpaceLink();
  // Somebody may have deleted it meanwhile.
  const isGone = subscription.error instanceof ApiError && subscription.error.status === 404;
  if (subscription.data && !isGone) return <Loaded subscription={subscription.data} />;
  if (!subscription.error) return <Loading />;
  return (
    <Page
      title="Subscription"
      name="Subscription"
      back={{ href: link('subscriptions'), label: 'Subscriptions' }}
    >
      <ProblemNote error={subscription.error} retry={() => void subscription.refetch()} />
    </Page>
  );
}

function Loaded({ subscription }: { subscription: Subscription }) {
  const link = useSpaceLink();
  const { manage, help } = usePermissions();
  return (
    <Page
      name={visible(nameOf(subscription))}
      title={
        <span className="row wrap">
          <Untrusted>{shortUrl(subscription.url)}</Untrusted>
          <SubscriptionBadge subscription={subscription} />
        </span>
      }
      about={<Untrusted>{subscription.description}</Untrusted>}
      back={{ href: link('subscriptions'), label: 'Subscriptions' }}
      actions={help && <Actions subscription={subscription} />}
    >
      <div className="stack">
        <PausedNote subscription={subscription} />
        <WaitNote subscription={subscription} />
        <LostNote subscription={subscription} />
        <div className="two-panels">
          <Panel title="Subscription">
            <SubscriptionFacts subscription={subscription} />
          </Panel>
          {manage && <SecretPanel subscription={subscription} />}
        </div>
        <EndpointState subscription={subscription} />
        <EndpointAttempts subscription={subscription} />
        <RecentDeliveries subscription={subscription} />
        {manage && <Changes subscription={subscription} />}
      </div>
    </Page>
  );
}

type Dialog = 'resume' | 'rotate' | 'replay' | 'delete' | null;
const TOUCHES = ['subscription', 'subscriptions', 'deliveries', 'overview', 'endpoint'];

function Actions({ subscription }: { subscription: Subscription }) {
  const { manage } = usePermissions();
  const link = useSpaceLink();
  const params = { path: { space: useSpace(), sub: subscription.id } };
  const [, navigate] = useLocation();
  const [filter, change] = useFilters(['replay'] as const);
  const [dialog, setDialog] = useState<Dialog>(filter.replay ? 'replay' : null);
  const pause = useAction(() => POST('/v1/spaces/{space}/subscriptions/{sub}/pause', { params }), {
    touches: TOUCHES,
    done: 'Paused. New deliveries are held.',
  });
  const remove = useAction(() => DELETE('/v1/spaces/{space}/subscriptions/{sub}', { params }), {
    touches: ['subscriptions', 'deliveries', 'overview'],
    done: 'The subscription is deleted.',
    after: () => navigate(link('subscriptions')),
  });
  const close = () => {
    setDialog(null);
    if (filter.replay) change({ replay: null });
  };
  const changes = [
    {
      label: 'What would be sent…',
      icon: <Eye size={13} />,
      run: () => navigate(link(`subscriptions/${subscription.id}/preview`)),
    },
    { label: 'Rotate secret…', icon: <KeyRound size={13} />, run: () => setDialog('rotate') },
    { label: 'Delete…', icon: <Trash2 size={13} />, color: 'red', run: () => setDialog('delete') },
  ];
  return (
    <>
      <TestSend subscription={subscription} />
      {subscription.status === 'paused' ? (
        <Button leftSection={<Play size={13} />} onClick={() => setDialog('resume')}>
          Resume…
        </Button>
      ) : (
        <Button
          variant="default"
          {...needs(manage)}
          leftSection={<Pause size={13} />}
          loading={pause.isPending}
          onClick={() => pause.mutate()}
        >
          Pause
        </Button>
      )}
      {manage && (
        <Button
          component={Link}
          href={link(`subscriptions/${subscription.id}/edit`)}
          variant="default"
          leftSection={<Pencil size={13} />}
        >
          Edit
        </Button>
      )}
      <ButtonMenu
        px={8}
        aria-label="More"
        entries={[
          { label: 'Replay…', icon: <RotateCcw size={13} />, run: () => setDialog('replay') },
          ...(manage ? changes : []),
        ]}
      >
        <Ellipsis size={14} />
      </ButtonMenu>
      {dialog === 'resume' && <Resume subscription={subscription} close={close} />}
      {dialog === 'rotate' && <RotateSecret subscription={subscription} close={close} />}
      {dialog === 'replay' && <Replay subscription={subscription} close={close} />}
      {dialog === 'delete' && (
        <Confirm
          title="Delete subscription"
          action="Delete"
          busy={remove.isPending}
          run={() => remove.mutate()}
          close={close}
        >
          <Untrusted>{shortUrl(subscription.url)}</Untrusted> gets no more events, and its waiting deliveries
          are cancelled. This cannot be undone.
        </Confirm>
      )}
    </>
  );
}

/** Loaded only when it is shown. */
function Changes({ subscription }: { subscription: Subscription }) {
  const { kind } = useSession();
  const { help } = usePermissions();
  const [shown, setShown] = useState(false);
  if (kind === 'portal' || !help) return null;
  return (
    <Panel
      title="Changes"
      flush
      actions={
        <Button size="compact-xs" variant="default" aria-expanded={shown} onClick={() => setShown(!shown)}>
          {shown ? 'Hide' : 'Show who changed it'}
        </Button>
      }
    >
      {shown && <History subscription={subscription} />}
    </Panel>
  );
}

/** Why a button cannot be used. */
function needs(may: boolean) {
  return may ? {} : { disabled: true, title: 'This needs the role operator.' };
}

function RecentDeliveries({ subscription }: { subscription: Subscription }) {
  const link = useSpaceLink();
  const feed = useDeliveryFeed({ subscription: subscription.id }, true);
  return (
    <section className="stack stack-tight">
      <div className="row">
        <h2>Deliveries</h2>
        <Link className="push small" href={link(`deliveries?subscription=${subscription.id}`)}>
          Open with filters
        </Link>
      </div>
      {feed.error && <ProblemNote error={feed.error} />}
      {feed.data && feed.rows.length === 0 && (
        <div className="panel">
          <EmptyState icon={<Send size={18} />} title="No deliveries yet">
            Send a test to check that the endpoint responds, or wait for the first matching event.
          </EmptyState>
        </div>
      )}
      {feed.rows.length > 0 && (
        <DeliveryRows
          rows={feed.rows}
          loading={feed.isFetchingNextPage}
          onView={feed.onView}
          loadMore={
            feed.hasNextPage && !feed.isFetchingNextPage ? () => void feed.fetchNextPage() : undefined
          }
        />
      )}
    </section>
  );
}
