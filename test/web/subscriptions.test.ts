import { eventually } from '../support/condition.js';
import { Dashboard, seriousIssues } from '../support/dashboard.js';
import { fixture, startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;
let receiver: Receiver;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(({ path }) => ({ status: path === '/500' ? 500 : 200 }));
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

it('a new space says what to do, and its first subscription is made, verified and tested', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions`);
  await page.getByText('No subscriptions yet').waitFor();
  await page.getByRole('link', { name: 'New subscription' }).click();

  await page.getByLabel('URL').fill(receiver.url);
  await page.getByLabel('Your own id').fill('crm');
  await page.getByText('Only some').click();
  await page.getByLabel('Search events').fill('campaign.*');
  await page.getByLabel('Search events').press('Enter');
  await page.getByLabel('Search events').fill('create');
  await page.getByRole('checkbox', { name: /^lead\.create/ }).click();
  await page.getByText('matches 4 of 31 events').waitFor();
  await page.getByRole('button', { name: 'Add condition' }).click();
  await page.getByLabel('Path 1').fill('first_name');
  await page.getByLabel('Value 1', { exact: true }).fill('Ada');
  await page.getByRole('button', { name: 'Add header' }).click();
  await page.getByLabel('Header 1', { exact: true }).fill('x-team');
  await page.getByLabel('Value of header 1').fill('sales');
  await page.getByLabel('Retry schedule').fill('2 s, 1 min 30 s');
  await page.getByText('3 attempts over 1 min 32 s.').waitFor();
  await page.getByRole('button', { name: 'Create subscription' }).click();

  const dialog = page.getByRole('dialog', { name: 'The signing secret' });
  const secret = await dialog.locator('.secret-box').textContent();
  expect(secret).toMatch(/^whsec_/);
  expect(await seriousIssues(page)).toEqual([]);
  const snippet = (await dialog.getByLabel('Node code', { exact: true }).textContent()) ?? '';
  await dialog.getByRole('button', { name: 'Done' }).click();

  const made = await dashboard.engine.ok('GET', tenant.path('/subscriptions/crm'));
  expect(made).toMatchObject({
    events: ['campaign.*', 'lead.create'],
    filter: { first_name: 'Ada' },
    headers: { 'x-team': 'sales' },
    retrySchedule: [2, 90],
  });

  await page.getByRole('button', { name: 'Test' }).click();
  await page.getByRole('button', { name: 'Send test' }).click();
  await page.getByText('a test send').waitFor();
  await page.getByText('Succeeded').waitFor();
  const [request] = await receiver.received(1);
  const code = `data:text/javascript,${encodeURIComponent(snippet)}`;
  const { isGenuine } = (await import(code)) as {
    isGenuine: (body: Buffer | undefined, headers: unknown, secret: string | null) => boolean;
  };
  expect(isGenuine(request?.body, request?.headers, secret)).toBe(true);
  expect(isGenuine(Buffer.from('{}'), request?.headers, secret)).toBe(false);
});

it('what was held during a pause is counted, and delivered or discarded as one chooses', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(receiver.url);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}`);
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('it was paused manually').waitFor();
  for (const lead of ['one', 'two']) await tenant.publish({ type: 'lead.create', data: { id: lead } });

  await page.getByRole('button', { name: 'Resume…' }).click();
  await page.getByText('2 deliveries are held.').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('dialog').getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await eventually(async () => {
    expect((await tenant.deliveries()).map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
  });

  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('it was paused manually').waitFor();
  await tenant.publish({ type: 'lead.create', data: { id: 'three' } });
  await page.getByRole('button', { name: 'Resume…' }).click();
  await page.getByText('1 delivery is held.').waitFor();
  await page.getByText('Discard', { exact: true }).click();
  await page.getByRole('button', { name: 'Resume and discard' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await eventually(async () => {
    expect((await tenant.deliveries('?limit=1'))[0]?.status).toBe('cancelled');
  });
});

it('every endpoint in the list shows how its last deliveries went, with one question for all', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const flaky = `http://127.0.0.1:${receiver.port}/500`;
  await tenant.subscribe(flaky, { uid: 'flaky', retrySchedule: [600], pauseAfter: null });
  await tenant.subscribe(flaky, { uid: 'single', retrySchedule: [], pauseAfter: null });
  await tenant.subscribe(receiver.url, { uid: 'deaf', events: ['tag.delete'] });
  for (let n = 0; n < 12; n += 1) await tenant.subscribe(receiver.url, { uid: `well-${n}` });
  for (const id of ['one', 'two']) await tenant.publish({ type: 'lead.create', data: { id } });
  await eventually(async () => {
    const open = await tenant.deliveries('?status=pending');
    expect(open.map(({ attemptCount }) => attemptCount)).toEqual([1, 1]);
  });
  const page = await dashboard.open(`#/s/${tenant.uid}/overview`);
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname.split('/').at(-1) ?? ''));
  await page.getByRole('link', { name: 'Subscriptions' }).click();
  const strip = (uid: string) => page.locator('[data-row]').filter({ hasText: uid }).locator('.strip');
  const words = async (uid: string) => strip(uid).getAttribute('aria-label');
  await eventually(async () => {
    expect(await words('well-11')).toBe('Last 2 attempts: 2 succeeded');
    expect(await words('flaky')).toBe('Last 2 attempts: 2 to be retried');
    expect(await words('single')).toBe('Last 2 attempts: 2 failed');
    expect(await words('deaf')).toBe('No attempts yet');
  });
  expect(await strip('single').locator('.tone-bad').count()).toBe(2);
  expect(asked.filter((path) => path === 'recent-deliveries')).toHaveLength(1);
  expect(asked).not.toContain('deliveries');
});

it('an edit keeps what it did not touch, and never overwrites somebody else’s', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const filter = {
    amount: { gte: 10, lt: 100 },
    stage: { in: ['a', 'b,c'] },
    kind: { not: { in: [1, '1'] } },
    paid: true,
  };
  const fields = {
    filter,
    headers: { 'x-own': 'one' },
    retrySchedule: [],
    pauseAfter: null,
    rateLimit: { perSecond: 5 },
  };
  const { id } = await tenant.subscribe(receiver.url, fields);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}/edit`);
  await page.getByLabel('Description').fill('Changed');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Changed', { exact: true }).first().waitFor();
  const now = await dashboard.engine.ok('GET', tenant.path(`/subscriptions/${id}`));
  expect(now).toMatchObject({ ...fields, description: 'Changed' });

  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Description').fill('Mine');
  await dashboard.engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { description: 'Theirs' });
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('alert').filter({ hasText: 'The request failed' }).waitFor();
  expect(await dashboard.engine.ok('GET', tenant.path(`/subscriptions/${id}`))).toMatchObject({
    description: 'Theirs',
  });
});

it('a filter’s numbers and keys stay what they are, to the last digit', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const filter =
    '{"account":9007199254740993,"rate":{"in":[1,0.10000000000000000001]},"lead[\\"a.b\\"]":"1e2"}';
  const path = tenant.path('/subscriptions');
  await dashboard.engine.ok('POST', path, `{"url":"${receiver.url}","uid":"exact","filter":${filter}}`);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/exact`);
  await page.getByText('9007199254740993', { exact: true }).waitFor();
  await page.getByText('1, 0.10000000000000000001', { exact: true }).waitFor();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Description').fill('Changed');
  await page.getByRole('button', { name: 'Add condition' }).click();
  await page.getByLabel('Path 4').fill('thread');
  await page.getByLabel('Value 4', { exact: true }).fill('1497549923779084388');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Changed', { exact: true }).first().waitFor();
  const response = await fetch(dashboard.engine.url + tenant.path('/subscriptions/exact'), {
    headers: { authorization: `Bearer ${dashboard.engine.adminKey}` },
  });
  const text = await response.text();
  for (const kept of [
    '"account":9007199254740993',
    '"rate":{"in":[1,0.10000000000000000001]}',
    '"lead[\\"a.b\\"]":"1e2"',
    '"thread":1497549923779084388',
  ])
    expect(text).toContain(kept);
});

it('a rotated secret is shown once, and the old one goes on signing for the overlap', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id, secret } = await tenant.subscribe(receiver.url);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Rotate secret…' }).click();
  await page.getByRole('button', { name: 'Rotate', exact: true }).click();
  const dialog = page.getByRole('dialog', { name: 'The signing secret' });
  const fresh = await dialog.locator('.secret-box').textContent();
  expect(fresh).not.toBe(secret);
  await dialog.getByRole('button', { name: 'Done' }).click();
  await page.getByRole('button', { name: 'Show secret' }).click();
  await page.getByText('The previous secret is also used until').waitFor();
});

it('a mistake is explained at its field', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/new`);
  await page.getByLabel('URL').fill('ftp://example.com');
  await page.getByRole('button', { name: 'Create subscription' }).click();
  await page.getByRole('alert').waitFor();
  expect(await page.getByLabel('URL').getAttribute('aria-invalid')).toBe('true');
});

it('a wait that the endpoint asked for is shown, and ended at once', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  let busy = true;
  const slow = await startReceiver(() => (busy ? { status: 503, headers: { 'retry-after': '86400' } } : {}));
  const { id } = await tenant.subscribe(slow.url, { uid: 'slow' });
  await tenant.publish({ type: 'lead.create', data: { id: 'one' } });
  await eventually(async () => expect((await tenant.subscription(id)).waitsUntil).not.toBeNull());
  busy = false;
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions`);
  await page.getByText('Waits', { exact: true }).waitFor();
  await page.getByText(/waits until .* · slow/).click();
  await page.getByText(/^Waits until /).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send now' }).click();
  await page.getByText(/^Waits until /).waitFor({ state: 'detached' });
  await eventually(async () => expect((await tenant.deliveries())[0]?.status).toBe('succeeded'));
  await slow.close();
});

it('what was lost is shown with the number, and exactly that is sent again', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  let down = true;
  const flaky = await startReceiver(() => ({ status: down ? 500 : 200 }));
  const { id } = await tenant.subscribe(flaky.url, { retrySchedule: [] });
  for (const lead of ['one', 'two']) await tenant.publish({ type: 'lead.create', data: { id: lead } });
  await eventually(async () => expect((await tenant.subscription(id)).lost).toMatchObject({ count: 2 }));
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}`);
  await page.getByText('2 deliveries were lost of events since').waitFor();
  await page.getByText('The endpoint has not accepted a delivery since.').waitFor();
  down = false;
  await tenant.publish({ type: 'lead.create', data: { id: 'three' } });
  await page.getByText('The endpoint has accepted deliveries again since').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Send these 2 again' }).click();
  await page.getByText('2 of 2 · completed').waitFor();
  await flaky.received(5, 30_000);
  expect((await tenant.subscription(id)).lost).toBeNull();
  await flaky.close();
});

it('a pause for failures tells how many within what time, and when the next probe is', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const down = await startReceiver(() => ({ status: 500 }));
  const { id } = await tenant.subscribe(down.url, {
    pauseAfter: 2,
    onExhausted: 'hold',
    pauseAfterSeconds: 0,
  });
  for (const lead of ['one', 'two']) await tenant.publish({ type: 'lead.create', data: { id: lead } });
  await eventually(async () => expect((await tenant.subscription(id)).status).toBe('paused'));
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}`);
  await page
    .getByText(/2 attempts failed in a row within .* with one of them, next at \d\d:\d\d:\d\d/)
    .waitFor();
  await page.getByText('held while the endpoint is down').waitFor();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('…if they last at least, seconds').fill('90');
  await page.getByRole('combobox', { name: 'After the last retry' }).click();
  await page.getByRole('option', { name: 'The delivery fails' }).click();
  await page.getByLabel('Keep held deliveries for, days').fill('7');
  await page.getByLabel('Maximum of held deliveries').fill('500');
  await page.getByRole('button', { name: 'Save' }).click();
  const saved = { pauseAfterSeconds: 90, onExhausted: 'fail', heldDays: 7, heldMax: 500 };
  await eventually(async () => expect(await tenant.subscription(id)).toMatchObject(saved));
  await page.getByText('expire after 7 days, 500 at most').waitFor();
  await down.close();
});

it('a client certificate and an OAuth2 client are added, shown without their secrets, kept and removed', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(receiver.url);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}/edit`);
  await page.getByRole('button', { name: 'Add client certificate' }).click();
  await page.getByLabel('Certificate', { exact: true }).fill(fixture('client.pem'));
  await page.getByLabel('Private key').fill('nonsense');
  await page.getByRole('button', { name: 'Add OAuth2' }).click();
  await page.getByLabel('Token server').fill(`${receiver.url}/token`);
  await page.getByLabel('OAuth2 client', { exact: true }).fill('me');
  await page.getByLabel('OAuth2 client’s secret').fill('a client secret');
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('Give the private key in PEM form').first().waitFor();
  await page.getByLabel('Private key').fill(fixture('client-key.pem'));
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('O=Example, CN=posthorn-client').waitFor();

  await page.goto(page.url().replace(/[^/]*$/, `${id}/edit`));
  await page.getByText('Client certificate: set').waitFor();
  await page.getByRole('button', { name: 'Remove OAuth2' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await eventually(async () =>
    expect(await tenant.subscription(id)).toMatchObject({
      clientCertificate: { subject: 'O=Example, CN=posthorn-client' },
      oauth2: null,
    }),
  );
  await page.close();
});

it('the form of its requests is chosen, previewed before it is saved, and sent', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/new`);
  await page.getByLabel('URL').fill(receiver.url);
  await page.getByText('Only some').click();
  await page.getByRole('checkbox', { name: /^lead\.create/ }).click();
  await page.getByRole('combobox', { name: 'Body' }).click();
  await page.getByRole('option', { name: 'Template (JSONata)' }).click();
  const template = page.getByRole('textbox', { name: 'Template' });
  await template.fill('{"text": type &');
  await page.getByRole('button', { name: 'Preview the request' }).click();
  await page
    .getByRole('alert')
    .filter({ hasText: /template/i })
    .waitFor();
  await template.fill('{"text": "new: " & type}');
  await page.getByRole('combobox', { name: 'Method' }).click();
  await page.getByRole('option', { name: 'PUT' }).click();
  await page.getByRole('button', { name: 'Preview the request' }).click();
  const preview = page.getByRole('region', { name: 'Preview of the request' });
  await preview.getByText('PUT, for lead.create').waitFor();
  await preview.getByText('new: lead.create').waitFor();
  await page.getByLabel('Forward traceparent').check();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Create subscription' }).click();
  await page
    .getByRole('dialog', { name: 'The signing secret' })
    .getByRole('button', { name: 'Done' })
    .click();

  const { data } = await dashboard.engine.ok<{ data: object[] }>('GET', tenant.path('/subscriptions'));
  expect(data[0]).toMatchObject({
    body: { format: 'template', template: '{"text": "new: " & type}' },
    contentType: 'json',
    method: 'PUT',
    passTraceparent: true,
  });
  const before = receiver.requests.length;
  await tenant.publish({ type: 'lead.create', data: {} });
  await receiver.received(before + 1);
  const sent = receiver.requests[before];
  expect([sent?.method, String(sent?.body)]).toEqual(['PUT', '{"text":"new: lead.create"}']);
});

it('a subscription stays at a version of an event type, and leaves it again', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const type = { example: { mail: 'a@b.c' } };
  const second = { example: { email: 'a@b.c' }, downgrade: [{ move: 'email', to: 'mail' }] };
  await dashboard.engine.ok('PUT', tenant.path('/event-types/invoice.paid'), {
    ...type,
    versions: { 2: second, 3: { ...second, draft: true } },
  });
  const { id } = await tenant.subscribe(receiver.url, { events: ['invoice.paid'] });
  const pins = async () => (await tenant.subscription(id)).eventTypeVersions;
  const edit = `#/s/${tenant.uid}/subscriptions/${id}/edit`;
  const page = await dashboard.open(edit);
  await page.getByRole('combobox', { name: 'invoice.paid' }).click();
  await page.getByRole('option', { name: 'version 3, a draft' }).waitFor();
  await page.getByRole('option', { name: 'version 1' }).click();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByText('invoice.paid in version 1').waitFor();
  expect(await pins()).toEqual({ 'invoice.paid': 1 });

  await page.goto(`${dashboard.url}${edit}`);
  await page.getByRole('combobox', { name: 'invoice.paid' }).click();
  await page.getByRole('option', { name: 'as it is published' }).click();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await eventually(async () => expect(await pins()).toBeNull());
  await page.close();
});
