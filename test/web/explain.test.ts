import { eventually } from '../support/condition.js';
import { Dashboard, loaded, seriousIssues } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(({ path }) => ({ status: path.endsWith('/busy') ? 503 : 200 }));
}, 60_000);

beforeEach(async () => {
  tenant = await Tenant.create(dashboard.engine);
  receiver.requests.length = 0;
});

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

const open = (page: string) => dashboard.open(`#/s/${tenant.uid}/${page}`);

it('an endpoint’s page says how it is called, shows its attempts one by one, and who changed it', async () => {
  const { id } = await tenant.subscribe(`${receiver.url}/busy`, {
    uid: 'busy',
    retrySchedule: [600],
    rateLimit: { perSecond: 7 },
  });
  await tenant.publish({ type: 'lead.create', data: {} });
  await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }]));
  await dashboard.engine.ok('PATCH', tenant.path('/subscriptions/busy'), { description: 'The old one' });
  const page = await open(`subscriptions/${id}`);
  const now = page.locator('.panel', { has: page.getByRole('heading', { name: 'Endpoint now' }) });
  await now.getByText('7 a second').waitFor();
  await now.getByText('none seen').waitFor();
  await now.getByText('Standard Webhooks').waitFor();
  // Workers tell every five seconds.
  await now.getByText(/requests? at most, after failures/).waitFor();
  await page.getByRole('img', { name: 'Last attempt: 1 to be retried' }).waitFor();
  await page.getByRole('button', { name: 'Show who changed it' }).click();
  const changes = page.getByRole('list', { name: 'Changes' });
  await changes.getByText('subscription.update').click();
  await changes.getByText('The old one').waitFor();
  await loaded(page);
  expect(await seriousIssues(page)).toEqual([]);
}, 40_000);

it('what would be sent is shown for an example and for a published event, with all that does not hold', async () => {
  const { id } = await tenant.subscribe(receiver.url, {
    events: ['lead.create'],
    filter: { country: 'FR' },
  });
  const page = await open(`subscriptions/${id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'What would be sent…' }).click();
  await page.getByText('Would not be sent').waitFor();
  await page.getByText('Its filter on country does not match.').waitFor();
  await page.getByLabel('Data').fill('{"country":"FR","price":1.0}');
  await page.getByText('Would be sent', { exact: true }).waitFor();
  await page.getByRole('table', { name: 'Request headers' }).getByText('webhook-signature').waitFor();
  await page.getByText('"price": 1.0', { exact: false }).waitFor();
  await loaded(page);
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByLabel('Data').fill('{"country"');
  await page.getByText('Enter a JSON object: { … }').waitFor();

  const event = await tenant.publish({ type: 'lead.update', id: 'mine', data: { country: 'DE' } });
  await page.goto(`${dashboard.url}#/s/${tenant.uid}/events/${event.id}`);
  await page.getByRole('link', { name: 'Preview' }).click();
  await page.getByText('The event type does not match').waitFor();
  await page.getByText('The filter on country does not match').waitFor();
  expect(receiver.requests).toHaveLength(0);
  expect(await tenant.deliveries()).toEqual([]);
});

it('an event’s payload is compared with that of the one before it', async () => {
  for (const price of [1, 2, 3])
    await tenant.publish({ type: 'lead.create', id: `p${price}`, data: { price, same: true } });
  await tenant.publish({ type: 'lead.update', data: { price: 9 } });
  const page = await open('events/p2');
  await page.getByRole('button', { name: 'Compare with another event' }).click();
  const diff = page.getByRole('figure', { name: 'Payload: differences' });
  await diff.getByText('"price": 1').waitFor();
  expect(await diff.locator('[data-sign="-"]').allTextContents()).toEqual([
    expect.stringContaining('"price": 1'),
  ]);
  expect(await diff.locator('[data-sign="+"]').allTextContents()).toEqual([
    expect.stringContaining('"price": 2'),
  ]);
  await page.getByLabel('Another event of this type').click();
  await page.getByRole('option', { name: /p3/ }).click();
  await diff.getByText('"price": 3').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
});

it('a backlog is drained at a pace, which is changed under way, and paused', async () => {
  const { id } = await tenant.subscribe(receiver.url, { uid: 'sub' });
  await dashboard.engine.ok('POST', tenant.path('/subscriptions/sub/pause'));
  const events = Array.from({ length: 40 }, (_none, n) => ({ type: 'lead.create', data: { n } }));
  await tenant.send(events);
  const page = await open(`subscriptions/${id}`);
  await page.getByText('40 held').waitFor();
  await page.getByRole('button', { name: 'Resume…' }).click();
  await page.getByText('40 deliveries are held.').waitFor();
  await page.getByRole('combobox', { name: 'Pace', exact: true }).click();
  await page.getByRole('option', { name: '1 a second', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  const panel = page.locator('.panel', { has: page.getByRole('heading', { name: 'Endpoint now' }) });
  await panel.getByText(/of 40 · running/).waitFor();
  await panel.getByRole('button', { name: 'Pause' }).click();
  await panel.getByText(/of 40 · paused/).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await panel.getByRole('combobox', { name: 'Pace', exact: true }).click();
  await page.getByRole('option', { name: '500 a second' }).click();
  await panel.getByRole('button', { name: 'Resume', exact: true }).click();
  await eventually(
    async () => expect(await tenant.deliveries('?status=succeeded&limit=250')).toHaveLength(40),
    { timeoutMs: 15_000 },
  );
}, 60_000);

it('a replay counts by itself, for the types and the endpoint one chooses, and is taken back in time', async () => {
  for (const type of ['lead.create', 'lead.create', 'lead.update']) await tenant.publish({ type, data: {} });
  const { id } = await tenant.subscribe(receiver.url, { uid: 'sub' });
  await tenant.subscribe(receiver.url, { uid: 'other' });
  const page = await open(`subscriptions/${id}?replay=1`);
  await page.getByText('3 events').waitFor();
  await page.getByRole('combobox', { name: 'Of these types' }).fill('lead.create');
  await page.getByRole('combobox', { name: 'Of these types' }).press('Enter');
  await page.getByRole('combobox', { name: 'Of these types' }).press('Tab');
  await page.getByText('2 events').waitFor();
  await page.getByRole('combobox', { name: 'Sent to' }).click();
  await page.getByRole('option', { name: 'other' }).click();
  await page.getByText('2 events').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Replay 2' }).click();
  await page.getByText('Begins in a moment; nothing is sent yet').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByText('Cancelled before it began: nothing was sent').waitFor();
  expect(await tenant.deliveries()).toEqual([]);
});
