import { eventually, staysSo } from '../support/condition.js';
import { Dashboard, seriousIssues } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;
let receiver: Receiver;

beforeAll(async () => {
  dashboard = await Dashboard.start({ settings: { testReceiver: true } });
  // Where the built-in receiver is: the engine needs its port before it listens, a test only learns it.
  dashboard.engine.settings.port = Number(new URL(dashboard.engine.url).port);
  receiver = await startReceiver();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

it('an edited example is published as it was typed, and its attempts are watched', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url, { uid: 'crm' });
  await tenant.subscribe(receiver.url, { uid: 'deaf', events: ['list.delete'] });
  const page = await dashboard.open(`#/s/${tenant.uid}/bench?type=tag.create`);
  await page.getByLabel('Data').fill('{"id": "t1", "weight": 1.0}');
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('.watch').getByText('Succeeded').waitFor();
  await page.locator('.watch').getByText('Attempt 1').waitFor();
  expect(receiver.requests.at(-1)?.body.toString()).toContain('{"id": "t1", "weight": 1.0}');

  await page.getByRole('link', { name: 'Event and routing' }).click();
  await page.getByText('Routing: 1 delivered, 1 not sent').waitFor();
  await page.getByText('It does not subscribe to this event type.').waitFor();
  expect(await page.getByLabel('Body', { exact: true }).textContent()).toContain('"id": "t1"');
});

it('data of one’s own is sent to one endpoint only', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url, { uid: 'other' });
  await tenant.subscribe(`${receiver.url}?only`, { uid: 'chosen', events: ['list.delete'] });
  const page = await dashboard.open(`#/s/${tenant.uid}/bench?type=tag.create`);
  await page.getByLabel('Data').fill('{"id":"mine"}');
  await page.getByRole('combobox', { name: 'Send to' }).click();
  await page.getByRole('option', { name: 'Only chosen' }).click();
  await page.getByRole('button', { name: 'Send' }).click();
  await page.locator('.watch').getByText('Succeeded').waitFor();
  const last = receiver.requests.at(-1);
  expect(last?.path).toBe('/hook?only');
  expect(last?.body.toString()).toContain('{"id":"mine"}');
  expect(await tenant.deliveries()).toHaveLength(1);
});

it('text that is not JSON yet cannot be sent', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/bench`);
  await page.getByLabel('Data').fill('{"id": ');
  await page.getByText('Invalid JSON').waitFor();
  expect(await page.getByRole('button', { name: 'Publish' }).isDisabled()).toBe(true);
});

it('an event whose answer comes on another page is no filter there', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url, { uid: 'crm' });
  const page = await dashboard.open(`#/s/${tenant.uid}/bench`);
  let goOn = () => {};
  const left = new Promise<void>((resolve) => (goOn = resolve));
  await page.route('**/events', async (route) => {
    await left;
    await route.continue();
  });
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.evaluate(`location.hash = '#/s/${tenant.uid}/deliveries'`);
  await page.getByText('No deliveries yet').waitFor();
  goOn();
  await page.locator('[data-row]').first().waitFor();
  await staysSo(() => expect(page.url()).not.toContain('event='), {
    forMs: 1_000,
    because: 'lists are asked for again before the answer is told of',
  });
});

it('the catalogue is searched, and leads to the bench', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/catalogue`);
  await page.getByLabel('Search the catalogue').fill('note.del');
  await page.getByRole('heading', { name: 'lead.note.delete' }).waitFor();
  await page.getByText('JSON Schema').click();
  await eventually(async () =>
    expect(await page.getByLabel('Body', { exact: true }).textContent()).toContain('"type": "object"'),
  );
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('link', { name: 'Try it' }).click();
  await eventually(async () =>
    expect(await page.getByRole('combobox', { name: 'Type' }).inputValue()).toBe('lead.note.delete'),
  );
});

it('the catalogue says what is deprecated, what to use instead, and how data is compared', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const definition = { replacedBy: 'lead.create', validation: 'enforce', versions: { 2: {} } };
  await dashboard.engine.ok('PUT', tenant.path('/event-types/person.seen'), definition);
  const page = await dashboard.open(`#/s/${tenant.uid}/catalogue/person.seen`);
  await page.getByText('Published in version 2; it has 1, 2. Data that does not match').waitFor();
  await page.getByRole('navigation', { name: 'Event types' }).getByText('deprecated').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByText('Deprecated: publishers').getByRole('link', { name: 'lead.create' }).click();
  await page.getByRole('heading', { name: 'lead.create' }).waitFor();
});

it('the built-in receiver is shown as it answers, also after another page and after a change that failed', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/bench`);
  await page.getByRole('button', { name: 'Create a receiver' }).click();
  const answers = page.getByRole('combobox', { name: 'Answers' });
  const choose = async (name: string) => {
    await answers.click();
    await page.getByRole('option', { name }).click();
  };
  const changed = page.waitForResponse((response) => response.request().method() === 'PATCH');
  await choose('500 Server error');
  expect((await changed).status()).toBe(200);
  await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
  await page.getByText('No deliveries yet').waitFor();
  await page.getByRole('link', { name: 'Test bench' }).click();
  await answers.waitFor();
  expect(await answers.inputValue()).toBe('500 Server error');

  await page.route('**/test-receivers/*', (route) => route.abort());
  await choose('410 Gone');
  await page.getByText('The action failed').waitFor();
  expect(await answers.inputValue()).toBe('500 Server error');
});

it('the built-in receiver shows what arrives and answers as it is set', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/bench?type=tag.create`);
  await page.getByRole('button', { name: 'Create a receiver' }).click();
  await page.getByRole('button', { name: 'Subscribe it to all events' }).click();
  await page.getByText('The receiver is now subscribed to all events.').waitFor();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('.watch').getByText('Succeeded').waitFor();
  await page.locator('.arrivals summary').first().click();
  expect(await page.getByRole('table', { name: 'Received headers' }).textContent()).toContain('webhook-id');
  expect(await seriousIssues(page)).toEqual([]);

  await page.getByRole('combobox', { name: 'Answers' }).click();
  await page.getByRole('option', { name: '410 Gone' }).click();
  await page.getByRole('button', { name: 'Publish' }).click();
  await page.locator('.watch').getByText('Failed').waitFor();
  await page.locator('.watch').getByText('410').waitFor();
});
