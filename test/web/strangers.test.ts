import type { Page } from 'playwright-core';
import { eventually } from '../support/condition.js';
import { Dashboard, loaded } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { SignedIn } from '../support/people.js';
import { Tenant } from '../support/tenant.js';

/** Runs where it is taken for markup; turns the writing where it is not made visible. */
const MARKUP = `"'><img src=x class=planted onerror="window.planted=1"><script class=planted>window.planted=1</script>`;
const PLANT = `${MARKUP}\u202egnp.exe\u2066\u0007\u200b`;
const HIDDEN = /[\u202a-\u202e\u2066-\u2069\u200b]|(?!\s)\p{Cc}/u;

let dashboard: Dashboard;
let receiver: Receiver;
let tenant: Tenant;
let subscription: string;
let delivery: string;
let event: string;

beforeAll(async () => {
  dashboard = await Dashboard.start();
  receiver = await startReceiver(() => ({
    status: 500,
    headers: { 'x-planted': MARKUP, 'content-type': 'text/html' },
    body: `<html><body>${PLANT}</body></html>`,
  }));
  const { engine } = dashboard;
  tenant = await Tenant.create(engine);
  // Controls are refused in names; everything else may be there.
  const name = PLANT.replaceAll('\u0007', '');
  await engine.ok('PATCH', tenant.path(''), { name });
  await engine.ok('PUT', tenant.path('/event-types/planted.event'), {
    description: name,
    family: name.slice(0, 60),
    example: { [PLANT]: PLANT },
  });
  const { id } = await tenant.subscribe(`${receiver.url}/"><img/src=x/class=planted/onerror=alert(1)>`, {
    description: name,
    filter: { [`${PLANT}x`]: { not: PLANT } },
    headers: { 'x-own': `own ${MARKUP}` },
    retrySchedule: [300],
  });
  subscription = id;
  await plantElsewhere(name);
  const published = await tenant.publish({
    type: 'planted.event',
    id: name,
    data: { [PLANT]: PLANT, list: [PLANT] },
    scope: { clientId: name, campaignId: name, leadId: name },
  });
  event = published.id;
  await eventually(async () => {
    const [found] = await tenant.deliveries();
    expect(found?.attemptCount).toBe(1);
    delivery = found?.id ?? '';
  });
}, 60_000);

/** In all that is of the instance, or is managed beside events. `name`: without controls. */
async function plantElsewhere(name: string): Promise<void> {
  const { engine } = dashboard;
  await engine.ok('PATCH', tenant.path(''), { metadata: { [name.slice(0, 40)]: name } });
  await engine.ok('POST', tenant.path('/keys'), { name, scope: 'read' });
  await engine.ok('POST', tenant.path('/holds'), { reason: name, subjectId: name });
  await engine.ok('PATCH', tenant.path('/portal'), { name: MARKUP.slice(0, 60) });
  await engine.ok('PUT', '/v1/event-types/planted.instance', {
    description: name,
    family: name.slice(0, 60),
    feature: 'rare',
    example: { [PLANT]: PLANT },
  });
  const email = `{'}onerror=alert(1)|`.slice(0, 60);
  for (const [at, removed] of ['stays', 'goes'].entries()) {
    const { id } = await engine.ok<{ id: string }>('POST', '/v1/people', {
      email: `${email}${at}@example.com`.replace(/[()]/g, ''),
      name,
    });
    if (removed === 'goes') {
      await engine.ok('DELETE', `/v1/people/${id}`);
      continue;
    }
    await engine.ok('PUT', tenant.path(`/people/${id}`), { role: 'viewer' });
    await SignedIn.again(engine, id, email, PLANT);
  }
  // Their data has not what the schema asks for.
  const other = await Tenant.create(engine);
  await engine.ok('PATCH', other.path(''), { tags: ['planted'], name });
  await engine.ok('PUT', '/v1/event-types/planted.cast', {
    schema: { type: 'object', required: [name] },
    validation: 'enforce',
  });
  await engine.ok('POST', '/v1/broadcasts', {
    event: { type: 'planted.cast', id: name, data: {} },
    tag: 'planted',
  });
  await eventually(async () => {
    const { data } = await engine.ok<{ data: { failed: number; skipped: number }[] }>(
      'GET',
      '/v1/broadcasts',
    );
    expect(data[0]).toMatchObject({ finishedAt: expect.any(String) });
  });
}

afterAll(async () => {
  await dashboard.close();
  await receiver.close();
});

/** What got through on a page: elements, script, or characters nobody sees. */
async function harm(page: Page): Promise<string[]> {
  const found: string[] = [];
  if (await page.evaluate('window.planted !== undefined')) found.push('the script ran');
  const elements = await page.evaluate<string[]>(
    `[...document.querySelectorAll('.planted')].map((e) => e.outerHTML)`,
  );
  found.push(...elements);
  const said = await page.evaluate<string[]>(
    `[document.title, document.body.innerText, ...[...document.querySelectorAll('*')].flatMap((e) =>
      ['title', 'aria-label', 'alt', 'placeholder'].map((name) => e.getAttribute(name) ?? ''))]`,
  );
  found.push(
    ...said
      .filter((text) => HIDDEN.test(text))
      .map((text) => `hidden: ${JSON.stringify(text.slice(0, 200))}`),
  );
  return found;
}

it('shows what strangers wrote as text, with nothing hidden, on every page', async () => {
  const space = `#/s/${tenant.uid}`;
  const pages: [fragment: string, ...clicks: string[]][] = [
    [`${space}/settings`, 'text=Delete…'],
    [`${space}/settings`, 'text=Revoke…'],
    [`${space}/jobs`],
    ['#/people', 'text=Sessions', 'text=1 space', 'text=Remove…'],
    ['#/people?show=removed', 'text=Erase…'],
    ['#/event-types', 'role=button[name="Edit… planted.instance"]'],
    ['#/broadcasts', 'text=Which spaces refused it'],
    [`${space}/overview`],
    [`${space}/subscriptions`],
    [`${space}/subscriptions/${subscription}`, 'text=Test'],
    [`${space}/subscriptions/${subscription}/edit`],
    [`${space}/subscriptions/new`, 'text=Only some'],
    [`${space}/deliveries`, 'text=Retry these'],
    [`${space}/deliveries?subscription=${subscription}&event=${encodeURIComponent(PLANT)}`],
    [
      `${space}/deliveries/${delivery}`,
      'role=tab[name="Request"]',
      'role=tab[name="Signature"]',
      'role=tab[name="Timings"]',
    ],
    [`${space}/deliveries/${encodeURIComponent(PLANT)}`],
    [`${space}/events`],
    [`${space}/events/${event}`, 'text=Raw', 'text=Compare with another event'],
    [`${space}/subscriptions/${subscription}/preview`],
    [`${space}/subscriptions/${subscription}/preview?event=${event}`],
    [`${space}/subscriptions/${subscription}`, 'text=Show who changed it', '.audit summary'],
    [`${space}/subscriptions/${subscription}?replay=1`],
    [`${space}/deliveries/${delivery}?compare=1`],
    [`${space}/audit`, '.audit summary'],
    [`${space}/privacy`],
    [`${space}/privacy?tab=holds`, 'text=Release…'],
    [`${space}/portal`],
    ['#/all'],
    ['#/spaces'],
    ['#/audit', '.audit summary'],
    ['#/system'],
    [`${space}/bench?type=planted.event`],
    [`${space}/catalogue/planted.event`, 'text=Raw'],
    [`${space}/${encodeURIComponent(PLANT)}`],
  ];
  const page = await dashboard.open(`${space}/overview`);
  const found: string[] = [];
  for (const [fragment, ...clicks] of pages) {
    // Without the dialog of the page before, which notices the key only once it has the focus.
    await eventually(async () => {
      await page.keyboard.press('Escape');
      return (await page.locator('[role=dialog]').count()) === 0;
    });
    await page.goto(`${dashboard.url}${fragment}`);
    await page.locator('main h1, main h2, main [role=alert]').first().waitFor();
    await loaded(page);
    found.push(...(await harm(page)).map((what) => `${fragment}: ${what}`));
    for (const click of clicks) {
      await page.locator(click).first().click();
      // A button with three dots opens a dialog, which is loaded then.
      if (click.endsWith('…')) await page.locator('[role=dialog]').waitFor();
      found.push(...(await harm(page)).map((what) => `${fragment} ${click}: ${what}`));
    }
  }
  expect(found).toEqual([]);
  // A page that is new in the navigation belongs into the list.
  const links = await page.evaluate<string[]>(
    `[...document.querySelectorAll('nav a')].map((a) => a.getAttribute('href'))`,
  );
  const visited = pages.map(([fragment]) => fragment.replace(/\?.*/, ''));
  expect(links.length).toBeGreaterThan(10);
  expect(links.filter((href) => !visited.some((one) => one === href || one.startsWith(`${href}/`)))).toEqual(
    [],
  );
  expect(dashboard.complaints).toEqual([]);
}, 120_000);

it('names the characters one would not see', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries/${delivery}`);
  const body = page.getByLabel('Body', { exact: true });
  await body.waitFor();
  const text = (await body.textContent()) ?? '';
  expect(text).toContain(`${MARKUP}RLOgnp.exeLRIU+0007ZWSP`);
});

it('saves a body as plain text', async () => {
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries/${delivery}`);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Save' }).click(),
  ]);
  expect(download.suggestedFilename()).toMatch(/\.txt$/);
});
