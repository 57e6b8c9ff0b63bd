import type { Page } from 'playwright-core';
import { Dashboard } from '../support/dashboard.js';
import { eventually } from '../support/condition.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

const LONG = '9007199254740993';
const DATA = `{"id":${LONG},"rate":0.10000000000000000001,"list":[1497549923779084388,1e400]}`;
const NUMBERS = [LONG, '0.10000000000000000001', '1497549923779084388', '1e400'];

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;
let delivery: string;
let event: string;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver();
  tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url, { uid: 'all' });
  await tenant.publish('{"type":"lead.create","data":{"id":9007199254740992}}');
  event = (await tenant.publish(`{"type":"lead.create","data":${DATA}}`)).id;
  await receiver.received(2);
  await eventually(async () => {
    const [sent] = await tenant.deliveries(`?event=${event}&status=succeeded`);
    delivery = sent?.id ?? '';
    expect(delivery).not.toBe('');
  });
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

async function showsAll(page: Page): Promise<void> {
  for (const number of NUMBERS) await page.getByText(number, { exact: true }).first().waitFor();
}

it('an event and a delivery show the numbers of their payload as they were published', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/events/${event}`);
  await showsAll(page);
  await page.evaluate(`location.hash = '#/s/${tenant.uid}/deliveries/${delivery}'`);
  await page.getByRole('tab', { name: 'Request' }).click();
  await showsAll(page);
});

it('payloads that differ in the last digit of a long number are shown as different', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/events/${event}?compare=1`);
  for (const text of ['9007199254740992', LONG]) await page.getByText(`"id": ${text}`).first().waitFor();
});

it('the portal shows them, too', async () => {
  const link = await dashboard.engine.ok<{ url: string }>('POST', tenant.path('/portal-links'), {
    scope: 'read',
    language: 'en',
  });
  const page = await dashboard.open(link.url.slice(dashboard.url.length), { key: null });
  await page.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
  await page.evaluate(`location.hash = '#/deliveries/${delivery}'`);
  await page.locator('details:not([open]) > summary').first().click();
  await showsAll(page);
});

it('an example that would be rounded is refused at its field, with advice', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/catalogue`);
  await page.getByRole('button', { name: 'New event type…' }).click();
  await page.getByLabel('Name').fill('invoice.paid');
  await page.getByRole('textbox', { name: 'Example' }).fill(`{"id":${LONG}}`);
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^(Create|Define|Save)/ })
    .click();
  await page.getByText(`${LONG} would be rounded to 9007199254740992.`).first().waitFor();
  expect(await page.getByRole('textbox', { name: 'Example' }).getAttribute('aria-invalid')).toBe('true');
});

it('a broadcast publishes what was typed', async () => {
  const page = await dashboard.open('#/broadcasts');
  await page.getByRole('button', { name: /New broadcast/ }).click();
  await page.getByLabel('Event type').fill('tag.create');
  await page.getByLabel('Data').fill(DATA);
  await page.getByRole('button', { name: 'Count spaces' }).click();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  const requests = await receiver.received(3, 20_000);
  expect(requests.at(-1)?.body.toString()).toContain(`"data":${DATA}`);
});
