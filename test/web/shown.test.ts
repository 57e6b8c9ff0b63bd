import { Dashboard } from '../support/dashboard.js';
import { SignedIn } from '../support/people.js';
import { Tenant } from '../support/tenant.js';

const ENDPOINT = 'http://127.0.0.1:9/';
const LONG = '9007199254740993';
let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
});

it('the history of a subscription shows the numbers of its filter as they were written', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(ENDPOINT);
  await dashboard.engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), `{"filter":{"id":${LONG}}}`);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}`);
  await page.getByRole('button', { name: 'Show who changed it' }).click();
  await page.getByText('subscription.update').click();
  await page.getByText(`{"id":${LONG}}`).waitFor();
});

it('a subscription that somebody deletes meanwhile is no longer shown', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(ENDPOINT, { description: 'Still here' });
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}`);
  await page.getByText('Still here').waitFor();
  await dashboard.engine.ok('DELETE', tenant.path(`/subscriptions/${id}`));
  await page.getByText('Still here').waitFor({ state: 'detached' });
  await page.getByText('Not found.', { exact: true }).waitFor();
});

it('a page that fails takes no other one along', async () => {
  const page = await dashboard.open('#/spaces');
  await page.route('**/v1/system', (route) => route.fulfill({ json: {} }));
  await page.getByRole('link', { name: 'System' }).click();
  await page.getByText('This page failed.').waitFor();
  dashboard.complaints.length = 0;
  await page.getByRole('link', { name: 'Broadcasts' }).click();
  await page.getByText('No broadcast yet').waitFor();
});

it('who signs out after their session has ended elsewhere is signed out', async () => {
  const person = await SignedIn.as(dashboard.engine, 'admin');
  const page = await dashboard.openAs(person, '#/account');
  await page.getByText('This one').waitFor();
  const { id } = (await person.call<{ data: { id: string }[] }>('GET', '/v1/sessions')).body.data[0] ?? {};
  await dashboard.engine.ok('DELETE', `/v1/sessions/${id ?? ''}`);
  await page.getByRole('main').getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Posthorn' }).waitFor();
  expect(await page.getByText('Signing out failed').count()).toBe(0);
});

it('“Go to” knows the pages of who has a role in one space, and leads to a job by its id', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id: sub } = await tenant.subscribe(ENDPOINT);
  const { id: job } = await dashboard.engine.ok<{ id: string }>(
    'POST',
    tenant.path(`/subscriptions/${sub}/replay`),
    { since: '2020-01-01T00:00:00Z', dryRun: true },
  );
  const person = await (await SignedIn.as(dashboard.engine, null)).inSpace(tenant.uid, 'operator');
  const page = await dashboard.openAs(person, `#/s/${tenant.uid}/subscriptions`);
  await page.getByRole('button', { name: 'Go to…' }).click();
  const field = page.getByRole('combobox', { name: 'Go to' });
  await field.fill('audit');
  await page.getByRole('option', { name: 'Audit log' }).waitFor();
  await field.fill(job);
  await page.getByRole('option', { name: 'Job' }).waitFor();
  await field.press('Enter');
  await page.getByRole('list', { name: 'This job' }).getByText(job).waitFor();
});

it('“Go to” opens nothing that was found for another text', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id: former } = await tenant.subscribe(ENDPOINT, { uid: 'former' });
  const { id: wanted } = await tenant.subscribe(ENDPOINT, { uid: 'wanted' });
  const page = await dashboard.open(`#/s/${tenant.uid}/overview`);
  await page.getByRole('button', { name: 'Go to…' }).click();
  const field = page.getByRole('combobox', { name: 'Go to' });
  await field.fill(former);
  await page.getByRole('option', { name: 'Endpoint' }).waitFor();
  await field.fill(wanted);
  await field.press('Enter');
  await page.getByRole('option', { name: 'wanted' }).waitFor();
  await field.press('Enter');
  await page.waitForURL(new RegExp(`/subscriptions/${wanted}$`));
});

it('a page of spaces that is not there any more gives way to the first one', async () => {
  await Tenant.create(dashboard.engine);
  const page = await dashboard.open('#/all?after=1000');
  await page.getByRole('list', { name: 'Spaces' }).getByRole('listitem').first().waitFor();
  expect(page.url()).toMatch(/#\/all$/);
});

it('an endpoint has its new name in the list of deliveries as soon as it is changed', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(ENDPOINT, { uid: 'former-name' });
  await tenant.publish({ type: 'lead.create', data: {} });
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries`);
  const row = page.getByRole('listitem').filter({ hasText: 'lead.create' });
  await row.getByText('former-name').waitFor();
  await page.evaluate(`location.hash = '#/s/${tenant.uid}/subscriptions/${id}/edit'`);
  await page.getByLabel('Your own id').fill('new-name');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('The subscription is changed.').waitFor();
  await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
  await row.getByText('new-name').waitFor({ timeout: 5_000 });
});
