import type { AuditEntry } from '../../src/audit-api/audit.dto.js';
import { Database } from '../../src/database/database.js';
import { PersonEntity } from '../../src/people/person.entity.js';
import { CookieBrowser } from '../support/cookie-browser.js';
import { TestProvider, type Claims } from '../support/identity-provider.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';

const clock = new ManualClock();
const { engine } = useStory({ clock, workers: 0, settings: { admins: ['first@example.com'] } });
const provider = new TestProvider();

beforeAll(async () => {
  await provider.open(`${engine.url}/v1/sign-in/oidc/callback`);
  Object.assign(engine.settings, {
    publicUrl: engine.url,
    oidcIssuer: provider.issuer,
    oidcClientId: TestProvider.client.id,
    oidcClientSecret: TestProvider.client.secret,
  });
});
afterAll(() => provider.close());
beforeEach(() => {
  Object.assign(engine.settings, { oidcRoleClaim: '', oidcTrustEmail: false });
  clock.advance(600_000);
});

let count = 0;
/** An account at the provider. */
function account(claims: Claims = {}): { id: string; email: string } {
  const id = `account-${(count += 1)}`;
  const email = `${id}@example.com`;
  provider.claims.set(id, { email, email_verified: true, name: `Person ${count}`, ...claims });
  provider.account = id;
  return { id, email };
}

const invite = (email: string, role: string | null = 'operator') =>
  engine.ok<{ id: string }>('POST', '/v1/people', { email, role });
const isCallback = (url: string) => url.includes('/v1/sign-in/oidc/callback');
const isOurs = (url: string) => url.startsWith(`${engine.url}/?`) || url.startsWith(`${engine.url}/#`);
const begin = (next = '') => `${engine.url}/v1/sign-in/oidc${next && `?next=${encodeURIComponent(next)}`}`;

/** Goes all the way, and gives where one ends up. */
async function signIn(
  browser = new CookieBrowser(),
  next = '',
): Promise<{ browser: CookieBrowser; at: string }> {
  const { url } = await browser.follow(begin(next), isOurs);
  return { browser, at: url.slice(engine.url.length) };
}

const session = async (browser: CookieBrowser) => {
  const response = await browser.fetch(`${engine.url}/v1/session`);
  return {
    status: response.status,
    body: (await response.json()) as { person?: { email: string; role: string } },
  };
};

/** As far as the provider's answer, which nobody has used yet. */
async function untilAnswer(
  browser = new CookieBrowser(),
): Promise<{ browser: CookieBrowser; answer: string }> {
  const { url } = await browser.follow(begin(), isCallback);
  return { browser, answer: url };
}

it('says how people sign in', async () => {
  const { host } = new URL(provider.issuer);
  expect(await engine.ok('GET', '/v1/sign-in')).toEqual({
    oidc: { name: host },
    link: false,
    signedIn: false,
  });
});

it('somebody who was invited comes in by their verified address, and is the same at the next time', async () => {
  const { email } = account();
  const { id } = await invite(email);
  const { browser, at } = await signIn(undefined, '/s/acme/overview');
  expect(at).toBe('/#/s/acme/overview');
  expect((await session(browser)).body.person).toMatchObject({ id, email, role: 'operator' });
  const [cookie] = browser.jarOf(engine.url);
  expect(cookie?.[0]).toBe('posthorn_session');
  expect([...browser.jarOf(engine.url).keys()]).toEqual(['posthorn_session', 'posthorn_id_token']);

  // The provider may give them another address: they are who they are by their account.
  provider.claims.set(provider.account ?? '', { email: 'married@example.com', email_verified: true });
  expect((await session((await signIn()).browser)).body.person).toMatchObject({ id, email });
  const { data } = await engine.ok<{ data: AuditEntry[] }>('GET', `/v1/audit?actor=${id}`);
  expect(data.map(({ action }) => action)).toEqual(['session.start', 'session.start']);
  expect(data[0]).toMatchObject({
    actor: { kind: 'person', name: email },
    after: { way: 'oidc' },
    ip: '127.0.0.1',
  });
});

it('comes back to a page whose filter is a pattern', async () => {
  await invite(account().email);
  const page = '/s/acme/events?type=lead.*';
  expect((await signIn(undefined, page)).at).toBe(`/#${page}`);
});

it('says to a browser whether it is signed in', async () => {
  await invite(account().email);
  const { browser } = await signIn();
  const ways = async () =>
    (await (await browser.fetch(`${engine.url}/v1/sign-in`)).json()) as { signedIn: boolean };
  expect((await ways()).signedIn).toBe(true);
  browser.jarOf(engine.url).set('posthorn_session', 'phs_none');
  expect((await ways()).signedIn).toBe(false);
});

it('somebody comes in by two windows at once', async () => {
  const { email } = account();
  await invite(email);
  const windows = await Promise.all([untilAnswer(), untilAnswer()]);
  const sessions = await Promise.all(
    windows.map(async ({ browser, answer }) => {
      await browser.follow(answer, isOurs);
      return session(browser);
    }),
  );
  expect(sessions.map(({ body }) => body.person?.email)).toEqual([email, email]);
});

it('somebody comes in by another provider with the same verified address', async () => {
  const { email } = account();
  await invite(email);
  const { issuer } = provider;
  const people = engine.apis[0]?.get(Database).source.getRepository(PersonEntity);
  await people?.update({ email }, { oidcIssuer: 'https://former.example.com', oidcSubject: 'another' });
  const { browser } = await signIn();
  expect((await session(browser)).body.person?.email).toBe(email);
  expect(await people?.findOneBy({ email })).toMatchObject({ oidcIssuer: issuer });
});

it('the first admin comes in by the setting', async () => {
  account({ email: 'First@Example.com' });
  const { browser } = await signIn();
  expect((await session(browser)).body.person).toMatchObject({ email: 'first@example.com', role: 'admin' });
});

describe('nobody comes in', () => {
  const refused = async (problem: string) => {
    const { browser, at } = await signIn();
    expect(at).toBe(`/?sign-in=${problem}#/`);
    expect((await session(browser)).status).toBe(401);
  };

  it('who was not invited', async () => {
    account();
    await refused('unknown');
  });

  it.each([
    { email_verified: false },
    { email_verified: undefined },
    { email_verified: 'true' },
    { email: undefined },
  ])('by an address that the provider does not vouch for: %j', async (claims) => {
    const { id, email } = account(claims);
    await invite(email);
    await refused('unverified');
    if ('email' in claims) return;
    Object.assign(engine.settings, { oidcTrustEmail: true });
    provider.account = id;
    expect((await session((await signIn()).browser)).status).toBe(200);
  });

  it('by the address of somebody with another account', async () => {
    const { email } = account();
    await invite(email);
    await signIn();
    account({ email });
    await refused('other_account');
  });

  it('by an address that is another one in other letters', async () => {
    // The Kelvin sign: in lower case it is a "k".
    await invite('kate@example.com');
    account({ email: '\u212Aate@example.com' });
    await refused('unverified');
  });

  it('who has no role', async () => {
    await invite(account().email, null);
    await refused('no_role');
  });

  it('who was removed', async () => {
    const { email } = account();
    const { id } = await invite(email);
    await signIn();
    await engine.ok('DELETE', `/v1/people/${id}`);
    await refused('unknown');
  });

  it('who says no at the provider', async () => {
    provider.account = null;
    await refused('failed');
  });

  it('while the provider does not answer', async () => {
    const { oidcIssuer } = engine.settings;
    const other = await engine.startApi();
    Object.assign(engine.settings, { oidcIssuer: 'http://127.0.0.1:9' });
    const response = await new CookieBrowser().fetch(`${other}/v1/sign-in/oidc`);
    expect(response.headers.get('location')).toBe(`${engine.url}/?sign-in=provider#/`);
    Object.assign(engine.settings, { oidcIssuer });
  });
});

describe('roles of the provider', () => {
  beforeEach(() => Object.assign(engine.settings, { oidcRoleClaim: 'roles' }));
  const roleWith = async (roles: unknown) => {
    const { id } = account({ roles });
    const { browser, at } = await signIn();
    return { id, browser, at, role: (await session(browser)).body.person?.role };
  };

  it.each([
    ['viewer', 'viewer'],
    [['everybody', 'posthorn-support'], 'support'],
    [['posthorn:viewer', 'operator'], 'operator'],
    ['admin', 'admin'],
  ])('%j needs no invitation, and is %s', async (roles, expected) => {
    expect((await roleWith(roles)).role).toBe(expected);
  });

  it.each(['root', '', null, 5, { admin: true }, [['admin']], 'posthorn-posthorn-admin', 'Admin'])(
    '%j is none',
    async (roles) => {
      const { at, role } = await roleWith(roles);
      expect([at, role]).toEqual(['/?sign-in=unknown#/', undefined]);
    },
  );

  it('that change are taken with the next sign-in, and written down', async () => {
    const { id, browser } = await roleWith('admin');
    const { person } = (await session(browser)).body as unknown as { person: { id: string } };
    provider.claims.set(id, { ...provider.claims.get(id), roles: ['viewer'] });
    await signIn(browser);
    expect((await session(browser)).body.person?.role).toBe('viewer');
    const { data } = await engine.ok<{ data: AuditEntry[] }>('GET', `/v1/audit?target=${person.id}`);
    expect(data[0]).toMatchObject({
      action: 'person.update',
      before: { role: 'admin' },
      after: { role: 'viewer' },
    });
    provider.claims.set(id, { ...provider.claims.get(id), roles: [] });
    expect((await signIn()).at).toBe('/?sign-in=no_role#/');
  });

  it('that are gone are taken away at the next sign-in, which lets in nobody without another one', async () => {
    const { id, browser } = await roleWith('admin');
    const { person } = (await session(browser)).body as unknown as { person: { id: string } };
    provider.claims.set(id, { ...provider.claims.get(id), roles: [] });
    expect((await signIn()).at).toBe('/?sign-in=no_role#/');
    expect(await engine.ok('GET', `/v1/people/${person.id}`)).toMatchObject({ role: null });
    expect((await session(browser)).body.person?.role).toBeNull();
    const { data } = await engine.ok<{ data: AuditEntry[] }>('GET', `/v1/audit?target=${person.id}`);
    expect(data[0]).toMatchObject({ before: { role: 'admin' }, after: { role: null } });
  });
});

describe('an answer of the provider', () => {
  let invited: { email: string };
  beforeEach(async () => {
    invited = account();
    await invite(invited.email);
  });
  const finish = async (browser: CookieBrowser, url: string) => {
    const response = await browser.fetch(url);
    return { status: response.status, at: response.headers.get('location')?.slice(engine.url.length) };
  };
  const changed = (url: string, name: string, value: string) => {
    const copy = new URL(url);
    copy.searchParams.set(name, value);
    return copy.href;
  };
  const errandOf = (browser: CookieBrowser) => {
    const value = browser.jarOf(engine.url).get('posthorn_signing_in') ?? '';
    return JSON.parse(Buffer.from(value, 'base64url').toString()) as Record<string, string>;
  };
  const withErrand = (browser: CookieBrowser, errand: object) =>
    browser
      .jarOf(engine.url)
      .set('posthorn_signing_in', Buffer.from(JSON.stringify(errand)).toString('base64url'));

  it('is good in the browser that asked for it, once', async () => {
    const { browser, answer } = await untilAnswer();
    const jar = new Map(browser.jarOf(engine.url));
    expect((await finish(browser, answer)).at).toBe('/#/');
    expect((await session(browser)).status).toBe(200);
    const again = new CookieBrowser();
    for (const [name, value] of jar) again.jarOf(engine.url).set(name, value);
    expect((await finish(again, answer)).at).toBe('/?sign-in=failed#/');
    expect((await session(again)).status).toBe(401);
  });

  it('is none in another browser, nor beside the errand of another sign-in', async () => {
    const { answer } = await untilAnswer();
    const other = new CookieBrowser();
    expect((await finish(other, answer)).at).toBe('/?sign-in=failed#/');
    const mine = await untilAnswer();
    expect((await finish(mine.browser, answer)).at).toBe('/?sign-in=failed#/');
    expect((await session(mine.browser)).status).toBe(401);
  });

  it.each(['state', 'code', 'iss'])('with another %s is none', async (name) => {
    const { browser, answer } = await untilAnswer();
    expect((await finish(browser, changed(answer, name, 'x'.repeat(43)))).at).toBe('/?sign-in=failed#/');
    expect((await session(browser)).status).toBe(401);
  });

  it.each(['nonce', 'verifier', 'state'])('to an errand whose %s was changed is none', async (name) => {
    const { browser, answer } = await untilAnswer();
    withErrand(browser, { ...errandOf(browser), [name]: 'y'.repeat(43) });
    expect((await finish(browser, answer)).at).toBe('/?sign-in=failed#/');
    expect((await session(browser)).status).toBe(401);
  });

  it.each(['', 'bm9uZQ', 'e30', 'x'.repeat(1_900)])('to the errand %j is none', async (value) => {
    const { browser, answer } = await untilAnswer();
    browser.jarOf(engine.url).set('posthorn_signing_in', value);
    expect((await finish(browser, answer)).at).toBe('/?sign-in=failed#/');
  });

  it.each([
    '//evil.example',
    'https://evil.example',
    '/\\evil.example',
    '/a\r\nset-cookie: x',
    'javascript:alert(1)',
    '',
  ])('leads nowhere but to our own page, whatever %j is asked for', async (next) => {
    const { browser } = await untilAnswer();
    const { answer } = await untilAnswer(browser);
    withErrand(browser, { ...errandOf(browser), next });
    const { at } = await finish(browser, answer);
    expect(at?.startsWith('/#/')).toBe(true);
    expect(new URL(at ?? '', engine.url).origin).toBe(engine.url);
    expect((await signIn(undefined, next)).at.startsWith('/#/')).toBe(true);
  });
});

it('slows down who tries very often, known or not', async () => {
  const statuses = [];
  for (let tries = 0; tries < 62; tries += 1)
    statuses.push((await new CookieBrowser().fetch(`${engine.url}/v1/sign-in/oidc/callback?code=x`)).status);
  expect(statuses.filter((status) => status === 429).length).toBe(2);
});

describe('signing out', () => {
  const logout = (browser: CookieBrowser) =>
    browser.fetch(`${engine.url}/v1/sign-in/oidc/logout`, {
      method: 'POST',
      headers: { 'x-posthorn-client': 'dashboard' },
    });
  const urlOf = async (browser: CookieBrowser) =>
    ((await (await logout(browser)).json()) as { url: string | null }).url;

  it('leads to the provider with its own token, and back', async () => {
    const { email } = account();
    await invite(email);
    const { browser } = await signIn();
    const token = browser.jarOf(engine.url).get('posthorn_id_token') ?? '';
    const url = new URL((await urlOf(browser)) ?? '');
    expect(url.origin).toBe(provider.issuer);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: TestProvider.client.id,
      id_token_hint: token,
      post_logout_redirect_uri: `${engine.url}/`,
    });
    expect((await fetch(url)).status).toBe(200);
    expect(browser.jarOf(engine.url).has('posthorn_id_token')).toBe(false);
    expect(await urlOf(browser)).toBeNull();
  });

  it('stays here where the setting says so, and where the session did not begin at the provider', async () => {
    const { email } = account();
    await invite(email);
    Object.assign(engine.settings, { oidcLogout: false });
    expect(await urlOf((await signIn()).browser)).toBeNull();
    Object.assign(engine.settings, { oidcLogout: true });
    expect(await urlOf(new CookieBrowser())).toBeNull();
  });

  it('is asked for by our own pages alone, and sends the token to no other path', async () => {
    const { email } = account();
    await invite(email);
    const { browser } = await signIn();
    const stranger = await browser.fetch(`${engine.url}/v1/sign-in/oidc/logout`, { method: 'POST' });
    expect(stranger.status).toBe(403);
    const { answer } = await untilAnswer(browser);
    const { headers } = await browser.fetch(answer);
    const cookie = headers.getSetCookie().find((line) => line.startsWith('posthorn_id_token='));
    expect(cookie).toMatch(/; Path=\/v1\/sign-in; Max-Age=43200; HttpOnly; SameSite=Lax$/);
  });
});

it('is not there without a provider', async () => {
  Object.assign(engine.settings, { oidcIssuer: '' });
  expect(await engine.ok('GET', '/v1/sign-in')).toEqual({ oidc: null, link: false, signedIn: false });
  for (const path of ['/v1/sign-in/oidc', '/v1/sign-in/oidc/callback'])
    expect((await engine.call('GET', path)).status).toBe(404);
});
