import { localStorageColorSchemeManager, MantineProvider } from '@mantine/core';
import { useNotifications } from '@mantine/notifications';
import { Suspense, useState } from 'react';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { Router } from 'wouter';
import { ApiError } from './api/client.js';
import { useHashLocation, useHashSearch } from './navigation/hash-location.js';
import { lazyPage } from './navigation/lazy-page.js';
import { Pages } from './navigation/pages.js';
import { onSessionChange, storedKey } from './session/key-store.js';
import { SessionGate } from './session/session-gate.js';
import { theme } from './theme.js';

const schemes = localStorageColorSchemeManager({ key: 'posthorn-colour-scheme' });

const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      // Also without a network: that it is away is something to show.
      networkMode: 'always',
      // What the engine said no to stays no; what did not reach it may arrive next time.
      retry: (count, error) =>
        count < 2 && !(error instanceof ApiError && error.status >= 400 && error.status < 500),
      retryDelay: (count) => 500 * 2 ** count,
    },
  },
});

// Who comes next sees nothing that was read before.
let key = storedKey();
onSessionChange(() => {
  if (key !== storedKey()) queries.clear();
  key = storedKey();
});

const Notices = lazyPage(() => import('./parts/notices.js'));

/** Loaded when there is something to tell. */
function NoticesIfAny() {
  const { notifications } = useNotifications();
  const [wanted, setWanted] = useState(false);
  if (notifications.length > 0 && !wanted) setWanted(true);
  return (
    wanted && (
      <Suspense fallback={null}>
        <Notices />
      </Suspense>
    )
  );
}

export function App() {
  return (
    // Styles come from files only: the policy of the page allows no style elements.
    <MantineProvider
      theme={theme}
      defaultColorScheme="auto"
      colorSchemeManager={schemes}
      withCssVariables={false}
      withGlobalClasses={false}
    >
      <QueryClientProvider client={queries}>
        <NoticesIfAny />
        <Router hook={useHashLocation} searchHook={useHashSearch}>
          <SessionGate>
            <Pages />
          </SessionGate>
        </Router>
      </QueryClientProvider>
    </MantineProvider>
  );
}
