import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { Dashboard, loaded, seriousIssues } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';
import { eventually } from '../support/condition.js';

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;
/** The pages, by the name of their picture. */
let pages: [name: string, fragment: string][];

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(({ path }) =>
    path === '/broken'
      ? { status: 500, body: '{"error":"the disk is full","retry":false}' }
      : { body: '{"ok":true}' },
  );
  const { engine } = dashboard;
  tenant = await Tenant.create(engine);
  await engine.ok('PATCH', tenant.path(''), { name: 'Northwind CRM' });
  const base = `http://127.0.0.1:${receiver.port}`;
  await tenant.subscribe(`${base}/hooks/crm`, { uid: 'crm', description: 'Keeps the CRM up to date' });
  await tenant.subscribe(`${base}/hooks/warehouse`, {
    uid: 'warehouse',
    events: ['lead.*', 'campaign.create'],
  });
  await tenant.subscribe(`${base}/later`, { uid: 'nobody', events: ['tag.delete'] });
  const broken = await tenant.subscribe(`${base}/broken`, {
    uid: 'billing',
    description: 'Billing, old server',
    retrySchedule: [1, 30, 300],
    filter: { email: { exists: true }, id: { not: 'x' } },
    headers: { 'x-team': 'billing' },
  });
  const { data: types } = await engine.ok<{ data: { name: string; example: object }[] }>(
    'GET',
    tenant.path('/event-types'),
  );
  for (const { name, example } of types.slice(0, 12)) await tenant.publish({ type: name, data: example });
  await eventually(async () => {
    const deliveries = await tenant.deliveries(`?subscription=${broken.id}&limit=250`);
    expect(deliveries.some(({ attemptCount }) => attemptCount > 1)).toBe(true);
  });
  const [failing] = await tenant.deliveries(`?subscription=${broken.id}&limit=1`);
  const space = `#/s/${tenant.uid}`;
  pages = [
    ['overview', `${space}/overview`],
    ['subscriptions', `${space}/subscriptions`],
    ['subscription', `${space}/subscriptions/${broken.id}`],
    ['subscription-edit', `${space}/subscriptions/${broken.id}/edit`],
    ['subscription-new', `${space}/subscriptions/new`],
    ['subscription-preview', `${space}/subscriptions/${broken.id}/preview`],
    ['deliveries', `${space}/deliveries`],
    ['delivery', `${space}/deliveries/${failing?.id}`],
    ['events', `${space}/events`],
    ['event', `${space}/events/${failing?.eventId}`],
    ['event-compare', `${space}/events/${failing?.eventId}?compare=1`],
    ['bench', `${space}/bench`],
    ['catalogue', `${space}/catalogue`],
    ['audit', `${space}/audit`],
    ['privacy', `${space}/privacy`],
    ['holds', `${space}/privacy?tab=holds`],
    ['jobs', `${space}/jobs`],
    ['settings', `${space}/settings`],
    ['portal-settings', `${space}/portal`],
    ['compare', `${space}/deliveries/${failing?.id}?compare=1`],
    ['all-spaces', '#/all'],
    ['spaces', '#/spaces'],
    ['broadcasts', '#/broadcasts'],
    ['event-types', '#/event-types'],
    ['people', '#/people'],
    ['system', '#/system'],
    ['audit-of-all', '#/audit'],
  ];
}, 60_000);

afterAll(async () => {
  await dashboard.close();
  await receiver.close();
});

it.each([
  ['light', { scheme: 'light' }],
  ['dark', { scheme: 'dark' }],
  ['narrow', { scheme: 'light', narrow: true }],
] as const)(
  'every page is accessible and complains about nothing, %s',
  async (name, look) => {
    const found: string[] = [];
    const page = await dashboard.open(pages[0]?.[1], look);
    for (const [title, fragment] of pages) {
      await page.goto(`${dashboard.url}${fragment}`);
      await page.locator('h1').waitFor();
      await loaded(page);
      await page.evaluate('document.fonts.ready');
      found.push(...(await seriousIssues(page)).map((issue) => `${title}: ${issue}`));
      await dashboard.picture(page, `${title}-${name}`);
      const tooWide = await page.evaluate('document.documentElement.scrollWidth > innerWidth');
      if (tooWide) found.push(`${title}: scrolls sideways`);
      found.push(...(await cutToNothing(page)).map((text) => `${title}: "${text}" is cut to a few letters`));
    }
    await page.context().close();
    expect(found).toEqual([]);
    expect(dashboard.complaints).toEqual([]);
  },
  120_000,
);

/** Texts that are shortened to less than anybody can read. */
function cutToNothing(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(
    `[...document.querySelectorAll('.ellipsis')]
      .filter((part) => part.clientWidth < 50 && part.scrollWidth > part.clientWidth + 1)
      .map((part) => part.textContent)`,
  );
}

/** The pages with the most on them may load a little more. */
const HEAVY = new Set(['subscription', 'subscription-edit', 'subscription-new', 'portal-settings']);

it('loads at most 200 KB, compressed and with fonts, before it shows a page', async () => {
  const large: string[] = [];
  for (const [title, fragment] of pages) {
    const bytes = await dashboard.coldBytes(fragment);
    expect(bytes).toBeGreaterThan(50 * 1024);
    if (bytes > (HEAVY.has(title) ? 235 : 200) * 1024) large.push(`${title}: ${Math.round(bytes / 1024)} KB`);
  }
  expect(large).toEqual([]);
}, 120_000);

it('has the rules of every part of Mantine that is used', () => {
  const whole = readFileSync(createRequire(import.meta.url).resolve('@mantine/core/styles.css'), 'utf8');
  const built = join(import.meta.dirname, '../../dist/web/assets');
  const text = (end: string) =>
    readdirSync(built)
      .filter((name) => name.endsWith(end))
      .map((name) => readFileSync(join(built, name), 'utf8'))
      .join('\n');
  const styles = text('.css');
  const used = new Set(text('.js').match(/\bm_[0-9a-f]{6,8}\b/g));
  expect(used.size).toBeGreaterThan(50);
  expect([...used].filter((name) => whole.includes(`.${name}`) && !styles.includes(`.${name}`))).toEqual([]);
});

it('shows a page within a second, ready to be used', async () => {
  const page = await dashboard.open(pages[0]?.[1]);
  const slow: string[] = [];
  const heavy = new Set(['overview', 'subscriptions', 'deliveries', 'delivery', 'bench']);
  for (const [title, fragment] of pages.filter(([name]) => heavy.has(name))) {
    const times: number[] = [];
    for (let load = 0; load < 3; load += 1) {
      // Of another document, so that the address below is a load of its own.
      await page.goto('about:blank');
      await page.goto(`${dashboard.url}${fragment}`);
      await page.locator('main h1').waitFor();
      await loaded(page);
      times.push(await page.evaluate<number>('performance.now()'));
    }
    const [, median = Infinity] = times.sort((a, b) => a - b);
    if (median > 1_000) slow.push(`${title}: ${Math.round(median)} ms`);
  }
  expect(slow).toEqual([]);
}, 60_000);

it('is usable by keyboard alone', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries`);
  await page.locator('[data-row]').first().waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  const first = await page.locator('[data-row]').first().getAttribute('href');
  expect(await page.evaluate("document.activeElement.getAttribute('href')")).toBe(first);
  await page.keyboard.press('/');
  expect(await page.evaluate("document.activeElement.getAttribute('aria-label')")).toBe('Event id');
  await page.keyboard.press('Escape');
  await page.locator('h1').click();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('s');
  await page.getByRole('heading', { name: 'Subscriptions', exact: true }).waitFor();
});

it('gives local times, and UTC to whoever points at one', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries`);
  const time = page.locator('[data-row] time').first();
  await time.waitFor();
  const [at, title, text] = [
    await time.getAttribute('datetime'),
    await time.getAttribute('title'),
    await time.textContent(),
  ];
  const date = new Date(at ?? '');
  const paris = new Intl.DateTimeFormat('en-GB', { timeZone: 'Europe/Paris', timeStyle: 'medium' }).format(
    date,
  );
  expect(text).toBe(paris);
  expect(title).toBe(date.toISOString().replace('T', ' ').replace('Z', ' UTC'));
});

it.each(['en-GB', 'sv-SE', 'ja-JP'])(
  'says the year of another year’s day in the form of %s',
  async (locale) => {
    const since = new Date();
    since.setUTCFullYear(since.getUTCFullYear() - 1);
    const page = await dashboard.open(`#/s/${tenant.uid}/deliveries?since=${since.toISOString()}`, {
      locale,
    });
    await page.getByRole('button', { name: String(since.getUTCFullYear()) }).waitFor({ timeout: 5_000 });
  },
);

it('the overview says what is broken and why, and follows what happens', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/overview`);
  await page.locator('.worst').getByText('/broken').waitFor();
  expect(await page.locator('.worst').textContent()).toMatch(/fail/i);
  const figure = page.locator('.figure').first();
  const before = await figure.textContent();
  await tenant.publish({ type: 'tag.create', data: { id: 'one-more' } });
  await eventually(async () => expect(await figure.textContent()).not.toBe(before), { timeoutMs: 15_000 });
  await page.getByRole('img', { name: /^Attempts over time/ }).waitFor();
});
