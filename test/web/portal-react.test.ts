import type { Page } from 'playwright-core';
import { eventually, staysSo } from '../support/condition.js';
import { Dashboard } from '../support/dashboard.js';
import { buildReactApp } from '../support/react-host.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

const APP = `
import { PortalProvider, useCreateEndpoint, useDeliveries, useEndpoints, useSession, useTestEndpoint, WebhookPortal } from '@posthorn/react';
import { StrictMode, useState } from 'react';
import { createRoot } from 'react-dom/client';

function Framed() {
  const [src, setSrc] = useState(links[0].url);
  const [language, setLanguage] = useState<'fr' | undefined>(undefined);
  const [expired, setExpired] = useState(0);
  const [least, setLeast] = useState(100);
  const renew = () => {
    setExpired(expired + 1);
    setSrc(links[1].url);
  };
  return (
    <>
      <button onClick={() => setLanguage('fr')}>Speak French</button>
      <button onClick={() => setLeast(3_000)}>Be high</button>
      <output id="expired">{expired}</output>
      <WebhookPortal src={src} language={language} onTokenExpired={renew} minHeight={least}
        theme={{ scheme: 'light', colours: { light: { accent: '#0b6e4f' } } }} />
    </>
  );
}

function Headless() {
  const [token, setToken] = useState(links[2].token);
  const [asked, setAsked] = useState(0);
  // As a product that asks its server for a new link.
  const renew = () => {
    setAsked((before) => before + 1);
    setTimeout(() => setToken(links[1].token), 500);
  };
  return (
    <PortalProvider url={location.origin + '/engine'} token={token} onTokenExpired={renew}>
      <output id="asked">{asked}</output>
      <Own />
    </PortalProvider>
  );
}

function Own() {
  const { data: session } = useSession();
  const endpoints = useEndpoints({ refetchInterval: 200 });
  const deliveries = useDeliveries({ refetchInterval: 200 });
  const create = useCreateEndpoint();
  const test = useTestEndpoint();
  return (
    <section aria-label="Own">
      <p>{session?.rights?.join()}</p>
      <button onClick={() => create.mutate({ url: target })}>Add</button>
      <ul>
        {endpoints.rows.map(({ id, url }) => (
          <li key={id}>{url} <button onClick={() => test.mutate({ endpoint: id })}>Test</button></li>
        ))}
      </ul>
      <p id="statuses">{deliveries.rows.map(({ status }) => status).join()}</p>
      <p id="problem">{endpoints.error?.message ?? create.error?.message}</p>
    </section>
  );
}

function PageByPage() {
  const endpoints = useEndpoints({ limit: 1, refetchInterval: 200 });
  return (
    <section aria-label="Page by page">
      <ul>{endpoints.rows.map(({ id, url }) => <li key={id}>{url}</li>)}</ul>
      <button onClick={endpoints.loadMore}>More</button>
    </section>
  );
}

const PAGES = {
  '#own': <Headless />,
  '#pages': <PortalProvider url={location.origin + '/engine'} token={pagesToken}><PageByPage /></PortalProvider>,
};
createRoot(document.getElementById('root')).render(<StrictMode>{PAGES[location.hash] ?? <Framed />}</StrictMode>);
`;

interface Link {
  id: string;
  url: string;
  token: string;
}

let dashboard: Dashboard;
let tenant: Tenant;
let product: Receiver;
let target: Receiver;
let script = '';
let links: Link[] = [];
let pagesToken = '';

const siteOf = ({ port }: Receiver) => `http://localhost:${port}`;

/** The product's server leads a path of its own to the engine, unless `refuse` gives a status for a call. */
async function leadToEngine(page: Page, refuse: (path: string) => number | null = () => null): Promise<void> {
  await page.route('**/engine/v1/**', async (route) => {
    const url = new URL(route.request().url());
    const status = refuse(url.pathname);
    if (status !== null)
      return route.fulfill({
        status,
        contentType: 'application/problem+json',
        body: `{"detail":"no","status":${status}}`,
      });
    const answer = await route.fetch({ url: `${dashboard.engine.url}${url.pathname.slice(7)}${url.search}` });
    await route.fulfill({ response: answer });
  });
}

beforeAll(async () => {
  script = await buildReactApp(APP);
  target = await startReceiver();
  product = await startReceiver(({ path }) =>
    path === '/elsewhere'
      ? {
          headers: { 'content-type': 'text/html' },
          body: `<script>
            for (const message of [{ type: 'posthorn:token-expired' }, { type: 'posthorn:height', height: 4321 }])
              parent.postMessage(message, '*');
          </script>`,
        }
      : path === '/app.js'
        ? { headers: { 'content-type': 'text/javascript' }, body: script }
        : {
            headers: { 'content-type': 'text/html' },
            body: `<!doctype html><title>Settings</title><div id="root"></div>
            <script>const links = ${JSON.stringify(links)}; const target = ${JSON.stringify(target.url)};
              const pagesToken = ${JSON.stringify(pagesToken)};</script>
            <script type="module" src="/app.js"></script>`,
          },
  );
  dashboard = await Dashboard.start();
  tenant = await Tenant.create(dashboard.engine);
  await dashboard.engine.ok('PATCH', tenant.path('/portal'), { frameAncestors: [siteOf(product)] });
  const link = () =>
    dashboard.engine.ok<Link>('POST', tenant.path('/portal-links'), { scope: 'manage', language: 'de' });
  links = [await link(), await link(), await link()];
}, 90_000);

afterAll(async () => {
  await dashboard.close();
  await Promise.all([product.close(), target.close()]);
});

it('<WebhookPortal> is as high as its page, follows its language, and goes on with a new token where it was', async () => {
  const page = await dashboard.open('healthz', { key: null });
  await page.goto(`${siteOf(product)}/settings`);
  const frame = page.frameLocator('iframe');
  await frame.getByRole('heading', { name: 'Endpunkte', exact: true }).waitFor();
  expect(await page.locator('iframe').getAttribute('src')).not.toContain('php_');
  const height = () =>
    page.evaluate<number>(`document.querySelector('iframe').getBoundingClientRect().height`);
  await eventually(async () => expect(await height()).toBeGreaterThan(150));
  await frame.getByRole('link', { name: 'Ereignistypen' }).click();
  await eventually(async () => expect(await height()).toBeGreaterThan(1_000));
  await page.getByRole('button', { name: 'Speak French' }).click();
  await frame.getByRole('heading', { name: 'Types d’événement' }).waitFor();

  await dashboard.engine.ok('DELETE', tenant.path(`/portal-links/${links[0]?.id ?? ''}`));
  await frame.getByRole('link', { name: 'Points de terminaison' }).click();
  await page.locator('#expired', { hasText: '1' }).waitFor();
  await frame.getByRole('heading', { name: 'Points de terminaison', exact: true }).waitFor();
});

it('<WebhookPortal> has its least height, and hears no other site that its frame has gone to', async () => {
  const page = await dashboard.open('healthz', { key: null });
  await page.goto(`${siteOf(product)}/settings`);
  const height = () => page.evaluate(`document.querySelector('iframe').getBoundingClientRect().height`);
  await page.frameLocator('iframe').getByRole('heading', { name: 'Endpunkte', exact: true }).waitFor();
  await page.getByRole('button', { name: 'Be high' }).click();
  await eventually(async () => expect(await height()).toBe(3_000));
  await page.evaluate(
    `addEventListener('message', ({ origin, data }) => (window.last = origin + ' ' + data.height))`,
  );
  const site = `http://127.0.0.1:${product.port}`;
  const expired = await page.locator('#expired').textContent();
  await page.evaluate(`document.querySelector('iframe').src = '${site}/elsewhere'`);
  await page.waitForFunction(`window.last === '${site} 4321'`);
  expect(await height()).toBe(3_000);
  expect(await page.locator('#expired').textContent()).toBe(expired);
});

it('the hooks ask again after a 429, and not after another refusal', async () => {
  const page = await dashboard.open('healthz', { key: null });
  let calls = 0;
  let status = 429;
  await leadToEngine(page, (path) => {
    if (!path.endsWith('/subscriptions')) return null;
    calls += 1;
    return status === 403 || calls < 8 ? status : null;
  });
  await page.goto(`${siteOf(product)}/settings#own`);
  await eventually(() => expect(calls).toBeGreaterThan(9), { timeoutMs: 20_000 });
  status = 403;
  await page.locator('#problem', { hasText: 'no' }).waitFor();
  const before = calls;
  await staysSo(() => expect(calls).toBe(before), {
    forMs: 600,
    because: 'the list is asked for each 200 ms',
  });
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

it('a list is asked for again while it has one page: of several each would be another request', async () => {
  const shop = await Tenant.create(dashboard.engine);
  await shop.subscribe(`${target.url}/first`);
  await shop.subscribe(`${target.url}/second`);
  pagesToken = (await dashboard.engine.ok<Link>('POST', shop.path('/portal-links'), { scope: 'read' })).token;
  const page = await dashboard.open('healthz', { key: null });
  let calls = 0;
  await leadToEngine(page, (path) => {
    if (path.endsWith('/subscriptions')) calls += 1;
    return null;
  });
  await page.goto(`${siteOf(product)}/settings#pages`);
  await eventually(() => expect(calls).toBeGreaterThan(3));
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByText(`${target.url}/first`).waitFor();
  const before = calls;
  await staysSo(() => expect(calls).toBe(before), {
    forMs: 600,
    because: 'a list of one page is asked for each 200 ms',
  });
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});

it('the hooks list, change and follow, through a path of the product’s server, and ask for a new token', async () => {
  const page = await dashboard.open('healthz', { key: null });
  await leadToEngine(page);
  await page.goto(`${siteOf(product)}/settings#own`);
  await page.getByText('edit,retry,secrets,test').waitFor();
  await page.getByRole('button', { name: 'Add' }).click();
  await page.getByRole('listitem').getByText(target.url).waitFor();
  await page.getByRole('button', { name: 'Test' }).click();
  await page.locator('#statuses', { hasText: 'succeeded' }).waitFor();
  const renewed = page.waitForRequest(
    (request) => request.headers().authorization === `Bearer ${links[1]?.token}`,
  );
  await dashboard.engine.ok('DELETE', tenant.path(`/portal-links/${links[2]?.id ?? ''}`));
  await page.getByRole('button', { name: 'Test' }).click();
  await page.locator('#statuses', { hasText: 'succeeded' }).waitFor();
  await renewed;
  await eventually(async () => expect(await page.locator('#problem').textContent()).toBe(''));
  // However many requests one token was refused for.
  expect(await page.locator('#asked').textContent()).toBe('1');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
});
