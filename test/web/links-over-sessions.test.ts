import type { Page } from 'playwright-core';
import { Dashboard } from '../support/dashboard.js';
import { TestProvider } from '../support/identity-provider.js';
import { Tenant } from '../support/tenant.js';

const provider = new TestProvider();
let dashboard: Dashboard;

beforeAll(async () => {
  dashboard = await Dashboard.start({ settings: { admins: ['first@example.com'] } });
  await provider.open(`${dashboard.engine.url}/v1/sign-in/oidc/callback`);
  Object.assign(dashboard.engine.settings, {
    ...{ publicUrl: dashboard.engine.url, oidcIssuer: provider.issuer, oidcName: 'Company' },
    oidcClientId: TestProvider.client.id,
    oidcClientSecret: TestProvider.client.secret,
  });
}, 60_000);

afterAll(async () => {
  expect(dashboard.complaints.filter((one) => !one.startsWith(`request: ${provider.issuer}/`))).toEqual([]);
  await dashboard.close();
  await provider.close();
});

const linkTo = (tenant: Tenant) =>
  dashboard.engine.ok<{ url: string; token: string }>('POST', tenant.path('/portal-links'), {
    scope: 'manage',
    language: 'en',
  });
const keyOf = (page: Page) => page.evaluate(`sessionStorage.getItem('posthorn-key')`);

it('a link that is opened in a new tab of a person who is signed in asks first', async () => {
  const { token } = await linkTo(await Tenant.create(dashboard.engine));
  const email = 'first@example.com';
  provider.claims.set(email, { email, email_verified: true, name: 'Somebody' });
  provider.account = email;
  const first = await dashboard.open('', { key: null });
  await first.getByRole('link', { name: 'Sign in with Company' }).click();
  await first.getByText(`Signed in as ${email}`).waitFor();

  const kept = await first.context().newPage();
  await kept.goto(`${dashboard.url}#token=${token}`);
  await kept.getByRole('heading', { name: 'Switch session?' }).waitFor();
  expect(kept.url()).not.toContain(token);
  await kept.getByRole('button', { name: 'Keep my session' }).click();
  await kept.getByText(`Signed in as ${email}`).waitFor();
  expect(await keyOf(kept)).toBe('by cookie');

  const switched = await first.context().newPage();
  await switched.goto(`${dashboard.url}#token=${token}`);
  await switched.getByRole('button', { name: 'Open the link' }).click();
  await switched.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  expect(await keyOf(switched)).toBe(token);
  await first.reload();
  await first.getByText(`Signed in as ${email}`).waitFor();
});

it('a link in a tab without a session opens at once, also in the browser of somebody with a key in another tab', async () => {
  const { token } = await linkTo(await Tenant.create(dashboard.engine));
  const first = await dashboard.open('#/');
  const page = await first.context().newPage();
  await page.goto(`${dashboard.url}#token=${token}`);
  await page.getByRole('heading', { name: 'Overview', exact: true }).waitFor();
  expect([await keyOf(first), await keyOf(page)]).toEqual([dashboard.engine.adminKey, token]);
});

it('the portal of a space takes no token of another, nor a refused one, and goes on with its own', async () => {
  const [mine, other] = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  await mine.subscribe('http://127.0.0.1:9/mine');
  await other.subscribe('http://127.0.0.1:9/other');
  const { url, token } = await linkTo(mine);
  const stranger = await linkTo(other);
  const page = await dashboard.open(url.slice(dashboard.url.length), { key: null });
  const showsMine = () => page.getByRole('link', { name: 'http://127.0.0.1:9/mine' }).waitFor();
  await showsMine();
  const path = new URL(url).pathname;
  const kept = () => page.evaluate(`JSON.parse(sessionStorage.getItem('portal:${path}')).token`);
  for (const given of [stranger.token, `php_${'x'.repeat(43)}`]) {
    const refused = page.waitForResponse((response) => response.url().endsWith('/v1/session'));
    await page.evaluate(`location.hash = '#portal=${given}'`);
    await refused;
    await showsMine();
    expect(await kept()).toBe(token);
    await page.reload();
    await showsMine();
  }

  const fresh = await dashboard.open(`${path.slice(1)}#portal=${stranger.token}`, { key: null });
  await fresh.getByRole('heading', { name: 'This link is no longer valid' }).waitFor();
  expect(await fresh.getByRole('link', { name: 'http://127.0.0.1:9/other' }).count()).toBe(0);
});

it('a link of the release before leads to the page of its space, and ends no session of another', async () => {
  const [mine, other] = [await Tenant.create(dashboard.engine), await Tenant.create(dashboard.engine)];
  await mine.subscribe('http://127.0.0.1:9/mine');
  await other.subscribe('http://127.0.0.1:9/other');
  const [own, strange] = [await linkTo(mine), await linkTo(other)];
  const page = await dashboard.open(`portal/#portal=${own.token}`, { key: null });
  await page.waitForURL(new RegExp(`${new URL(own.url).pathname}#/endpoints$`));
  await page.getByRole('link', { name: 'http://127.0.0.1:9/mine' }).waitFor();

  await page.goto(`${dashboard.url}portal/#portal=${strange.token}`);
  await page.waitForURL(new RegExp(`${new URL(strange.url).pathname}#/endpoints$`));
  await page.getByRole('link', { name: 'http://127.0.0.1:9/other' }).waitFor();
  expect(await page.getByRole('link', { name: 'http://127.0.0.1:9/mine' }).count()).toBe(0);

  await page.goto(own.url.replace(/#.*/, ''));
  await page.getByRole('link', { name: 'http://127.0.0.1:9/mine' }).waitFor();
  await page.goto(`${dashboard.url}portal/`);
  await page.getByRole('heading', { name: 'This page opens with a link' }).waitFor();
});
