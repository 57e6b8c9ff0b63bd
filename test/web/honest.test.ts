import type { Page } from 'playwright-core';
import { Dashboard, seriousIssues } from '../support/dashboard.js';
import { eventually } from '../support/condition.js';
import { refusedPort, startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;
const delivered = { good: '', denied: '' };

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(({ path }) => ({ status: path === '/denied' ? 401 : 200 }));
  tenant = await Tenant.create(dashboard.engine);
  const base = `http://127.0.0.1:${receiver.port}`;
  const good = await tenant.subscribe(`${base}/good`, { uid: 'good' });
  const denied = await tenant.subscribe(`${base}/denied`, {
    uid: 'denied',
    pauseAfter: 1,
    retrySchedule: [600],
  });
  await tenant.publish({ type: 'tag.create', data: { id: 'one' } });
  await eventually(async () => {
    const [one] = await tenant.deliveries(`?subscription=${good.id}`);
    const [other] = await tenant.deliveries(`?subscription=${denied.id}`);
    expect([one?.status, other?.status]).toEqual(['succeeded', 'held']);
    Object.assign(delivered, { good: one?.id, denied: other?.id });
  });
}, 60_000);

afterAll(async () => {
  await dashboard.close();
  await receiver.close();
});

const open = (page: string) => dashboard.open(`#/s/${tenant.uid}/${page}`);

/** Answers every call of the API with a proxy's page. */
async function behindDeadProxy(page: Page): Promise<void> {
  await page.route(/\/(v1|healthz)/, (route) => route.fulfill({ status: 502, body: '<h1>Bad Gateway</h1>' }));
}

it('a connection that is lost is said within five seconds, and its end, too', async () => {
  const page = await open('catalogue');
  await page.locator('h1').waitFor();
  await page.context().setOffline(true);
  await page.getByText(/^Last update \d\d:\d\d:\d\d, reconnecting$/).waitFor({ timeout: 5_000 });
  await page.context().setOffline(false);
  await page.getByText(/reconnecting$/).waitFor({ state: 'detached' });
});

it('an engine behind a proxy that answers 502 is called unreachable, and asked again', async () => {
  const page = await open('overview');
  await page.locator('.figure').first().waitFor();
  await behindDeadProxy(page);
  await page.getByText(/reconnecting$/).waitFor();
  await page.getByRole('link', { name: 'Events', exact: true }).click();
  await page.getByText('Posthorn cannot be reached.').waitFor();
  await page.unrouteAll();
  await page.locator('[data-row]').first().waitFor();
});

it('a link with a damaged token leads to the sign-in, which says so', async () => {
  for (const damaged of ['#token=%E0%A4%A', '#token=', '#portal=php_%00x', '#/token=%']) {
    const page = await dashboard.open(damaged, { key: null });
    await page.getByRole('heading', { name: 'Sign in to Posthorn' }).waitFor();
    await page.getByText('The link is damaged.').waitFor();
    await page.context().close();
  }
  expect(dashboard.complaints).toEqual([]);
});

it('a damaged address leads to the first page', async () => {
  const page = await dashboard.open('#/s/%E0%A4%A/overview');
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.context().close();
  expect(dashboard.complaints).toEqual([]);
});

it('all times of a page are in one zone, which one may switch to UTC', async () => {
  const page = await open('deliveries');
  const time = page.locator('[data-row] time').first();
  const at = new Date((await time.getAttribute('datetime')) ?? '');
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', { timeZone, timeStyle: 'medium' }).format(at);
  expect(await time.textContent()).toContain(clock('Europe/Paris'));
  await page.getByRole('button', { name: 'Local time. Switch to UTC' }).click();
  await eventually(async () => expect(await time.textContent()).toContain(clock('UTC')));
  expect(await time.getAttribute('title')).toContain('Europe/Paris');
  await page.reload();
  await eventually(async () => expect(await time.textContent()).toContain(clock('UTC')));
});

it('the time of a pause is in the zone of the page, too, and endpoints have their own ids', async () => {
  for (const at of [`#/s/${tenant.uid}/overview`, '#/all']) {
    const page = await dashboard.open(at);
    const row = page.getByRole('listitem').filter({ hasText: '/denied' });
    await row.getByText(/^1 failure, last: 401 · paused since \d\d:\d\d:\d\d$/).waitFor();
    await row.getByText('denied', { exact: true }).waitFor();
    expect(await row.textContent()).not.toContain('UTC');
  }
});

it('why an endpoint was paused is never cut, however long it is', async () => {
  const closed = `http://127.0.0.1:${await refusedPort()}/closed`;
  const rules = { events: ['tag.update'], pauseAfter: 1, retrySchedule: [600] };
  const { id } = await tenant.subscribe(closed, rules);
  await tenant.publish({ type: 'tag.update', data: { id: 'one' } });
  await eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ status: 'paused' }));
  for (const at of [`#/s/${tenant.uid}/overview`, '#/all']) {
    const page = await dashboard.open(at);
    await page.getByText(/^1 failure, last: connection refused · paused since/).waitFor();
    const cut = `[...document.querySelectorAll('li span')].filter(
      (one) => one.textContent.includes('paused since') && one.scrollWidth > one.clientWidth).length`;
    expect(await page.evaluate(cut)).toBe(0);
  }
});

it('a failure is explained with what helps, and so is a pause', async () => {
  const page = await open(`deliveries/${delivered.denied}`);
  await page.getByText(/verifies the raw body with this subscription’s current secret/).waitFor();
  await page.getByRole('link', { name: 'denied' }).click();
  const note = page.locator('.note-bad');
  await note.getByText('401').waitFor();
  // The advice is of the last attempt, which is fetched after the subscription.
  await eventually(async () =>
    expect(await note.textContent()).toMatch(/Paused since .*Last response: 401.*current secret/),
  );
  expect(await seriousIssues(page)).toEqual([]);
});

it('a delivery that arrived is sent again only after a question', async () => {
  const page = await open(`deliveries/${delivered.good}`);
  const before = receiver.requests.length;
  await page.getByRole('button', { name: 'Send again…' }).click();
  const dialog = page.getByRole('dialog', { name: 'Send it again?' });
  await dialog.getByText('The endpoint has already accepted this delivery.').waitFor();
  expect(receiver.requests).toHaveLength(before);
  await dialog.getByRole('button', { name: 'Send again' }).click();
  await eventually(() => expect(receiver.requests).toHaveLength(before + 1));
});

it('the routing of an event counts outcomes, each with its badge and answer', async () => {
  const page = await open('events');
  await page.locator('[data-row]', { hasText: 'tag.create' }).click();
  await page.getByText('Routing: 1 delivered, 1 held').waitFor();
  const line = page.locator('.routes li', { hasText: 'denied' });
  expect(await line.textContent()).toMatch(/401.*Held/);
  await line.getByRole('button', { name: 'Retry this delivery' }).waitFor();
});
