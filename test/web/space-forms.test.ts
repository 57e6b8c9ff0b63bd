import type { Page } from 'playwright-core';
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

it('a name that is saved leaves the notes and tags of a space as they are', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const notes = { tags: ['vip'], metadata: { address: 'First line\nSecond line', 'a=b': 'c' } };
  await dashboard.engine.ok('PATCH', tenant.path(''), notes);
  const rename = async (page: Page, name: string) => {
    await page.getByLabel('Name', { exact: false }).first().fill(name);
    await page.getByRole('button', { name: 'Save', exact: true }).click();
    await page.getByText('The space is saved.').waitFor();
    expect(await dashboard.engine.ok('GET', tenant.path(''))).toMatchObject({ name, ...notes });
  };
  await rename(await dashboard.open(`#/s/${tenant.uid}/settings`), 'By the operator');

  // Who has a role in this space alone is shown none of them.
  const person = await (await SignedIn.as(dashboard.engine, null)).inSpace(tenant.uid, 'operator');
  const page = await dashboard.openAs(person, `#/s/${tenant.uid}/settings`);
  await rename(page, 'By a person');
  expect(await page.getByLabel('Tags').count()).toBe(0);
});

it('who has a role in one space alone hides events of it', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await dashboard.engine.ok('PATCH', tenant.path('/catalogue'), { features: ['beta'] });
  const person = await (await SignedIn.as(dashboard.engine, null)).inSpace(tenant.uid, 'operator');
  const page = await dashboard.openAs(person, `#/s/${tenant.uid}/settings`);
  await page.getByLabel('Hidden events').fill('tag.*');
  await page.getByRole('button', { name: 'Save catalogue' }).click();
  await page.getByText('The catalogue is saved.').waitFor();
  const catalogue = await dashboard.engine.ok('GET', tenant.path('/catalogue'));
  expect(catalogue).toMatchObject({ hidden: ['tag.*'], features: ['beta'] });
});
