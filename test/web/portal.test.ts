import type { Frame, Page } from 'playwright-core';
import { eventually } from '../support/condition.js';
import { Dashboard, seriousIssues } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="22"><rect width="96" height="22"/></svg>';
const ACCENT = '#b4005a';

let dashboard: Dashboard;
/** The customer's product, whose settings page frames the dashboard, and a site that may not. */
let product: Receiver;
let stranger: Receiver;
let framed = '';

beforeAll(async () => {
  const answer = ({ path }: { path: string }) =>
    path === '/logo.svg'
      ? { headers: { 'content-type': 'image/svg+xml' }, body: LOGO }
      : {
          headers: { 'content-type': 'text/html' },
          body: `<title>Settings</title><iframe title="Webhooks" width="1200" height="760" src="${framed}"></iframe>`,
        };
  [product, stranger] = await Promise.all([startReceiver(answer), startReceiver(answer)]);
  dashboard = await Dashboard.start({
    settings: {
      portalFrameAncestors: [siteOf(product)],
      portalAccent: ACCENT,
      portalLogoUrl: `http://127.0.0.1:${product.port}/logo.svg`,
    },
  });
}, 60_000);

afterAll(async () => {
  await dashboard.close();
  await Promise.all([product.close(), stranger.close()]);
});

/** Another site than the engine's 127.0.0.1, as a product is: browsers part their storage. */
function siteOf({ port }: Receiver): string {
  return `http://localhost:${port}`;
}

async function linkTo(tenant: Tenant, scope: 'read' | 'manage'): Promise<{ id: string; url: string }> {
  return dashboard.engine.ok('POST', tenant.path('/portal-links'), { scope });
}

async function openSettings(at: Receiver, link: string): Promise<{ page: Page; frame: Frame }> {
  framed = link;
  const page = await dashboard.open('', { key: null });
  await page.goto(`${siteOf(at)}/settings`);
  const frame = page.frames()[1];
  if (!frame) throw new Error('The settings page has no frame.');
  return { page, frame };
}

it('a product frames the portal, in its own colour and with its own logo; what is changed there holds', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { frame } = await openSettings(product, (await linkTo(tenant, 'manage')).url);
  await frame.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  expect(frame.url()).not.toContain('php_');
  await frame.getByRole('img', { name: 'Logo' }).first().waitFor();
  await eventually(async () =>
    expect(await frame.evaluate(`document.querySelector('.side img').naturalWidth`)).toBe(96),
  );
  expect(await frame.getByText('Posthorn', { exact: true }).count()).toBe(0);

  await frame.getByRole('link', { name: 'Subscriptions' }).click();
  await frame.getByRole('link', { name: 'New subscription' }).click();
  await frame.getByLabel('URL').fill(`http://127.0.0.1:${product.port}/hook`);
  const colour = await frame.evaluate(
    `getComputedStyle(document.querySelector('button[type=submit]')).backgroundColor`,
  );
  expect(colour).toBe('rgb(180, 0, 90)');
  await frame.getByRole('button', { name: 'Create subscription' }).click();
  await frame
    .getByRole('dialog', { name: 'The signing secret' })
    .getByRole('button', { name: 'Done' })
    .click();
  await frame.getByRole('button', { name: 'Pause' }).click();
  await frame.getByText('a person paused it').waitFor();
  expect(await dashboard.engine.ok('GET', tenant.path('/subscriptions'))).toMatchObject({
    data: [{ status: 'paused' }],
  });
});

it('a link to look with shows everything and offers no change, nor another link', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(`http://127.0.0.1:${product.port}/hook`, {
    headers: { 'x-token': 'a-token-of-theirs' },
  });
  const { url } = await linkTo(tenant, 'read');
  const page = await dashboard.open(url.slice(dashboard.url.length), { key: null });
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  await page.goto(`${dashboard.url}#/s/${tenant.uid}/subscriptions/${id}`);
  await page.getByRole('heading', { name: 'Deliveries' }).waitFor();
  for (const name of ['Test', 'Pause', 'More', 'Show secret', 'Portal link', 'Sign out'])
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  expect(await page.locator('body').innerText()).not.toContain('a-token-of-theirs');
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'portal-light');

  const other = await Tenant.create(dashboard.engine);
  await page.goto(`${dashboard.url}#/s/${other.uid}/overview`);
  await page.getByRole('alert').first().waitFor();
  expect(await page.locator('body').innerText()).not.toContain('Deliveries over time');
});

it('a site that is not named may not frame it: the browser shows nothing', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { frame } = await openSettings(stranger, (await linkTo(tenant, 'manage')).url);
  await frame.waitForLoadState();
  expect(frame.url()).toMatch(/^chrome-error:/);
  expect(dashboard.complaints.join('\n')).toMatch(/frame-ancestors/);
});

it('a link that is revoked ends at the next look, without a reload', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id, url } = await linkTo(tenant, 'read');
  const { frame } = await openSettings(product, url);
  await frame.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  await dashboard.engine.ok('DELETE', tenant.path(`/portal-links/${id}`));
  await frame.getByText('The key or link is no longer valid.').waitFor();
  expect(await frame.getByRole('heading', { name: 'Overview', exact: true }).count()).toBe(0);
});
