import { Dashboard, seriousIssues } from '../support/dashboard.js';
import { Tenant } from '../support/tenant.js';

let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start();
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints).toEqual([]);
  await dashboard.close();
});

it('a wrong key is refused in words; the right one opens the space, for this tab only', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const page = await dashboard.open('', { key: null });
  await page.getByRole('heading', { name: 'Sign in to Posthorn' }).waitFor();
  expect(await seriousIssues(page)).toEqual([]);
  await dashboard.picture(page, 'sign-in-light');
  await page.getByLabel('Key', { exact: true }).fill('phk_wrong');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByText('This key is not valid').waitFor();
  await page.getByLabel('Key', { exact: true }).fill(await tenant.key('manage'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();

  expect(await page.evaluate('localStorage.length + document.cookie.length')).toBe(0);
  await page.reload();
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  const other = await page.context().newPage();
  await other.goto(dashboard.url);
  await other.getByRole('heading', { name: 'Sign in to Posthorn' }).waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByRole('heading', { name: 'Sign in to Posthorn' }).waitFor();
});

it('a key that is revoked ends the session and says so', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id, key } = await dashboard.engine.ok<{ id: string; key: string }>('POST', tenant.path('/keys'), {
    name: 'short',
    scope: 'manage',
  });
  const page = await dashboard.open(`#/s/${tenant.uid}/deliveries`, { key });
  await page.getByText('No deliveries yet').waitFor();
  await dashboard.engine.ok('DELETE', tenant.path(`/keys/${id}`));
  await page.getByText('The key or link is no longer valid.').waitFor();
});

it('a key that may only read is offered nothing that it may not do', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  const { id } = await tenant.subscribe('http://127.0.0.1:9/');
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions/${id}`, {
    key: await tenant.key('read'),
  });
  await page.getByRole('heading', { name: 'Deliveries', exact: true }).waitFor();
  for (const name of ['Test', 'Pause', 'More', 'Show secret', 'Portal link']) {
    expect(await page.getByRole('button', { name }).count()).toBe(0);
  }
  expect(await page.getByRole('link', { name: 'Test bench' }).count()).toBe(0);
});

it('the operator makes a space and is taken there', async () => {
  const page = await dashboard.open('#/');
  await page.getByRole('button', { name: 'New space' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Acme');
  await page.getByLabel('Your own id').fill('acme');
  await page.getByRole('button', { name: 'Create space' }).click();
  await page.waitForURL(/#\/s\/acme\/overview$/);
});

it('a portal link opens one space without a key, until it is revoked', async () => {
  const tenant = await Tenant.create(dashboard.engine);
  await tenant.subscribe('http://127.0.0.1:9/', { uid: 'theirs' });
  const page = await dashboard.open(`#/s/${tenant.uid}/subscriptions`);
  await page.getByRole('button', { name: 'Portal link' }).click();
  await page.getByRole('button', { name: 'Make link' }).click();
  const link = (await page.locator('.secret-box').textContent()) ?? '';
  expect(await seriousIssues(page)).toEqual([]);

  const customer = await dashboard.open(link.slice(dashboard.url.length), { key: null });
  await customer.getByRole('link', { name: 'http://127.0.0.1:9/' }).waitFor();
  expect(customer.url()).not.toContain('php_');
  expect(await customer.getByRole('link', { name: 'Add endpoint' }).count()).toBe(0);

  await page.getByRole('button', { name: 'Revoke' }).click();
  await page.getByRole('button', { name: 'Make link' }).waitFor();
  await customer.reload();
  await customer.getByRole('heading', { name: 'This link is no longer valid' }).waitFor();
});

it('works below a path that a proxy gives it', async () => {
  const below = await Dashboard.start({}, '/tools/hooks');
  try {
    const tenant = await Tenant.create(below.engine);
    const page = await below.open(`#/s/${tenant.uid}/subscriptions`);
    await page.getByText('No subscriptions yet').waitFor();
    expect(below.complaints).toEqual([]);
  } finally {
    await below.close();
  }
});

it('a link with a token asks before it takes the place of a session', async () => {
  const [mine, other] = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  const { token } = await dashboard.engine.ok<{ token: string }>('POST', other.path('/portal-links'), {
    scope: 'manage',
  });
  const key = await mine.key('manage');
  const page = await dashboard.open(`#/s/${mine.uid}/overview`, { key });
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  const openLink = () => page.evaluate(`location.hash = '#token=${token}'`);

  await openLink();
  await page.getByRole('heading', { name: 'Switch session?' }).waitFor();
  expect(page.url()).not.toContain(token);
  expect(await page.evaluate(`sessionStorage.getItem('posthorn-key')`)).toBe(key);
  expect(await seriousIssues(page)).toEqual([]);
  await page.getByRole('button', { name: 'Keep my session' }).click();
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  expect(await page.evaluate(`sessionStorage.getItem('posthorn-key')`)).toBe(key);

  await openLink();
  await page.getByRole('button', { name: 'Open the link' }).click();
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  expect(await page.evaluate(`sessionStorage.getItem('posthorn-key')`)).toBe(token);
});

it('a portal link that is opened over a session opens the portal, and leaves the session as it is', async () => {
  const [mine, other] = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  const { url } = await dashboard.engine.ok<{ url: string }>('POST', other.path('/portal-links'), {
    scope: 'manage',
  });
  const key = await mine.key('manage');
  const page = await dashboard.open(`#/s/${mine.uid}/overview`, { key });
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  await page.goto(url);
  await page.getByRole('heading', { name: 'Endpoints', exact: true }).waitFor();
  expect(await page.evaluate(`sessionStorage.getItem('posthorn-key')`)).toBe(key);
  await page.goto(dashboard.url);
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
});

it('nothing that one session read is shown to the next one in the tab', async () => {
  const [first, second] = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  await first.subscribe('http://127.0.0.1:9/', { uid: 'theirs' });
  await first.publish({ type: 'lead.create', data: { id: 'secret' } });
  const page = await dashboard.open(`#/s/${first.uid}/deliveries`, { key: await first.key('manage') });
  await page.locator('[data-row]').waitFor();
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.getByLabel('Key', { exact: true }).fill(await second.key('manage'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Deliveries', exact: true }).waitFor();
  await page.getByRole('alert').waitFor();
  expect(await page.locator('[data-row]').count()).toBe(0);
});

it('a late refusal of the session before ends no other one', async () => {
  const [first, second] = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  const { id, key } = await dashboard.engine.ok<{ id: string; key: string }>('POST', first.path('/keys'), {
    name: 'short',
    scope: 'manage',
  });
  const page = await dashboard.open(`#/s/${first.uid}/overview`, { key });
  let release: () => void = () => undefined;
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(`**/v1/spaces/${first.uid}/deliveries?*`, async (route) => {
    await held;
    await route.continue();
  });
  await page.getByRole('link', { name: 'Deliveries', exact: true }).click();
  await page.waitForRequest((request) => request.url().includes('/deliveries?'));
  await page.getByRole('button', { name: 'Sign out' }).click();
  await dashboard.engine.ok('DELETE', first.path(`/keys/${id}`));
  await page.evaluate(`location.hash = '#/'`);
  await page.getByLabel('Key', { exact: true }).fill(await second.key('manage'));
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  const refused = page.waitForResponse((response) => response.status() === 401);
  release();
  await refused;
  await page.getByRole('link', { name: 'Subscriptions', exact: true }).click();
  await page.getByText('No subscriptions yet').waitFor();
});
