import type { Frame, Page } from 'playwright-core';
import { eventually } from '../support/condition.js';
import { Dashboard } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';
import { snippetOf } from '../support/doc-snippet.js';

/** Another site than the engine's 127.0.0.1, as a product is: browsers part their storage. */
const siteOf = ({ port }: Receiver) => `http://localhost:${port}`;

let dashboard: Dashboard;
let tenant: Tenant;
/** The product, whose settings page frames the portal, and a site that may not. */
let product: Receiver;
let stranger: Receiver;
let html = '';

beforeAll(async () => {
  const page = () => ({ headers: { 'content-type': 'text/html' }, body: html });
  [product, stranger] = await Promise.all([startReceiver(page), startReceiver(page)]);
  dashboard = await Dashboard.start();
  tenant = await Tenant.create(dashboard.engine);
  await dashboard.engine.ok('PATCH', tenant.path('/portal'), { frameAncestors: [siteOf(product)] });
}, 60_000);

afterAll(async () => {
  await dashboard.close();
  await Promise.all([product.close(), stranger.close()]);
});

async function link(options: object = {}): Promise<{ id: string; url: string; token: string }> {
  return dashboard.engine.ok('POST', tenant.path('/portal-links'), { scope: 'manage', ...options });
}

async function openSettings(at: Receiver, body: string): Promise<{ page: Page; frame: Frame }> {
  html = `<!doctype html><title>Settings</title>${body}`;
  const page = await dashboard.open('', { key: null });
  await page.goto(`${siteOf(at)}/settings`);
  const frame = page.frames()[1];
  if (!frame) throw new Error('The settings page has no frame.');
  return { page, frame };
}

/** A page that keeps what the frame says, and can say something. */
const listening = (src: string) => `<iframe id="webhooks" title="Webhooks" width="900" src="${src}"></iframe>
  <script>
    window.heard = [];
    addEventListener('message', (event) => heard.push({ origin: event.origin, ...event.data }));
    window.say = (message) => document.getElementById('webhooks').contentWindow.postMessage(message, '*');
  </script>`;

const withoutToken = (url: string) => url.replace(/#.*/, '');

it('the snippet of docs/portal.md shows the portal as high as it is, and passes new tokens on', async () => {
  const first = await link({ language: 'en' });
  const second = await link({ language: 'en' });
  const snippet = snippetOf('docs/portal.md', 'html')
    .replaceAll('https://webhooks.example.com', dashboard.engine.url)
    .replace(/portal\/spc_\w+\//, new URL(first.url).pathname.slice(1));
  const { page, frame } = await openSettings(
    product,
    `<script>
      const answers = [${JSON.stringify(first)}, ${JSON.stringify(second)}];
      window.fetch = async () => new Response(JSON.stringify(answers.shift()));
    </script>${snippet}`,
  );
  await frame.getByRole('heading', { name: 'Endpunkte', exact: true }).waitFor();
  const colour = () =>
    frame.evaluate(`getComputedStyle(document.querySelector('a.primary')).backgroundColor`);
  expect(await colour()).toBe('rgb(11, 110, 79)');
  const heights = async () => [
    await page.evaluate<number>(`document.querySelector('iframe').getBoundingClientRect().height`),
    await frame.evaluate<number>('Math.ceil(document.body.getBoundingClientRect().height)'),
  ];
  await eventually(async () => {
    const [outer = 0, inner = 1] = await heights();
    expect(Math.abs(outer - inner)).toBeLessThan(3);
  });
  const before = (await heights())[0] ?? 0;
  await frame.getByRole('link', { name: 'Endpunkt hinzufügen' }).click();
  await frame.getByLabel('Nur ausgewählte Ereignistypen').check();
  await eventually(async () => expect((await heights())[0]).toBeGreaterThan(before));
  const isCut = () => frame.evaluate('document.documentElement.scrollHeight > innerHeight');
  await eventually(async () => expect(await isCut()).toBe(false));

  await dashboard.engine.ok('DELETE', tenant.path(`/portal-links/${first.id}`));
  await frame.getByRole('link', { name: 'Ereignistypen' }).click();
  await frame.getByRole('link', { name: 'Endpunkte', exact: true }).click();
  await frame.getByText('Noch keine Endpunkte').waitFor();
  expect(dashboard.complaints.filter((text) => !text.startsWith('request: '))).toEqual([]);
});

it('takes token, language and colours from the page around it, and says when the token has expired', async () => {
  const one = await link();
  const { page, frame } = await openSettings(product, listening(withoutToken(one.url)));
  await frame.getByText('Opening your webhooks…').waitFor();
  await page.waitForFunction(`heard.some(({ type }) => type === 'posthorn:ready')`);
  expect(await page.evaluate('heard[0].origin')).toBe(dashboard.engine.url);
  const colours = { dark: { accent: '#ffb000', background: '#101018', text: '#ffffff' } };
  const message = { type: 'posthorn:init', token: one.token, language: 'ja', scheme: 'dark', colours };
  await page.evaluate(`say(${JSON.stringify(message)})`);
  await frame.getByRole('heading', { name: 'エンドポイント', exact: true }).waitFor();
  expect(await frame.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(16, 16, 24)');

  await dashboard.engine.ok('DELETE', tenant.path(`/portal-links/${one.id}`));
  await frame.getByRole('link', { name: 'イベントの種類' }).click();
  await page.waitForFunction(`heard.some(({ type }) => type === 'posthorn:token-expired')`);
  await frame.getByRole('heading', { name: 'このリンクは無効です' }).waitFor();
  const { token } = await link();
  await page.evaluate(`say(${JSON.stringify({ type: 'posthorn:init', token, language: 'fr' })})`);
  await frame.getByRole('heading', { name: 'Types d’événement' }).waitFor();
});

it('hears nobody else, and only what has its form', async () => {
  const one = await link({ language: 'en' });
  const { page, frame } = await openSettings(
    product,
    `${listening(withoutToken(one.url))}<iframe id="other" src="${siteOf(stranger)}/" title="Other"></iframe>`,
  );
  await frame.getByText('Opening your webhooks…').waitFor();
  const message = { type: 'posthorn:init', token: one.token, language: 'fr' };
  // A frame beside it, of another site.
  const other = page.frames()[2];
  await other?.evaluate(`parent.frames[0].postMessage(${JSON.stringify(message)}, '*')`);
  const bad = [
    { ...message, type: 'init' },
    {
      ...message,
      token: 'phk_key',
      language: 'tlh',
      scheme: 'sepia',
      colours: { light: { accent: 'url(//x)' } },
    },
    { ...message, token: 7, language: undefined, colours: { light: null, dark: 'x' } },
    { type: 'posthorn:init', colours: 'red' },
    null,
    'text',
  ];
  for (const one of bad) await page.evaluate(`say(${JSON.stringify(one)})`);
  await frame.getByRole('heading', { name: 'This page opens with a link' }).waitFor();
  expect(await frame.evaluate(`document.documentElement.style.getPropertyValue('--accent')`)).toBe('');
  await page.evaluate(`say(${JSON.stringify(message)})`);
  await frame.getByRole('heading', { name: 'Points de terminaison', exact: true }).waitFor();
});

it('a site that is not named is not heard either, should a proxy drop the policy of the page', async () => {
  const one = await link({ language: 'en' });
  html = `<!doctype html><title>Settings</title>${listening(withoutToken(one.url))}`;
  const page = await dashboard.open('', { key: null });
  await page.route(/\/portal\//, async (route) => {
    const response = await route.fetch();
    const { 'content-security-policy': policy, 'x-frame-options': _none, ...headers } = response.headers();
    expect(policy ?? 'frame-ancestors').toContain('frame-ancestors');
    await route.fulfill({ response, headers });
  });
  await page.goto(`${siteOf(stranger)}/settings`);
  await page.waitForFunction(`heard.some(({ type }) => type === 'posthorn:ready')`);
  await page.evaluate(`say(${JSON.stringify({ type: 'posthorn:init', token: one.token, language: 'fr' })})`);
  await page.frames()[1]?.getByRole('heading', { name: 'This page opens with a link' }).waitFor();
});

it('a site that is not named may not frame it: the browser shows nothing', async () => {
  const { url } = await link();
  const { frame } = await openSettings(stranger, `<iframe title="Webhooks" src="${url}"></iframe>`);
  await frame.waitForLoadState();
  expect(frame.url()).toMatch(/^chrome-error:/);
  expect(dashboard.complaints.join('\n')).toMatch(/frame-ancestors/);
});
