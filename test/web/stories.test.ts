import type { Page } from 'playwright-core';
import { eventually } from '../support/condition.js';
import { Dashboard, loaded } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

/** What a person meets besides the functions: a slow network, a screen reader, less motion. */
let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;
let subscription: string;
let delivery: string;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(() => ({ status: 500, body: 'no' }));
  tenant = await Tenant.create(dashboard.engine);
  await dashboard.engine.ok('PATCH', tenant.path(''), { name: 'Northwind' });
  const { id } = await tenant.subscribe(receiver.url, { uid: 'crm', retrySchedule: [600] });
  subscription = id;
  await tenant.publish({ type: 'lead.create', data: { id: 'one' } });
  delivery = await eventually(async () => {
    const [found] = await tenant.deliveries();
    return found !== undefined && found.attemptCount > 0 && found.id;
  });
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
  await receiver.close();
});

const open = (page: string) => dashboard.open(`#/s/${tenant.uid}/${page}`);

/** Each answer of the API comes so many milliseconds later. */
async function slowDown(page: Page, ms: number): Promise<void> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('Network.enable');
  const rates = { downloadThroughput: 40 * 1024, uploadThroughput: 20 * 1024 };
  await devtools.send('Network.emulateNetworkConditions', { offline: false, latency: ms, ...rates });
}

it('over a slow network a page has its frame and says what loads, then shows it, and calls nothing away', async () => {
  const page = await open('overview');
  await page.locator('.figure').first().waitFor();
  await slowDown(page, 1_500);
  await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
  // The frame is there while the rows are on their way.
  await page.getByRole('link', { name: 'Events', exact: true }).waitFor();
  await page.locator('.skeleton, .loading').first().waitFor();
  await page.locator('[data-row]').first().waitFor();
  expect(await page.getByText(/reconnecting$/).count()).toBe(0);
  expect(await page.getByText('cannot be reached').count()).toBe(0);
}, 60_000);

const PAGES = [
  ...[
    'overview',
    'subscriptions',
    'subscription',
    'edit',
    'deliveries',
    'delivery',
    'events',
    'preview',
    'bench',
  ],
  ...['catalogue', 'audit', 'portal', 'jobs', 'privacy', 'settings'],
  ...['/all', '/spaces', '/system', '/event-types', '/broadcasts', '/people'],
];

it.each(PAGES)(
  'a screen reader hears of %s what it is, where it may go, and a name for all that can be used',
  async (name) => {
    const fragment =
      {
        subscription: `subscriptions/${subscription}`,
        delivery: `deliveries/${delivery}`,
        edit: `subscriptions/${subscription}/edit`,
        preview: `subscriptions/${subscription}/preview`,
      }[name] ?? name;
    const page = await (name.startsWith('/') ? dashboard.open(`#${name}`) : open(fragment));
    await page.locator('main h1').waitFor();
    await loaded(page);
    // A picture in a control that has a name is part of it.
    const tree = (await page.locator('body').ariaSnapshot()).replaceAll(
      /(- (?:button|link) ".*:)\n *- img$/gm,
      '$1',
    );
    expect(tree.match(/heading .*\[level=1\]/g)).toHaveLength(1);
    expect(tree).toMatch(/- navigation/);
    expect(tree).toMatch(/- main/);
    // A line that ends with its role has no name.
    expect(
      tree.match(/^\s*- (?:button|link|textbox|combobox|checkbox|radio|tab|img|table)(?: \[.*\])?$/gm),
    ).toBeNull();
  },
);

it('whoever wants less motion sees none', async () => {
  const page = await open('overview');
  await page.locator('.figure').first().waitFor();
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').waitFor();
  const moving = await page.evaluate<string[]>(
    `[...document.querySelectorAll('*')].filter((e) => {
      const { animationName, animationDuration, transitionDuration } = getComputedStyle(e);
      const seconds = (text) => Math.max(...text.split(',').map(parseFloat));
      return (animationName !== 'none' && seconds(animationDuration) > 0.01) || seconds(transitionDuration) > 0.01;
    }).map((e) => e.outerHTML.slice(0, 120))`,
  );
  expect(moving).toEqual([]);
});

it('the same moment is another time in another zone', async () => {
  const page = await open(`deliveries/${delivery}`);
  const time = page.locator('main time').first();
  await time.waitFor();
  const at = (await time.getAttribute('datetime')) ?? '';
  const clock = (timeZone: string) =>
    new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone }).format(new Date(at));
  expect(await time.textContent()).toContain(clock('Europe/Paris'));
  const elsewhere = await dashboard.open(`#/s/${tenant.uid}/deliveries/${delivery}`, {
    zone: 'Asia/Kolkata',
  });
  const there = elsewhere.locator('main time').first();
  await eventually(async () => expect(await there.textContent()).toContain(clock('Asia/Kolkata')));
  expect(await there.getAttribute('datetime')).toBe(at);
});
