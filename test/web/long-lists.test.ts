import { eventually } from '../support/condition.js';
import { Dashboard } from '../support/dashboard.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
});

it('no entry leaves a list of several pages when new ones come', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const change = async (from: number, to: number) => {
    for (let n = from; n < to; n += 1)
      await dashboard.engine.ok('PATCH', tenant.path(''), { name: `name ${n}` });
  };
  await change(0, 60);
  const page = await dashboard.open(`#/s/${tenant.uid}/overview`);
  await page.clock.install();
  await page.evaluate(`location.hash = '#/s/${tenant.uid}/audit'`);
  const entries = page.getByRole('list', { name: 'Entries' }).locator('> li');
  await page.getByRole('button', { name: 'Show more' }).click();
  // With the one of the space itself.
  await eventually(async () => expect(await entries.count()).toBe(61));
  await change(60, 65);
  await page.clock.fastForward(15_500);
  await eventually(async () => expect(await entries.count()).toBe(66));
});
