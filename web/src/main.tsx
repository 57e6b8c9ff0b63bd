import './fonts/fonts.css';
import '@mantine/core/styles.layer.css';
import './theme.css';
import './parts/parts.css';
import { createRoot } from 'react-dom/client';
import { BASE } from './api/client.js';
import { watchConnection } from './api/connection.js';
import { App } from './app.js';
import { adoptPortalToken } from './session/key-store.js';

function start(): void {
  adoptPortalToken();
  watchConnection(BASE);
  // A changed fragment is told as popstate first, and the pages know no such address.
  addEventListener('popstate', adoptPortalToken);
  addEventListener('hashchange', adoptPortalToken);
  const root = document.getElementById('root');
  if (root === null) throw new Error('index.html has no #root.');
  createRoot(root).render(<App />);
}

// Links of the release before lead here, and the portal is a page of its own now.
const link = /^#\/?\??portal=(php_[\w-]+)(&.*)?$/.exec(location.hash);
if (link) location.replace(`${BASE}/portal/#portal=${link[1] ?? ''}${link[2] ?? ''}`);
else start();
