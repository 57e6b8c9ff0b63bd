import { eventually } from '../support/condition.js';
import { Dashboard, loaded, seriousIssues } from '../support/dashboard.js';
import { startReceiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
});

const space = (tenant: Tenant) => dashboard.engine.ok('GET', tenant.path(''));

it('the operator renames a space, tags it, sets its limits and how long it keeps things', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/settings`);
  await page.getByLabel('Name', { exact: false }).first().fill('Acme Ltd');
  await page.getByLabel('Tags').fill('beta, eu');
  await page.getByLabel('Notes').fill('owner = Ada\nplan = large');
  await page.getByRole('button', { name: 'Save', exact: true }).click();
  await page.getByText('The space is saved.').waitFor();
  const tags = { tags: ['beta', 'eu'], metadata: { owner: 'Ada', plan: 'large' } };
  expect(await space(tenant)).toMatchObject({ name: 'Acme Ltd', ...tags });

  await page.getByLabel('Subscriptions', { exact: true }).fill('many');
  await page.getByText('Enter a whole number.').waitFor();
  expect(await page.getByRole('button', { name: 'Save limits' }).isDisabled()).toBe(true);
  await page.getByLabel('Subscriptions', { exact: true }).fill('0');
  await page.getByRole('button', { name: 'Save limits' }).click();
  const field = page.locator('.number-fields > div', { hasText: 'Subscriptions' });
  await field.getByText(/must not be less than 1/i).waitFor();
  // The focus is where the mistake is.
  await field.locator('input:focus').waitFor();
  await page.getByLabel('Subscriptions', { exact: true }).fill('7');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await eventually(async () => expect(await space(tenant)).toMatchObject({ limits: { subscriptions: 7 } }));
  await page.getByLabel('Attempts, days').fill('3');
  await page.getByRole('button', { name: 'Save retention' }).click();
  await eventually(async () => expect(await space(tenant)).toMatchObject({ retention: { attemptsDays: 3 } }));

  // An empty field is the instance's again.
  await page.getByLabel('Subscriptions', { exact: true }).fill('');
  await page.getByRole('button', { name: 'Save limits' }).click();
  await eventually(async () => {
    const { limits } = (await space(tenant)) as { limits: { subscriptions: number } };
    expect(limits.subscriptions).toBeGreaterThan(7);
  });
  expect(await seriousIssues(page)).toEqual([]);
  await loaded(page);
  await dashboard.picture(page, 'settings', true);
});

it('a key is made, shown once, used, listed with its last use, and ends when it is revoked', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/settings`);
  await page.getByRole('button', { name: 'New key…' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('production publisher');
  await page.getByRole('button', { name: 'Make key' }).click();
  const key = (await page.locator('.secret-box').textContent()) ?? '';
  const publish = () =>
    fetch(dashboard.engine.url + tenant.path('/events'), {
      method: 'POST',
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      body: JSON.stringify({ type: 'lead.create', data: {} }),
    });
  expect((await publish()).status).toBe(202);
  await page.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('cell', { name: 'production publisher' }).waitFor();
  await page
    .getByRole('button', { name: /^Revoke… key_/ })
    .last()
    .click();
  await page.getByRole('dialog', { name: 'Revoke the key?' }).getByRole('button', { name: 'Revoke' }).click();
  await page.getByText('The key is revoked.').waitFor();
  expect((await publish()).status).toBe(401);
});

it('a space hides events, and is deleted only after its name was written', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await dashboard.engine.ok('PATCH', tenant.path(''), { name: 'To go' });
  const page = await dashboard.open(`#/s/${tenant.uid}/settings`);
  await page.getByLabel('Hidden events').fill('tag.*');
  await page.getByRole('button', { name: 'Save catalogue' }).click();
  await page.getByText('The catalogue is saved.').waitFor();
  expect(await dashboard.engine.ok('GET', tenant.path('/catalogue'))).toMatchObject({ hidden: ['tag.*'] });

  await page.getByRole('button', { name: 'Delete…' }).click();
  const remove = page.getByRole('button', { name: 'Delete the space' });
  expect(await remove.isDisabled()).toBe(true);
  await page.getByLabel('Write “To go” to confirm').fill('To go');
  await remove.click();
  await page.getByRole('heading', { name: 'Spaces' }).waitFor();
  expect((await dashboard.engine.call('GET', tenant.path(''))).status).toBe(404);
});

it('a job is seen with its progress, and stops when one says so', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const receiver = await startReceiver(() => ({ status: 200 }));
  const { id } = await tenant.subscribe(receiver.url);
  await tenant.publish({ type: 'lead.create', data: {} });
  await eventually(async () => expect((await tenant.deliveries())[0]?.status).toBe('succeeded'));
  const page = await dashboard.open(`#/s/${tenant.uid}/jobs`);
  await page.getByText('No job yet').waitFor();
  await dashboard.engine.ok('POST', tenant.path(`/subscriptions/${id}/replay`), {
    since: '2020-01-01T00:00:00Z',
    statuses: ['succeeded'],
  });
  const line = page.getByRole('listitem').filter({ hasText: 'Replay of past events' });
  await page.reload();
  await line.getByText('Completed').waitFor();
  expect(await line.textContent()).toContain('1 of 1');
  // One that a worker has just begun.
  await page.route(/\/jobs\?/, async (route) => {
    const answer = (await (await route.fetch()).json()) as { data: object[] };
    const data = answer.data.map((job) => ({ ...job, status: 'running', done: 0, finishedAt: null }));
    await route.fulfill({ json: { ...answer, data } });
  });
  let cancelled = '';
  await page.route(/\/cancel$/, async (route) => {
    cancelled = route.request().url();
    await route.fulfill({ json: {} });
  });
  await line.getByRole('button', { name: 'Stop' }).waitFor();
  expect(await line.getByRole('progressbar').getAttribute('aria-valuenow')).toBe('0');
  expect(await seriousIssues(page)).toEqual([]);
  await line.getByRole('button', { name: 'Stop' }).click();
  await eventually(() => expect(cancelled).toMatch(/\/jobs\/job_\w+\/cancel$/));
  await receiver.close();
});

it('a broadcast is counted before it is published, and its outcome is shown', async () => {
  const tenants = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  for (const tenant of tenants) await dashboard.engine.ok('PATCH', tenant.path(''), { tags: ['pilot'] });
  const page = await dashboard.open('#/broadcasts');
  await page.getByText('No broadcast yet').waitFor();
  await page.getByRole('button', { name: 'New broadcast…' }).click();
  await page.getByLabel('Event type').fill('lead.create');
  await page.getByLabel('Only spaces with the tag').fill('pilot');
  const data = page.getByLabel('Data');
  await data.fill('{"name": ');
  await page.getByText(/^This is not valid JSON/).waitFor();
  await data.fill('{"name": "Ada"}');
  await page.getByRole('button', { name: 'Count spaces' }).click();
  await page.getByText('2 spaces get it.').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.getByText(/2 of 2 spaces have it/).waitFor();
  for (const tenant of tenants) {
    const { data: events } = await dashboard.engine.ok<{ data: object[] }>('GET', tenant.path('/events'));
    expect(events).toMatchObject([{ type: 'lead.create' }]);
  }
});

it('event types are defined for all spaces and for one, changed and removed', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open('#/event-types');
  await page.getByRole('button', { name: 'New event type…' }).click();
  await page.getByLabel('Name').fill('invoice.paid');
  await page.getByLabel('Description').fill('An invoice was paid.');
  await page.getByLabel('Example').fill('{"amount": 5}');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Edit… invoice.paid' }).click();
  await page.getByLabel('Description').fill('A customer paid an invoice.');
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Custom: A customer paid an invoice.').waitFor();
  const types = () => dashboard.engine.ok<{ data: { name: string }[] }>('GET', tenant.path('/event-types'));
  expect((await types()).data.map(({ name }) => name)).toContain('invoice.paid');

  const own = await dashboard.open(`#/s/${tenant.uid}/catalogue`);
  await own.getByRole('button', { name: 'New event type…' }).click();
  await own.getByLabel('Name').fill('order.shipped');
  await own.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await own.getByRole('link', { name: 'order.shipped' }).click();
  await own.getByRole('button', { name: 'Edit…' }).click();
  await own.getByRole('button', { name: 'Remove' }).click();
  await own.getByText('The event type is removed.').waitFor();
  expect((await types()).data.map(({ name }) => name)).not.toContain('order.shipped');

  await page.getByRole('button', { name: 'Edit… invoice.paid' }).click();
  await page.getByRole('button', { name: 'Remove' }).click();
  await page.getByText('No event type is defined for all spaces yet.').waitFor();
});
