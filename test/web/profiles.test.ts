import { eventually } from '../support/condition.js';
import { Dashboard, loaded, seriousIssues } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;
let receiver: Receiver;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

interface Made {
  id: string;
  providerId: string;
  profileOptions: object;
  recovery: string;
  timeoutMs: number;
  retrySchedule: number[];
  pauseAfter: number | null;
}

/** What a profile decides, unless somebody says otherwise. */
const decided = ({ recovery, timeoutMs, retrySchedule, pauseAfter }: Made) => ({
  recovery,
  timeoutMs,
  retrySchedule,
  pauseAfter,
});

it('a Smartlead webhook is made with its own options, and keeps what its profile decides', async () => {
  const tenant = await Tenant.create(dashboard.engine, 'smartlead');
  const plain = (await tenant.subscribe(receiver.url, { uid: 'plain' })) as unknown as Made;
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/new`, {
    key: await tenant.key('manage'),
  });
  await page.getByLabel('URL').fill(receiver.url);
  await page.getByLabel('Your own id').fill('own');
  await page.getByLabel('Category names').fill('Interested, Meeting Request');
  await page.getByRole('combobox', { name: 'Success' }).click();
  await page.getByRole('option', { name: 'Any 2xx' }).click();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create subscription' }).click();
  await page.getByRole('button', { name: 'Done' }).click();
  const made = await dashboard.engine.ok<Made>('GET', tenant.path('/subscriptions/own'));
  expect(made.profileOptions).toMatchObject({
    categoryNames: ['Interested', 'Meeting Request'],
    success: '2xx',
  });
  expect(decided(made)).toEqual(decided(plain));
  await page.getByText(made.providerId, { exact: true }).waitFor();
  await page.getByText('categoryNames: Interested, Meeting Request').waitFor();
  await dashboard.picture(page, 'smartlead-subscription-light', true);

  await page.getByRole('link', { name: 'Edit' }).click();
  expect(await page.getByLabel('Category names').inputValue()).toBe('Interested, Meeting Request');
  await page.getByLabel('Account events').check();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('account: true').waitFor();
  const changed = await dashboard.engine.ok<Made>('GET', tenant.path('/subscriptions/own'));
  expect(changed.profileOptions).toEqual({ ...made.profileOptions, account: true });
});

it('a lemlist webhook may have a secret of one’s own, which is shown nowhere', async () => {
  const tenant = await Tenant.create(dashboard.engine, 'lemlist');
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/new`);
  await page.getByLabel('URL').fill(receiver.url);
  await page.getByLabel('Your own id').fill('own');
  await page.getByLabel('Secret').fill('a-secret-of-our-own');
  await page.getByLabel('Only the first').check();
  await page.getByRole('button', { name: 'Create subscription' }).click();
  await page.getByText('This profile has no secret to show').waitFor();
  await page.getByRole('button', { name: 'Done' }).click();
  const made = await dashboard.engine.ok<Made>('GET', tenant.path('/subscriptions/own'));
  expect(made.profileOptions).toMatchObject({ isFirst: true });
  await page.getByText(made.providerId, { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Show secret' }).click();
  await page.getByRole('alert').getByText('not shown again').waitFor();

  const before = receiver.requests.length;
  await page.goto(`${dashboard.url}#/s/${tenant.uid}/bench?type=emailsOpened`);
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('.watch').getByText('Succeeded').first().waitFor();
  expect(receiver.requests[before]?.body.toString()).toContain('a-secret-of-our-own');
  const [delivery] = await tenant.deliveries();
  await page.goto(`${dashboard.url}#/s/${tenant.uid}/deliveries/${delivery?.id}`);
  await page.getByRole('tab', { name: 'Request' }).click();
  await eventually(async () =>
    expect(await page.getByLabel('Body', { exact: true }).textContent()).toContain('"***"'),
  );
  expect(await page.locator('body').innerText()).not.toContain('a-secret-of-our-own');
});

it.each(['smartlead', 'lemlist'])(
  'every page is in order for %s',
  async (profile) => {
    const tenant = await Tenant.create(dashboard.engine, profile);
    const { id } = await tenant.subscribe(receiver.url);
    const page = await dashboard.open(`#/s/${tenant.uid}/catalogue`);
    const found: string[] = [];
    for (const path of ['catalogue', 'subscriptions', `subscriptions/${id}`, 'bench', 'overview']) {
      await page.goto(`${dashboard.url}#/s/${tenant.uid}/${path}`);
      await page.locator('main h1').waitFor();
      await loaded(page);
      found.push(...(await seriousIssues(page)).map((issue) => `${path}: ${issue}`));
      await dashboard.picture(page, `${profile}-${path.split('/')[0]}-light`);
    }
    expect(found).toEqual([]);
  },
  60_000,
);
