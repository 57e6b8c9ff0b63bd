import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { eventually } from '../support/condition.js';
import { Dashboard, loaded, seriousIssues } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(() => ({ status: 200 }));
  tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url, { uid: 'crm' });
  for (const type of ['lead.create', 'lead.update', 'tag.create']) await tenant.publish({ type, data: {} });
  await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(3));
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

const open = (page: string, look = {}) => dashboard.open(`#/s/${tenant.uid}/${page}`, look);
const focused = (page: Page) => page.evaluate<string>('document.activeElement.textContent');

it('the focus is on the heading after navigation, and on the row one came from after Back', async () => {
  const page = await open('overview');
  await page.locator('.figure').first().waitFor();
  await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
  await eventually(async () => expect(await focused(page)).toBe('Deliveries'));
  const row = page.locator('[data-row]').filter({ hasText: 'lead.update' });
  const href = await row.getAttribute('href');
  await row.click();
  await eventually(async () => expect(await focused(page)).toContain('lead.update'));
  expect(await page.evaluate('document.activeElement.tagName')).toBe('H1');
  await page.goBack();
  const at = () => page.evaluate<string | null>(`document.activeElement.getAttribute('href')`);
  await eventually(async () => expect(await at()).toBe(href));
  // The keyboard goes on from there.
  await page.keyboard.press('j');
  expect(await at()).not.toBe(href);
});

it('a filter is kept under a name, found again and forgotten', async () => {
  const page = await open('deliveries?type=lead.update');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByLabel('Name of this view').fill('Updates of leads');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByRole('button', { name: 'Updates of leads', exact: true }).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.goto(`${dashboard.url}#/s/${tenant.uid}/deliveries`);
  await page.reload();
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('link', { name: 'Updates of leads' }).click();
  await eventually(() => expect(page.url()).toContain('deliveries?type=lead.update'));
  await eventually(async () => expect(await page.locator('[data-row]').count()).toBe(1));
  await page.getByRole('button', { name: 'Updates of leads', exact: true }).click();
  await page.getByRole('button', { name: 'Forget Updates of leads' }).click();
  await page.getByRole('button', { name: 'Views' }).waitFor();
  // Another space has its own.
  expect(await page.evaluate('localStorage.length')).toBeGreaterThan(0);
});

it('a part of the page that is gone, as after an update, is loaded with the whole page', async () => {
  const page = await open('overview');
  await page.locator('.figure').first().waitFor();
  await page.evaluate('window.isOld = true');
  let refused = 0;
  await page.route(/events-page-.*\.js$/, (route) => {
    refused += 1;
    return refused === 1 ? route.fulfill({ status: 404 }) : route.continue();
  });
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await page.locator('[data-row]').first().waitFor();
  expect([refused, await page.evaluate('window.isOld ?? null')]).toEqual([2, null]);
});

it('the picker offers each pattern once', async () => {
  const page = await open('subscriptions/new');
  await page.getByText('Only some').click();
  await page.locator('.family').first().waitFor();
  const patterns = await page.locator('.family legend code').allTextContents();
  expect(patterns).toContain('lead.*');
  expect(new Set(patterns).size).toBe(patterns.length);
});

it('code to copy wraps, and fields are large enough on a phone not to be zoomed into', async () => {
  const [sub] = (await dashboard.engine.ok<{ data: { id: string }[] }>('GET', tenant.path('/subscriptions')))
    .data;
  const page = await open(`subscriptions/${sub?.id}`, { narrow: true });
  const snippet = page.locator('.snippet pre').first();
  await snippet.waitFor();
  expect(
    await snippet.evaluate(
      (pre) => (pre as { scrollWidth: number }).scrollWidth <= (pre as { clientWidth: number }).clientWidth,
    ),
  ).toBe(true);
  await page.emulateMedia({ reducedMotion: 'reduce' });
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Emulation.setEmulatedMedia', { features: [{ name: 'pointer', value: 'coarse' }] });
  await devtools.send('Emulation.setTouchEmulationEnabled', { enabled: true });
  await page.goto(`${dashboard.url}#/s/${tenant.uid}/subscriptions/new`);
  await page.getByLabel('URL').waitFor();
  await loaded(page);
  const sizes = await page.evaluate<string[]>(
    `[...document.querySelectorAll('input:not([type=checkbox]):not([type=radio]), textarea')].map((one) => getComputedStyle(one).fontSize)`,
  );
  expect(new Set(sizes)).toEqual(new Set(['16px']));
});

it('text has one of six sizes', () => {
  const folder = join(import.meta.dirname, '../../web/src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.css') && !name.startsWith('portal/'),
  );
  const sizes = files.flatMap((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    return [...text.matchAll(/font(?:-size)?:[^;]*?([\d.]+)px/g)].map(([, size]) => Number(size));
  });
  expect(sizes.length).toBeGreaterThan(20);
  expect([...new Set(sizes)].sort((a, b) => a - b)).toEqual([12, 13, 14, 16, 18, 22]);
});

it('the overview shows the wait in a pause apart from the time to arrival', async () => {
  const other = await Tenant.create(dashboard.engine);
  const { id } = await other.subscribe(receiver.url);
  await dashboard.engine.ok('POST', other.path(`/subscriptions/${id}/pause`));
  await other.publish({ type: 'lead.create', data: {} });
  await dashboard.engine.ok('POST', other.path(`/subscriptions/${id}/resume`));
  const page = await dashboard.open(`#/s/${other.uid}/overview`);
  await page.getByText(/not counted: 1 held by a pause/).waitFor();
});
