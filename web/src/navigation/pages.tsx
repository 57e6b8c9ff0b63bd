import { Suspense, type ReactNode } from 'react';
import { Redirect, Route, Switch, useParams } from 'wouter';
import { EmptyState } from '../parts/empty-state.js';
import { FaultBoundary } from '../parts/fault-boundary.js';
import { Loading } from '../parts/loading.js';
import { hasRole, seesAll, useSession, type Role } from '../session/session.js';
import { SpaceContext } from '../session/space.js';
import { Compass } from 'lucide-react';
import { useIsUtc } from '../text/time-zone.js';
import { useFocusOnNavigation } from './focus-on-navigation.js';
import { Home } from './home.js';
import { lazyPage } from './lazy-page.js';
import { Shell } from './shell.js';
import { useHashLocation } from './hash-location.js';

const Overview = lazyPage(() => import('../overview/overview-page.js'));
const Subscriptions = lazyPage(() => import('../subscriptions/subscriptions-page.js'));
const SubscriptionEditor = lazyPage(() => import('../subscriptions/editor-page.js'));
const Subscription = lazyPage(() => import('../subscriptions/subscription-page.js'));
const SubscriptionPreview = lazyPage(() => import('../subscriptions/preview-page.js'));
const Deliveries = lazyPage(() => import('../deliveries/deliveries-page.js'));
const Delivery = lazyPage(() => import('../deliveries/delivery-page.js'));
const Events = lazyPage(() => import('../events/events-page.js'));
const Event = lazyPage(() => import('../events/event-page.js'));
const Bench = lazyPage(() => import('../bench/bench-page.js'));
const Catalogue = lazyPage(() => import('../catalogue/catalogue-page.js'));
const Audit = lazyPage(() => import('../audit/audit-page.js'));
const Privacy = lazyPage(() => import('../privacy/privacy-page.js'));
const Portal = lazyPage(() => import('../portal-admin/portal-page.js'));
const System = lazyPage(() => import('../system/system-page.js'));
const AllSpaces = lazyPage(() => import('../home/home-page.js'));
const Broadcasts = lazyPage(() => import('../broadcasts/broadcasts-page.js'));
const InstanceTypes = lazyPage(() => import('../catalogue/instance-types-page.js'));
const Jobs = lazyPage(() => import('../jobs/jobs-page.js'));
const Settings = lazyPage(() => import('../spaces/settings-page.js'));
const Spaces = lazyPage(() => import('../spaces/spaces-page.js'));
const People = lazyPage(() => import('../people/people-page.js'));
const Account = lazyPage(() => import('../people/account-page.js'));

export function Pages() {
  // Every time on the page is written anew when the zone changes.
  useIsUtc();
  useFocusOnNavigation();
  return (
    <Switch>
      <Route path="/s/:space/*?">
        <SpacePages />
      </Route>
      <Route path="/all">
        <InstancePage>
          <AllSpaces />
        </InstancePage>
      </Route>
      <Route path="/spaces">
        <InstancePage>
          <Spaces />
        </InstancePage>
      </Route>
      <Route path="/broadcasts">
        <InstancePage>
          <Broadcasts />
        </InstancePage>
      </Route>
      <Route path="/event-types">
        <InstancePage>
          <InstanceTypes />
        </InstancePage>
      </Route>
      <Route path="/system">
        <InstancePage>
          <System />
        </InstancePage>
      </Route>
      <Route path="/people">
        <InstancePage role="admin">
          <People />
        </InstancePage>
      </Route>
      <Route path="/account">
        <AccountPage />
      </Route>
      <Route path="/audit">
        <InstancePage role="operator">
          <Audit />
        </InstancePage>
      </Route>
      <Route>
        <Home />
      </Route>
    </Switch>
  );
}

/** One's own sessions, for people. */
function AccountPage() {
  const { person } = useSession();
  if (!person) return <Redirect to="/" replace />;
  return (
    <InShell>
      <Account />
    </InShell>
  );
}

/** A page of all spaces, for the operator, and for people with this role in all of them. */
function InstancePage({ role = 'viewer', children }: { role?: Role; children: ReactNode }) {
  const session = useSession();
  if (!seesAll(session) || !hasRole(session, role)) return <Redirect to="/" replace />;
  return <InShell>{children}</InShell>;
}

function InShell({ children }: { children: ReactNode }) {
  const [path] = useHashLocation();
  return (
    <Shell>
      <FaultBoundary key={path}>
        <Suspense fallback={<Loading />}>{children}</Suspense>
      </FaultBoundary>
    </Shell>
  );
}

function SpacePages() {
  const { space } = useParams<{ space: string }>();
  const [path] = useHashLocation();
  const at = (page: string) => `/s/:space/${page}`;
  return (
    <SpaceContext value={decodeURIComponent(space)}>
      <Shell>
        <FaultBoundary key={path}>
          <Suspense fallback={<Loading />}>
            <Switch>
              <Route path={at('overview')} component={Overview} />
              <Route path={at('subscriptions')} component={Subscriptions} />
              <Route path={at('subscriptions/new')} component={SubscriptionEditor} />
              <Route path={at('subscriptions/:sub')} component={Subscription} />
              <Route path={at('subscriptions/:sub/preview')} component={SubscriptionPreview} />
              <Route path={at('subscriptions/:sub/edit')} component={SubscriptionEditor} />
              <Route path={at('deliveries')} component={Deliveries} />
              <Route path={at('deliveries/:delivery')} component={Delivery} />
              <Route path={at('events')} component={Events} />
              <Route path={at('events/:event')} component={Event} />
              <Route path={at('bench')} component={Bench} />
              <Route path={at('catalogue/:type?')} component={Catalogue} />
              <Route path={at('audit')} component={Audit} />
              <Route path={at('privacy')} component={Privacy} />
              <Route path={at('portal')} component={Portal} />
              <Route path={at('jobs')} component={Jobs} />
              <Route path={at('settings')} component={Settings} />
              <Route path="/s/:space">
                <Redirect to={`/s/${space}/overview`} replace />
              </Route>
              <Route>
                <EmptyState icon={<Compass size={18} />} title="Page not found">
                  The address may be incomplete. Choose a page on the left.
                </EmptyState>
              </Route>
            </Switch>
          </Suspense>
        </FaultBoundary>
      </Shell>
    </SpaceContext>
  );
}
