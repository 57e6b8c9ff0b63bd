import type { Page } from 'playwright-core';
import { eventually } from '../support/condition.js';
import { Dashboard, seriousIssues } from '../support/dashboard.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

const LOGO =
  '<svg xmlns="http://www.w3.org/2000/svg" width="96" height="22"><rect width="96" height="22"/></svg>';
/** Compressed, with everything that the first page needs. */
const MOST_BYTES = 120_000;

let dashboard: Dashboard;
let receiver: Receiver;
let answer = 200;

beforeAll(async () => {
  receiver = await startReceiver(() => ({ status: answer, body: 'the answer' }));
  dashboard = await Dashboard.start();
}, 60_000);

afterAll(async () => {
  await dashboard.close();
  await receiver.close();
});

/** What no page may say: errors, and what its policy forbids. */
function expectNoComplaints(): void {
  expect(dashboard.complaints).toEqual([]);
}

async function linkTo(tenant: Tenant, link: object): Promise<{ id: string; url: string; token: string }> {
  return dashboard.engine.ok('POST', tenant.path('/portal-links'), link);
}

async function open(tenant: Tenant, link: object, look: object = {}): Promise<Page> {
  const { url } = await linkTo(tenant, link);
  return dashboard.open(url.slice(dashboard.url.length), { key: null, ...look });
}

it('a customer adds an endpoint, tests it, learns why it failed, and sends again', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await open(tenant, { scope: 'manage', language: 'en' });
  await page.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
  expect(page.url()).not.toContain('php_');
  await page.getByText('No endpoints yet').waitFor();

  await page.getByRole('link', { name: 'Add endpoint' }).click();
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await page.getByText('Enter the URL that receives the events.').waitFor();
  expect(await page.evaluate('document.activeElement.id')).toBe('url');
  await page.getByLabel('URL').fill('nonsense');
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await page.getByText('Use a complete, public URL').waitFor();
  await page.getByLabel('URL').fill(receiver.url);
  await page.getByLabel('Description').fill('Ours');
  await page.getByLabel('Only selected event types').check();
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await page.getByText('Choose at least one event type.').waitFor();
  await page.getByLabel('Search event types').fill('lead.create');
  await page.getByRole('checkbox', { name: 'lead.create' }).check();
  await page.getByLabel('All event types').check();
  await page.getByLabel('Only selected event types').check();
  expect(await page.getByRole('checkbox', { name: 'lead.create', exact: true }).isChecked()).toBe(true);
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await page.getByText('Store this secret safely').waitFor();
  await page.getByText(/^whsec_/).waitFor();
  await page.getByText('lead.create').first().waitFor();

  answer = 401;
  await page.getByRole('button', { name: 'Send test' }).click();
  await page.getByText('The endpoint did not accept the signature.').waitFor();
  await page.getByText('the answer').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'portal-delivery', true);
  answer = 200;
  await page.getByRole('button', { name: 'Retry now' }).click();
  await page.getByText('The endpoint accepted the event.').waitFor();
  await page.getByRole('button', { name: 'Retry now' }).click();
  await page.getByText('This has already been delivered. Send it again?').waitFor();
  await page.getByRole('button', { name: 'Cancel' }).click();

  await page.getByRole('link', { name: 'The endpoint' }).click();
  await page.getByRole('list', { name: 'Deliveries' }).getByText('Delivered').waitFor();
  await page.getByRole('button', { name: 'Pause' }).click();
  await page.getByText('This endpoint was paused manually.').waitFor();
  await page.getByRole('button', { name: 'Resume' }).click();
  await page.getByRole('button', { name: 'Pause' }).waitFor();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Description').fill('Ours, renamed');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Ours, renamed').waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'portal-endpoint', true);
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('button', { name: 'Delete endpoint' }).click();
  await page.getByText('No endpoints yet').waitFor();
  expectNoComplaints();
}, 90_000);

it('a delivery that failed and is tried again says so, in the list and on its page', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  answer = 500;
  await tenant.subscribe(receiver.url, { retrySchedule: [600] });
  await tenant.publish({ type: 'tag.create', data: {} });
  await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }]));
  answer = 200;
  const page = await open(tenant, { scope: 'read', language: 'en' });
  await page.getByRole('link', { name: receiver.url }).click();
  const row = page.getByRole('list', { name: 'Deliveries' }).getByRole('listitem');
  await row.getByText('Retrying', { exact: true }).waitFor();
  await row.getByRole('link').click();
  await page.getByText('Retrying', { exact: true }).waitFor();
  expectNoComplaints();
});

it('what can be subscribed is shown with examples, and rotated secrets sign along', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url, { uid: 'one' });
  const page = await open(tenant, { scope: 'manage', language: 'en' });
  await page.getByRole('link', { name: 'Event types' }).click();
  await page.getByLabel('Search event types').fill('lead.create');
  await page.locator('summary').first().click();
  await page.getByRole('group', { name: 'Example: lead.create' }).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('link', { name: 'Endpoints' }).click();
  await page.getByRole('link', { name: receiver.url }).click();
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('button', { name: 'Create new secret' }).click();
  await page.getByText('The previous secret is also used until').waitFor();
  expectNoComplaints();
});

it('a secret that was rotated is not shown again as the one to store', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await open(tenant, { scope: 'manage', language: 'en' });
  await page.getByRole('link', { name: 'Add endpoint' }).click();
  await page.getByLabel('URL').fill(receiver.url);
  await page.getByRole('button', { name: 'Add endpoint' }).click();
  await page.getByText('Store this secret safely').waitFor();
  const first = await page.getByText(/^whsec_/).innerText();
  await page.getByRole('button', { name: 'Rotate secret' }).click();
  await page.getByRole('button', { name: 'Create new secret' }).click();
  await page.getByText('The previous secret is also used until').waitFor();
  await page.getByRole('link', { name: 'All endpoints' }).click();
  await page.getByRole('link', { name: receiver.url }).click();
  await page.getByRole('button', { name: 'Show secret' }).click();
  const second = await page.getByText(/^whsec_/).innerText();
  expect(second).not.toBe(first);
  expect(await page.locator('body').innerText()).not.toContain('Store this secret safely');
  expectNoComplaints();
});

it('a form saves what was changed in it, and leaves what others changed meanwhile', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe(receiver.url, { events: ['lead.create'], description: 'Old' });
  const page = await open(tenant, { scope: 'manage', language: 'en' });
  await page.getByRole('link', { name: receiver.url }).click();
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByLabel('Description').fill('New');
  const theirs = { url: `${receiver.url}/moved`, events: ['lead.update'] };
  await dashboard.engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), theirs);
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: theirs.url }).waitFor();
  const endpoint = () => dashboard.engine.ok<object>('GET', tenant.path(`/subscriptions/${id}`));
  expect(await endpoint()).toMatchObject({ ...theirs, description: 'New' });
  await page.getByRole('link', { name: 'Edit' }).click();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { name: theirs.url }).waitFor();
  expect(await endpoint()).toMatchObject({ ...theirs, description: 'New' });
  expectNoComplaints();
});

it('shows no word of Posthorn, but what the space is called, its logo and its colours, also in the dark', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const look = {
    name: 'Acme <b>Hooks',
    logo: { type: 'image/svg+xml', data: Buffer.from(LOGO).toString('base64') },
    colours: {
      light: { accent: '#b4005a', background: '#fffdf8', text: '#221100' },
      dark: { accent: '#ffb000', background: '#101018', text: '#ffffff' },
    },
    fonts: ['Acme Sans', 'Georgia'],
  };
  await dashboard.engine.ok('PATCH', tenant.path('/portal'), look);
  for (const [scheme, background, button] of [
    ['light', 'rgb(255, 253, 248)', 'rgb(180, 0, 90)'],
    ['dark', 'rgb(16, 16, 24)', 'rgb(255, 176, 0)'],
  ] as const) {
    const page = await open(tenant, { scope: 'manage', language: 'en' }, { scheme });
    await page.getByRole('img', { name: 'Acme <b>Hooks' }).waitFor();
    await eventually(async () =>
      expect(await page.evaluate(`document.querySelector('.brand img').naturalWidth`)).toBe(96),
    );
    await page.getByRole('link', { name: 'Add endpoint' }).waitFor();
    const styles = await page.evaluate<string[]>(
      `[getComputedStyle(document.body).backgroundColor,
        getComputedStyle(document.querySelector('a.primary')).backgroundColor,
        getComputedStyle(document.body).fontFamily, document.title]`,
    );
    expect(styles).toEqual([
      background,
      button,
      expect.stringContaining('"Acme Sans", Georgia'),
      'Acme <b>Hooks',
    ]);
    expect(await page.content()).not.toMatch(/posthorn/i);
    expect(await seriousIssues(page)).toEqual([]);
    await dashboard.picture(page, `portal-${scheme}`);
  }
  await dashboard.engine.ok('PATCH', tenant.path('/portal'), { showPosthorn: true });
  await eventually(async () => {
    const page = await open(tenant, { scope: 'read', language: 'en' });
    await page.getByRole('heading', { name: 'Endpoints' }).waitFor();
    expect(await page.getByText('Made with Posthorn').count()).toBe(1);
  });
  expectNoComplaints();
});

it('a link to look with offers no change; one with a right offers what that is for', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(receiver.url, { headers: { 'x-token': 'a-token-of-theirs' } });
  const controls = {
    edit: ['Pause', 'Delete'],
    secrets: ['Show secret', 'Rotate secret'],
    test: ['Send test'],
    retry: [],
  };
  for (const right of [null, ...Object.keys(controls)]) {
    const link = right === null ? { scope: 'read' } : { scope: 'manage', rights: [right] };
    const page = await open(tenant, { ...link, language: 'en' });
    await page.getByRole('link', { name: receiver.url }).waitFor();
    const isReadOnly = await page.getByText('this link cannot change anything').count();
    expect([right, isReadOnly]).toEqual([right, right === null ? 1 : 0]);
    await page.getByRole('link', { name: receiver.url }).click();
    await page.getByRole('heading', { name: 'Deliveries', exact: true }).waitFor();
    for (const [owner, names] of Object.entries(controls)) {
      for (const name of names)
        expect([right, name, await page.getByRole('button', { name, exact: true }).count()]).toEqual([
          right,
          name,
          owner === right ? 1 : 0,
        ]);
    }
    expect(await page.locator('body').innerText()).not.toContain('a-token-of-theirs');
  }
  expectNoComplaints();
});

it('is light: all that the first page needs is small', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { url } = await linkTo(tenant, { scope: 'read' });
  const page = await dashboard.open('healthz', { key: null });
  const sizes: Promise<number>[] = [];
  page.on('requestfinished', (request) =>
    sizes.push(request.sizes().then(({ responseBodySize }) => responseBodySize)),
  );
  await page.goto(url);
  await page.getByText('No endpoint has been added.').waitFor();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(10_000);
  expect(bytes).toBeLessThan(MOST_BYTES);
});

it('fits a phone, with nothing to scroll sideways', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe(`${receiver.url}/${'long'.repeat(60)}`, { description: 'word'.repeat(50) });
  const page = await open(tenant, { scope: 'manage', language: 'de' }, { narrow: true, scheme: 'dark' });
  const wide = () => page.evaluate('document.documentElement.scrollWidth > innerWidth');
  await page.getByRole('link', { name: /longlong/ }).waitFor();
  expect(await wide()).toBe(false);
  await page.getByRole('link', { name: /longlong/ }).click();
  await page.getByRole('heading', { name: 'Zustellungen' }).waitFor();
  expect(await wide()).toBe(false);
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'portal-phone', true);
  await page.getByRole('link', { name: 'Bearbeiten' }).click();
  await page.getByLabel('Nur ausgewählte Ereignistypen').check();
  await page.getByRole('checkbox').first().waitFor();
  expect(await wide()).toBe(false);
  expectNoComplaints();
});

it('a link that was revoked, was cut off or is missing says so, and another takes its place', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id, url } = await linkTo(tenant, { scope: 'read', language: 'en' });
  const page = await dashboard.open(url.slice(dashboard.url.length), { key: null });
  await page.getByText('No endpoint has been added.').waitFor();
  await page.reload();
  await page.getByText('No endpoint has been added.').waitFor();
  await dashboard.engine.ok('DELETE', tenant.path(`/portal-links/${id}`));
  await page.reload();
  await page.getByRole('heading', { name: 'This link is no longer valid' }).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  const other = await linkTo(tenant, { scope: 'read', language: 'en' });
  await page.evaluate(`location.hash = '#portal=${other.token}'`);
  await page.getByText('No endpoint has been added.').waitFor();

  for (const fragment of ['#portal=php_%00x', '#portal=%E0%A4%A', '']) {
    const lost = await dashboard.open(`portal/${new URL(url).pathname.split('/')[2] ?? ''}/${fragment}`, {
      key: null,
    });
    await lost.getByRole('heading', { name: 'This page opens with a link' }).waitFor();
  }
  expectNoComplaints();
});

it('a link of the release before, which leads to the dashboard, opens the portal', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { token, url } = await linkTo(tenant, { scope: 'read' });
  const page = await dashboard.open(`#portal=${token}`, { key: null });
  await page.waitForURL(new RegExp(`${new URL(url).pathname}#/endpoints$`));
  await page.getByText('No endpoint has been added.').waitFor();
  expect(await page.evaluate(`sessionStorage.getItem('posthorn-key')`)).toBeNull();
});

it('says in words that the server is away, and goes on when it is back', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await open(tenant, { scope: 'read', language: 'en' });
  await page.getByText('No endpoint has been added.').waitFor();
  const pattern = '**/v1/**';
  await page.route(pattern, (route) => route.abort());
  await page.getByRole('link', { name: 'Event types' }).click();
  await page.getByText('The server cannot be reached.').waitFor();
  await page.unroute(pattern);
  await page.getByRole('button', { name: 'Try again' }).click();
  await page.locator('summary').first().waitFor();
});
