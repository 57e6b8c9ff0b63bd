import { eventually, staysSo } from '../support/condition.js';
import { Dashboard, seriousIssues } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;
let failing: string;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(({ path }) =>
    path === '/broken'
      ? { status: 500, headers: { 'x-reason': 'disk' }, body: '{"error":"the disk is full","count":1.0}' }
      : {},
  );
  tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url, { uid: 'healthy' });
  const broken = `http://127.0.0.1:${receiver.port}/broken`;
  failing = (await tenant.subscribe(broken, { uid: 'broken', retrySchedule: [600, 3_600], pauseAfter: null }))
    .id;
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

it('deliveries appear as they happen, without a reload', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries`);
  await page.getByText('No deliveries yet').waitFor();
  await tenant.publish({ type: 'lead.create', data: { id: 'first' } });
  const rows = page.locator('[data-row]');
  await rows.filter({ hasText: 'healthy' }).filter({ hasText: 'Succeeded' }).waitFor();
  await rows.filter({ hasText: 'broken' }).filter({ hasText: 'Retrying' }).waitFor();
  await tenant.publish({ type: 'lead.update', data: { id: 'second' } });
  await rows.filter({ hasText: 'lead.update' }).first().waitFor();
  expect(await rows.first().textContent()).toContain('lead.update');
});

it('what a filter no longer finds leaves the list', async () => {
  const own = await Tenant.create(dashboard.engine);
  const broken = `http://127.0.0.1:${receiver.port}/broken`;
  await own.subscribe(broken, { retrySchedule: [600], pauseAfter: null });
  await own.publish({ type: 'lead.create', data: { id: 'older' } });
  await own.publish({ type: 'lead.update', data: { id: 'newer' } });
  const page = await dashboard.open(`#/s/${own.uid}/deliveries?status=pending`);
  const rows = page.locator('[data-row]');
  await eventually(async () => expect(await rows.count()).toBe(2));
  const [newer, older] = await own.deliveries();
  await dashboard.engine.ok('POST', own.path(`/deliveries/${older?.id}/cancel`));
  await eventually(async () => expect(await rows.count()).toBe(1), { timeoutMs: 8_000 });
  expect(await rows.textContent()).toContain('lead.update');
  await dashboard.engine.ok('POST', own.path(`/deliveries/${newer?.id}/cancel`));
  await page.getByText('No matching deliveries').waitFor();
});

it('what a search found further down stays while the list looks for news', async () => {
  const own = await Tenant.create(dashboard.engine);
  const { id } = await own.subscribe(receiver.url);
  await dashboard.engine.ok('POST', own.path(`/subscriptions/${id}/pause`));
  await own.publish({ type: 'lead.create', data: { id: 'wanted' } });
  // More than one page looks through.
  const later = Array.from({ length: 100 }, () => ({ type: 'lead.create', data: { id: 'later' } }));
  for (let batch = 0; batch < 21; batch += 1) await own.publish(later);
  const page = await dashboard.open(`#/s/${own.uid}/deliveries?payload=id%3Dwanted`);
  const rows = page.locator('[data-row]');
  await page.getByText('0 found among the deliveries').waitFor();
  await page.getByRole('button', { name: 'Look further' }).click();
  await eventually(async () => expect(await rows.count()).toBe(1));
  const isNews = (url: string) => url.includes('/deliveries?') && !url.includes('cursor=');
  for (let looks = 0; looks < 3; looks += 1) {
    await page.waitForResponse((response) => isNews(response.url()));
    expect(await rows.count()).toBe(1);
  }
  await own.publish({ type: 'lead.update', data: { id: 'wanted' } });
  await rows.filter({ hasText: 'lead.update' }).waitFor();
});

it('a year is typed digit by digit into the time of a filter', async () => {
  const since = '2026-06-15T10:00:00.000Z';
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries?since=${since}`);
  await page.getByRole('button', { name: /^Since/ }).click();
  const field = page.getByLabel('Since (Europe/Paris)');
  await field.focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  for (const digit of '2025') await page.keyboard.press(digit);
  await eventually(async () => expect(await field.inputValue()).toBe('2025-06-15T12:00'));
  expect(page.url()).toContain('since=2025-06-15T10');
});

it('filters stand in the address: a view can be sent to a colleague', async () => {
  await tenant.publish({ type: 'tag.create', data: { id: 'filtered' } });
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries`);
  await page.getByRole('combobox', { name: 'Event type' }).click();
  await page.getByRole('combobox', { name: 'Event type', expanded: true }).fill('tag.cr');
  await page.getByRole('option', { name: 'tag.create' }).click();
  await page.getByRole('combobox', { name: 'Status' }).click();
  await page.getByRole('option', { name: 'Pending' }).click();
  const rows = page.locator('[data-row]');
  await eventually(async () => expect(await rows.count()).toBe(1));
  const colleague = await dashboard.open(page.url().slice(dashboard.url.length));
  await eventually(async () => expect(await colleague.locator('[data-row]').count()).toBe(1));
  expect(await colleague.locator('[data-row]').textContent()).toContain('broken');
  await colleague.getByRole('button', { name: 'Clear', exact: true }).click();
  await eventually(async () => expect(await colleague.locator('[data-row]').count()).toBeGreaterThan(1));
});

it('a delivery’s page says what was sent, what came back, how long it took and what comes next', async () => {
  const event = await tenant.publish({ type: 'list.create', data: { id: 'page', size: 1 } });
  const [delivery] = await eventually(async () => {
    const found = await tenant.deliveries(`?event=${event.id}&subscription=${failing}`);
    expect(found[0]?.attemptCount).toBe(1);
    return found;
  });
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries/${delivery?.id}`);
  await page.getByText('"the disk is full"').waitFor();
  expect(await page.getByRole('table', { name: 'Response headers' }).textContent()).toContain('x-reasondisk');
  expect(await page.getByLabel('Body', { exact: true }).textContent()).toContain('"count": 1.0');
  await page.getByText('Raw').click();
  expect(await page.getByLabel('Body', { exact: true }).textContent()).toBe(
    '{"error":"the disk is full","count":1.0}',
  );
  await page.getByText('+ 1 h').waitFor();

  await page.getByRole('tab', { name: 'Timings' }).click();
  expect(await page.getByRole('table', { name: 'Timings' }).textContent()).toMatch(/Total[\d.]+ ms/);
  await page.getByRole('tab', { name: 'Signature' }).click();
  expect(await page.getByLabel('Body', { exact: true }).textContent()).toMatch(
    /^evt_\w+\.\d+\.\{"type":"list.create"/,
  );
  await page.getByRole('tab', { name: 'Request' }).click();
  expect(await page.getByRole('table', { name: 'Request headers' }).textContent()).toContain(
    'webhook-signature',
  );
  await page.getByRole('button', { name: 'Copy as curl' }).click();
  const curl = await page.evaluate<string>('navigator.clipboard.readText()');
  expect(curl).toContain(`curl -X POST 'http://127.0.0.1:${receiver.port}/broken'`);
  expect(curl).toContain('"size":1');

  await page.getByRole('button', { name: 'Retry now' }).click();
  await page.getByRole('button', { name: /^Attempt 2/ }).waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();
  await page.getByText('Cancelled', { exact: true }).waitFor();
});

it('a list draws its rows when what stood above it is gone, without a scroll', async () => {
  await tenant.publish({ type: 'lead.create', data: { id: 'below' } });
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries`);
  const rows = page.locator('[data-row]');
  await rows.first().waitFor();
  await page.evaluate(`{
    const note = document.createElement('div');
    note.id = 'note';
    note.style.height = '5000px';
    document.querySelector('main').prepend(note);
  }`);
  await eventually(async () => expect(await rows.count()).toBe(0));
  await page.evaluate(`document.getElementById('note').remove()`);
  await rows.first().waitFor();
});

it('a long list keeps few rows in the page, however far one scrolls', async () => {
  const data = Array.from({ length: 500 }, (_, index) => ({
    type: 'status.create',
    data: { id: `many-${index}` },
  }));
  const { status } = await tenant.send(data);
  expect(status).toBe(202);
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries?type=status.create`);
  const rows = page.locator('[data-row]');
  await rows.first().waitFor();
  const height = () => page.evaluate<number>('document.documentElement.scrollHeight');
  const start = await height();
  await eventually(
    async () => {
      await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
      expect(await height()).toBeGreaterThan(start * 5);
    },
    { timeoutMs: 20_000 },
  );
  expect(await rows.count()).toBeLessThan(80);
});

it('a next page that is refused is asked for again by a scroll, and not all the time', async () => {
  const events = Array.from({ length: 150 }, (_none, n) => ({ type: 'list.create', data: { id: `${n}` } }));
  expect((await tenant.send(events)).status).toBe(202);
  const page = await dashboard.open('#/');
  let refusals = 0;
  const pattern = /\/deliveries\?.*cursor=/;
  await page.route(pattern, (route) => {
    refusals += 1;
    return route.fulfill({ status: 429, json: { title: 'Too many requests', code: 'too_many_requests' } });
  });
  await page.goto(`${dashboard.url}#/s/${tenant.uid}/deliveries?type=list.create`);
  await page.locator('[data-row]').first().waitFor();
  await page.getByRole('switch').click();
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await eventually(() => expect(refusals).toBeGreaterThan(0));
  await staysSo(() => expect(refusals).toBeLessThan(5), {
    forMs: 1_500,
    because: 'without a pause there were 60 requests in this time',
  });
  await page.unroute(pattern);
});

it('however far one scrolls, only what is near stays in memory; scrolled back to, it is there again', async () => {
  const many = await Tenant.create(dashboard.engine);
  await many.subscribe(receiver.url);
  for (let batch = 0; batch < 5; batch += 1) {
    const events = Array.from({ length: 500 }, (_, n) => ({
      type: 'status.create',
      data: { id: `${batch}-${n}` },
    }));
    expect((await many.send(events)).status).toBe(202);
  }
  const page = await dashboard.open(`#/s/${many.uid}/deliveries`);
  await page.locator('[data-row]').first().waitFor();
  await page.getByRole('switch').click();
  const scroll = (where: string) => page.evaluate(`scrollTo(0, ${where})`);
  const rows = () => page.evaluate<number>(`document.querySelector('.list-body').clientHeight / 38`);
  await eventually(
    async () => {
      await scroll('document.documentElement.scrollHeight');
      expect(await rows()).toBe(2_500);
    },
    { timeoutMs: 30_000 },
  );
  // By its place: which row is the first one drawn depends on what has come so far.
  const rowAt = (index: number) =>
    page.evaluate<string | null>(
      `document.querySelector('.list-item[style*="translateY(${index * 38}px)"] a')?.getAttribute('href') ?? null`,
    );
  await scroll('document.documentElement.scrollHeight');
  await eventually(() => rowAt(2_499));
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  expect(await rowAt(600)).toBeNull();
  await scroll('600 * 38');
  const there = await eventually(() => rowAt(600));
  expect(asked.length).toBeGreaterThan(0);
  expect(asked.length).toBeLessThan(12);
  await scroll('2400 * 38');
  await eventually(async () => expect(await rowAt(600)).toBeNull());
  await scroll('600 * 38');
  expect(await eventually(() => rowAt(600))).toBe(there);
  expect(await rows()).toBe(2_500);
}, 60_000);

it('whatever a filter finds is retried at once, after a count', async () => {
  await tenant.publish({ type: 'tag.delete', data: { id: 'bulk' } });
  await eventually(async () => {
    const found = await tenant.deliveries(`?type=tag.delete&subscription=${failing}`);
    expect(found[0]?.attemptCount).toBe(1);
  });
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries?type=tag.delete&subscription=${failing}`);
  await page.getByRole('button', { name: 'Retry these…' }).click();
  await page.getByText('1 delivery will get one attempt').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Retry 1 delivery' }).click();
  await page.getByText('1 of 1 · completed').waitFor();
  await eventually(async () => {
    const found = await tenant.deliveries(`?type=tag.delete&subscription=${failing}`);
    expect(found[0]?.attemptCount).toBe(2);
  });
  // Another filter is another question: what the dialog says would no longer be about what stands behind it.
  await page.evaluate(`location.hash = location.hash.replace('tag.delete', 'tag.create')`);
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}, 60_000);

it('what an endpoint missed is replayed, after a count', async () => {
  const alone = await Tenant.create(dashboard.engine);
  for (const id of ['one', 'two']) await alone.publish({ type: 'lead.create', data: { id } });
  const { id } = await alone.subscribe(receiver.url);
  const page = await dashboard.open(`#/s/${alone.uid}/subscriptions/${id}`);
  await page.getByRole('button', { name: 'More' }).click();
  await page.getByRole('menuitem', { name: 'Replay…' }).click();
  await page.getByText('2 events').waitFor();
  await page.getByRole('button', { name: 'Replay 2' }).click();
  await page.getByText('2 of 2 · completed').waitFor();
  await eventually(async () => {
    const found = await alone.deliveries();
    expect(found.map(({ status, trigger }) => [status, trigger])).toEqual(
      Array(2).fill(['succeeded', 'replay']),
    );
  });
});
