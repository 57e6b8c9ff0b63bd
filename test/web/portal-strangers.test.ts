import type { Page } from 'playwright-core';
import { eventually } from '../support/condition.js';
import { Dashboard } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

/** Runs where it is taken for markup; turns the writing where it is not made visible. */
const MARKUP = `"'><img src=x class=planted onerror="window.planted=1"><script class=planted>window.planted=1</script>`;
const PLANT = `${MARKUP}\u202egnp.exe\u2066\u200b`;
const HIDDEN = /[\u202a-\u202e\u2066-\u2069\u200b]|(?!\s)\p{Cc}/u;

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;
let subscription = '';
let delivery = '';

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(() => ({
    status: 500,
    headers: { 'x-planted': MARKUP, 'content-type': 'text/html' },
    body: `<html><body>${PLANT}\u0007</body></html>`,
  }));
  const { engine } = dashboard;
  tenant = await Tenant.create(engine);
  await engine.ok('PATCH', tenant.path('/portal'), { name: MARKUP.slice(0, 60), fonts: ['Arial'] });
  await engine.ok('PUT', tenant.path('/event-types/planted.event'), {
    description: PLANT,
    family: PLANT.slice(0, 60),
    example: { [PLANT]: PLANT },
  });
  ({ id: subscription } = await tenant.subscribe(
    `${receiver.url}/"><img/src=x/class=planted/onerror=alert(1)>`,
    {
      description: PLANT,
      events: ['planted.event'],
      headers: { 'x-own': `own ${MARKUP}` },
      retrySchedule: [300],
    },
  ));
  await tenant.publish({ type: 'planted.event', id: PLANT, data: { [PLANT]: PLANT, list: [PLANT] } });
  await eventually(async () => {
    const [found] = await tenant.deliveries();
    expect(found?.attemptCount).toBe(1);
    delivery = found?.id ?? '';
  });
}, 60_000);

afterAll(async () => {
  await dashboard.close();
  await receiver.close();
});

/** What got through on a page: elements, script, or characters nobody sees. */
async function harm(page: Page): Promise<string[]> {
  return page.evaluate<string[]>(`(() => {
    const said = [document.title, document.body.innerText, ...[...document.querySelectorAll('*')].flatMap((e) =>
      ['title', 'aria-label', 'alt', 'placeholder'].map((name) => e.getAttribute(name) ?? ''))];
    const hidden = new RegExp(${JSON.stringify(HIDDEN.source)}, 'u');
    return [
      ...(window.planted === undefined ? [] : ['the script ran']),
      ...[...document.querySelectorAll('.planted')].map((e) => e.outerHTML),
      ...said.filter((text) => hidden.test(text)).map((text) => 'hidden: ' + text.slice(0, 200)),
      ...window.reports,
    ];
  })()`);
}

it('shows what strangers wrote as text, with nothing hidden, and its policy has nothing to report', async () => {
  const { url } = await dashboard.engine.ok<{ url: string }>('POST', tenant.path('/portal-links'), {
    scope: 'manage',
    language: 'en',
  });
  const page = await dashboard.open('healthz', { key: null });
  await page.addInitScript(`window.reports = [];
    addEventListener('securitypolicyviolation', (event) =>
      reports.push('policy: ' + event.violatedDirective + ' ' + event.blockedURI));`);
  await page.goto(url);
  const address = url.replace(/#.*/, '');
  const pages: [fragment: string, ready: string, ...clicks: string[]][] = [
    ['#/endpoints', '.rows a'],
    [
      `#/endpoints/${subscription}`,
      '.rows a',
      'text=Show secret',
      'text=Rotate secret',
      'button:text-is("Delete")',
      'text=Cancel',
    ],
    [`#/endpoints/${subscription}/edit`, 'input[type=checkbox]'],
    ['#/endpoints/new', '#url', 'text=Only selected event types'],
    [`#/deliveries/${delivery}`, '.attempt', 'summary:has-text("Request")', 'text=Retry now'],
    [`#/deliveries/${encodeURIComponent(PLANT)}`, '[role=alert]'],
    [`#/endpoints/${encodeURIComponent(PLANT)}`, '[role=alert]'],
    ['#/types', 'summary:has-text("planted.event")', 'summary:has-text("planted.event")'],
    [`#/${encodeURIComponent(PLANT)}`, '.rows a'],
  ];
  const found: string[] = [];
  for (const [fragment, ready, ...clicks] of pages) {
    await page.goto(`${address}${fragment}`);
    await page.locator(ready).first().waitFor();
    found.push(...(await harm(page)).map((what) => `${fragment}: ${what}`));
    for (const click of clicks) {
      await page.locator(click).first().click();
      found.push(...(await harm(page)).map((what) => `${fragment} ${click}: ${what}`));
    }
  }
  expect(found).toEqual([]);
  expect(dashboard.complaints).toEqual([]);
}, 60_000);

it('everything on a page has a name for those who hear it', async () => {
  const { url } = await dashboard.engine.ok<{ url: string }>('POST', tenant.path('/portal-links'), {
    scope: 'manage',
    language: 'fr',
  });
  const page = await dashboard.open(url.slice(dashboard.url.length), { key: null });
  for (const fragment of [
    `#/endpoints/${subscription}`,
    '#/endpoints/new',
    `#/deliveries/${delivery}`,
    '#/types',
  ]) {
    await page.goto(`${url.replace(/#.*/, '')}${fragment}`);
    await page.getByRole('heading', { level: 1 }).waitFor();
    const nameless = await page.evaluate<string[]>(
      `[...document.querySelectorAll('button, a, input, select, summary')].filter((e) =>
        !(e.labels?.length || e.getAttribute('aria-label') || e.textContent.trim())).map((e) => e.outerHTML)`,
    );
    expect([fragment, nameless]).toEqual([fragment, []]);
    const tree = await page.locator('main').ariaSnapshot();
    expect(tree).toMatch(/heading .*\[level=1\]/);
  }
});
