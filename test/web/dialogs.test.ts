import { Dashboard } from '../support/dashboard.js';
import { SignedIn } from '../support/people.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
});

it('who deletes their space comes to another one of theirs', async () => {
  const [gone, left] = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  const person = await SignedIn.as(dashboard.engine, null);
  for (const { uid } of [gone, left]) await person.inSpace(uid, 'operator');
  const page = await dashboard.openAs(person, '');
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  await page.evaluate(`location.hash = '#/s/${gone.uid}/settings'`);
  await page.getByRole('button', { name: 'Delete…' }).click();
  await page.getByLabel(`Write “${gone.uid}” to confirm`).fill(gone.uid);
  await page.getByRole('button', { name: 'Delete the space' }).click();
  await page.waitForURL(new RegExp(`#/s/${left.uid}/overview$`));
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
});

it('a new event type takes the place of none that there is', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const types: [page: string, api: string][] = [
    [`#/s/${tenant.uid}/catalogue`, tenant.path('/event-types/own.type')],
    ['#/event-types', '/v1/event-types/shared.type'],
  ];
  for (const [fragment, api] of types) {
    await dashboard.engine.ok('PUT', api, { description: 'As it was' });
    const page = await dashboard.open(fragment);
    await page.getByRole('button', { name: 'New event type…' }).click();
    const name = api.split('/').at(-1) ?? '';
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Description').fill('Another one');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText(`There is an event type ${name} already.`).first().waitFor();
    expect(await page.getByLabel('Name').getAttribute('aria-invalid')).toBe('true');
    expect(await dashboard.engine.ok('GET', api)).toMatchObject({ description: 'As it was' });
  }
  await dashboard.engine.ok('DELETE', '/v1/event-types/shared.type');
});

it('why a broadcast was refused is no longer shown when it has been changed', async () => {
  await Tenant.create(dashboard.engine);
  const page = await dashboard.open('#/broadcasts');
  await page.route('**/v1/broadcasts', async (route) => {
    const { dryRun } = JSON.parse(route.request().postData() ?? '{}') as { dryRun?: boolean };
    if (dryRun !== false) return route.continue();
    return route.fulfill({
      status: 409,
      json: { code: 'too_many_broadcasts', detail: 'Ten are under way.' },
    });
  });
  await page.getByRole('button', { name: 'New broadcast…' }).click();
  await page.getByLabel('Event type').fill('lead.create');
  await page.getByRole('button', { name: 'Count spaces' }).click();
  await page.getByRole('button', { name: 'Publish', exact: true }).click();
  await page.getByText('Ten are under way.').waitFor();
  await page.getByLabel('Only spaces with the tag').fill('not a tag');
  await page.getByText('Ten are under way.').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Count spaces' }).click();
  await page.locator('input[aria-invalid=true]:focus').waitFor();
});
