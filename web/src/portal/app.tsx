import { PortalProvider, useSession } from '@posthorn/react';
import { useEffect, useState, type ReactNode } from 'react';
import { Redirect, Route, Router, Switch } from 'wouter';
import { useHashLocation, useHashSearch } from '../navigation/hash-location.js';
import { sayHidden } from '../text/untrusted.js';
import { NoAccess, Waiting } from './access.js';
import { DeliveryPage } from './delivery-page.js';
import { EndpointForm } from './endpoint-form.js';
import { EndpointPage } from './endpoint-page.js';
import { EndpointsPage } from './endpoints-page.js';
import { FaultBoundary } from './fault-boundary.js';
import { chooseLanguage, loadWords, useWords, WordsContext, type Words } from './language.js';
import { loadFont, showLook } from './look.js';
import { ErrorNote } from './parts.js';
import { RightsContext, rightsOf } from './rights.js';
import { BY_APPLICATION, expire, isOfOtherSpace, moveToSpace, usePortalState } from './session.js';
import { Frame } from './page-frame.js';
import { TypesPage } from './types-page.js';

const BASE = new URL('.', document.baseURI).href.replace(/\/$/, '');

/** What a customer sees behind a portal link. */
export function App() {
  const { look, token, isExpired, refused } = usePortalState();
  const words = useLoadedWords(chooseLanguage([look.language, ...navigator.languages]));
  useEffect(() => showLook(look), [look]);
  useEffect(() => loadFont(look), [look]);
  useEffect(() => {
    if (!words) return;
    document.documentElement.lang = words.language;
    document.title = look.name ?? words.text('title');
    sayHidden(words.text('hiddenCharacter'));
  }, [words, look.name]);
  if (!words) return null;
  return (
    <WordsContext value={words}>
      <Router hook={useHashLocation} searchHook={useHashSearch}>
        <Frame look={look}>
          <Access key={refused} token={token} isExpired={isExpired} />
        </Frame>
      </Router>
    </WordsContext>
  );
}

function Access({ token, isExpired }: { token: string | null; isExpired: boolean }) {
  if (token === null) return <Waiting />;
  if (isExpired) return <NoAccess reason="expired" />;
  return (
    <PortalProvider
      url={BASE}
      token={token}
      onTokenExpired={expire}
      {...(BY_APPLICATION && { fetch: withoutKey })}
    >
      <SignedIn>
        <Pages />
      </SignedIn>
    </PortalProvider>
  );
}

/** The application around this page knows its reader by a cookie. */
function withoutKey(request: Request): Promise<Response> {
  request.headers.delete('authorization');
  return fetch(request);
}

function SignedIn({ children }: { children: ReactNode }) {
  const { data, error, refetch } = useSession();
  const words = useWords();
  const isForeign = data !== undefined && isOfOtherSpace(data);
  useEffect(() => {
    if (isForeign) expire();
    else if (data) moveToSpace(data);
  }, [isForeign, data]);
  if (data && !isForeign) return <RightsContext value={rightsOf(data)}>{children}</RightsContext>;
  if (error) return <ErrorNote error={error} retry={() => void refetch()} />;
  return (
    <p className="quiet" role="status">
      {words.text('access.waiting')}
    </p>
  );
}

function Pages() {
  const [path] = useHashLocation();
  return (
    <FaultBoundary key={path}>
      <Switch>
        <Route path="/endpoints" component={EndpointsPage} />
        <Route path="/endpoints/new">
          <EndpointForm endpoint={null} />
        </Route>
        <Route path="/endpoints/:id/edit">
          {({ id }) => <EndpointForm endpoint={decodeURIComponent(id)} />}
        </Route>
        <Route path="/endpoints/:id">{({ id }) => <EndpointPage id={decodeURIComponent(id)} />}</Route>
        <Route path="/deliveries/:id">{({ id }) => <DeliveryPage id={decodeURIComponent(id)} />}</Route>
        <Route path="/types" component={TypesPage} />
        <Route>
          <Redirect to="/endpoints" replace />
        </Route>
      </Switch>
    </FaultBoundary>
  );
}

/** The present language until the next one has come. */
function useLoadedWords(language: Words['language']): Words | null {
  const [words, setWords] = useState<Words | null>(null);
  useEffect(() => {
    let isStill = true;
    void loadWords(language).then((loaded) => isStill && setWords(loaded));
    return () => {
      isStill = false;
    };
  }, [language]);
  return words;
}
