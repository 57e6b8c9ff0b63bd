import type { Page } from 'playwright-core';
import { Dashboard } from '../support/dashboard.js';
import { Tenant } from '../support/tenant.js';

const ENDPOINT = 'http://127.0.0.1:9/';
let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
});

/** Of a subscription, all but what a change of its description changes. */
async function factsOf(tenant: Tenant, sub: string): Promise<object> {
  const {
    description: _d,
    updatedAt: _u,
    ...facts
  } = await dashboard.engine.ok('GET', tenant.path(`/subscriptions/${sub}`));
  return facts;
}

async function save(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Save changes' }).click();
}

it('a change of its description changes nothing else of a subscription, whatever it has', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(ENDPOINT, {
    retrySchedule: [0, 59, 3_661, 90_061],
    ...{ pauseAfter: null, pauseAfterSeconds: 7, heldMax: 10_000, timeoutMs: 1_500 },
    rateLimit: { perSecond: 20 },
    filter: {
      email: { prefix: 'ada', not: { suffix: '.test' } },
      $or: [{ country: 'FR' }, { score: { gte: 10 } }],
    },
    headers: { 'x-team': 'sales' },
  });
  const before = await factsOf(tenant, id);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}`);
  for (const words of ['begins with', 'does not end with', 'any of these filters (JSON)'])
    await page.getByText(words).waitFor();
  await page.getByText('1 h 1 min 1 s, 1 d 1 h 1 min 1 s').waitFor();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Description').fill('Changed');
  await save(page);
  await page.getByText('The subscription is changed.').waitFor();
  expect(await factsOf(tenant, id)).toEqual(before);
});

it('what would be lost or mean something else is refused, at the form', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(ENDPOINT, { heldMax: 500, pauseAfter: 5, pauseAfterSeconds: 30 });
  const before = await factsOf(tenant, id);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}/edit`);
  const refused = async (label: string, text: string, words: string) => {
    const field = page.getByLabel(label, { exact: true });
    const old = await field.inputValue();
    await field.fill(text);
    await save(page);
    await page.getByText(words).waitFor();
    await field.fill(old);
  };
  await refused('Maximum of held deliveries', '10,000', 'digits alone, at “Maximum of held deliveries”');
  await refused(
    'Keep held deliveries for, days',
    '30 days',
    'digits alone, at “Keep held deliveries for, days”',
  );
  await refused('Pause after failures in a row', 'ten', 'digits alone, at “Pause after failures in a row”');
  await refused('Requests per second', '10/s', 'digits alone, at “Requests per second”');
  await refused('Retry schedule', '', 'Enter a retry schedule, or “none”.');
  await refused('Pause after failures in a row', '', 'Enter after how many failures in a row it is paused');
  await refused('Timeout, seconds', '', 'Enter a timeout.');
  expect(await factsOf(tenant, id)).toEqual(before);

  const add = async (path: string, value: string, index: number) => {
    await page.getByRole('button', { name: 'Add condition' }).click();
    await page.getByLabel(`Path ${index}`).fill(path);
    await page.getByLabel(`Value ${index}`, { exact: true }).fill(value);
  };
  await add('country', 'FR', 1);
  await add('country', 'BE', 2);
  await save(page);
  await page.getByText('Two conditions on “country” cannot be kept beside each other.').waitFor();
  await page.getByLabel('Path 2').fill('');
  await save(page);
  await page.getByText('Write the path of each condition, or remove it.').waitFor();
  await page.getByLabel('Remove condition 2').click();
  for (const [index, value] of ['a', 'b'].entries()) {
    await page.getByRole('button', { name: 'Add header' }).click();
    await page.getByLabel(`Header ${index + 1}`, { exact: true }).fill('x-team');
    await page.getByLabel(`Value of header ${index + 1}`).fill(value);
  }
  await save(page);
  await page.getByText('The header “x-team” is there twice.').waitFor();
  await page.getByLabel('Remove header 2').click();
  await page.getByLabel('…if they last at least, seconds').fill('');
  await page.getByLabel('Maximum of held deliveries').fill('10000');
  await save(page);
  await page.getByText('The subscription is changed.').waitFor();
  expect(await factsOf(tenant, id)).toMatchObject({
    ...{ heldMax: 10_000, pauseAfter: 5, pauseAfterSeconds: 0 },
    ...{ filter: { country: 'FR' }, headers: { 'x-team': 'a' } },
  });
});
