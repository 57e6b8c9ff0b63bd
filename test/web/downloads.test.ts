import { readFile } from 'node:fs/promises';
import { eventually } from '../support/condition.js';
import { parseCsv } from '../support/csv.js';
import { Dashboard } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver();
  tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url);
  await tenant.publish({ type: 'lead.create', data: {} });
  await tenant.publish({ type: 'tag.create', data: {} });
  await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(2));
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

async function saved(fragment: string, item: string, key?: string): Promise<{ name: string; text: string }> {
  const page = await dashboard.open(fragment, key === undefined ? {} : { key });
  await page.getByRole('button', { name: 'Download' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: item }).click(),
  ]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), 'utf8') };
}

it('deliveries of the filter, and their attempts, are downloaded as CSV or NDJSON', async () => {
  const fragment = `#/s/${tenant.uid}/deliveries?type=tag.create`;
  const { name, text } = await saved(fragment, 'Deliveries as CSV');
  expect(name).toMatch(new RegExp(`^${tenant.uid}-deliveries-\\d{8}T\\d{6}Z\\.csv$`));
  const [head, ...rows] = parseCsv(text);
  expect(rows.map((row) => row[head?.indexOf('eventType') ?? 0])).toEqual(['tag.create']);
  const attempts = await saved(fragment, 'Attempts as NDJSON');
  expect(attempts.text.trimEnd().split('\n')).toHaveLength(2);
  expect(attempts.text).toContain('"end":true,"count":1');
});

it('who came by a portal link downloads events, too', async () => {
  const { token } = await dashboard.engine.ok<{ token: string }>('POST', tenant.path('/portal-links'), {
    scope: 'read',
  });
  const { name, text } = await saved(`#/s/${tenant.uid}/events`, 'Events as NDJSON', token);
  expect(name).toMatch(/\.ndjson$/);
  expect(text.trimEnd().split('\n')).toHaveLength(3);
});
