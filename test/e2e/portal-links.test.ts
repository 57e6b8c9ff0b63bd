import pg from 'pg';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { ManualClock } from '../support/manual-clock.js';
import { exchange } from '../support/raw-http.js';
import { readRoutes } from '../support/routes.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

interface Link {
  id: string;
  url: string;
  token: string;
  scope: string;
  expiresAt: string;
}

const clock = new ManualClock();
let theirs: Tenant;
const { engine, tenant: mine, receiver } = useStory({ clock, tenantFor: 'block' });

beforeAll(async () => {
  theirs = await Tenant.create(engine);
});

function makeLink(tenant: Tenant, body: object = {}): Promise<Link> {
  return engine.ok('POST', tenant.path('/portal-links'), { scope: 'read', ...body });
}

async function statusOf(key: string, url = engine.url): Promise<number> {
  return (await engine.call('GET', '/v1/session', undefined, { key, url })).status;
}

describe('a portal link', () => {
  it('opens the dashboard with a token that is stored nowhere, for an hour by default', async () => {
    const link = await makeLink(mine);
    expect(link.url).toMatch(new RegExp(`^${engine.url}/portal/spc_\\w{32}/#portal=${link.token}$`));
    expect(link.token).toMatch(/^php_\w{43}$/);
    expect(Date.parse(link.expiresAt) - clock.now()).toBe(3_600_000);
    const { id: space } = await engine.ok('GET', mine.path(''));
    const session = await engine.call('GET', '/v1/session', undefined, { key: link.token });
    expect(session.body).toMatchObject({ kind: 'portal', scope: 'read', space });
    const { data } = await engine.ok<{ data: object[] }>('GET', mine.path('/portal-links'));
    expect(data[0]).toEqual({
      id: link.id,
      scope: 'read',
      createdAt: expect.any(String) as string,
      expiresAt: link.expiresAt,
    });
    const database = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await database.connect();
    const { rows } = await database.query<{ row: string }>(
      'SELECT l::text AS row FROM posthorn.portal_links l',
    );
    await database.end();
    expect(rows.map(({ row }) => row).join()).not.toContain(link.token.slice(4));
  });

  it('is refused when it has expired, or is revoked, at once by every process', async () => {
    const short = await makeLink(mine, { expiresInSeconds: 60 });
    clock.advance(59_999);
    expect(await statusOf(short.token)).toBe(200);
    clock.advance(1);
    expect(await statusOf(short.token)).toBe(401);
    const other = await engine.startApi();
    const link = await makeLink(mine);
    for (const url of [engine.url, other]) expect(await statusOf(link.token, url)).toBe(200);
    await engine.ok('DELETE', mine.path(`/portal-links/${link.id}`));
    for (const url of [other, engine.url]) expect(await statusOf(link.token, url)).toBe(401);
  });

  it('ends with the key that made it', async () => {
    const { id, key } = await engine.ok<{ id: string; key: string }>('POST', mine.path('/keys'), {
      name: 'maker',
      scope: 'manage',
    });
    const made = await engine.call<Link>('POST', mine.path('/portal-links'), { scope: 'manage' }, { key });
    expect(await statusOf(made.body.token)).toBe(200);
    await engine.ok('DELETE', mine.path(`/keys/${id}`));
    expect(await statusOf(made.body.token)).toBe(401);
    const brief = await engine.ok<{ key: string }>('POST', mine.path('/keys'), {
      name: 'brief',
      scope: 'manage',
      expiresAt: new Date(clock.now() + 10_000).toISOString(),
    });
    const from = await engine.call<Link>(
      'POST',
      mine.path('/portal-links'),
      { scope: 'read' },
      { key: brief.key },
    );
    clock.advance(10_000);
    expect(await statusOf(from.body.token)).toBe(401);
  });

  it.each([{ scope: 'publish' }, { scope: 'admin' }, {}, { scope: 'read', expiresInSeconds: 59 }])(
    'is not made as %j',
    async (body) => {
      expect((await engine.call('POST', mine.path('/portal-links'), body)).status).toBe(422);
    },
  );

  it('is not made with a key that may only read or publish', async () => {
    for (const scope of ['read', 'publish'] as const) {
      const key = await mine.key(scope);
      expect((await engine.call('POST', mine.path('/portal-links'), { scope: 'read' }, { key })).status).toBe(
        403,
      );
    }
  });
});

describe('whoever holds a portal link', () => {
  const call = (link: Link, method: string, path: string, body?: object) =>
    engine.call<Problem>(method, path, body, { key: link.token });

  it('manages subscriptions and retries deliveries with `manage`', async () => {
    const link = await makeLink(mine, { scope: 'manage' });
    const made = await call(link, 'POST', mine.path('/subscriptions'), { url: receiver.url, uid: 'portal' });
    expect(made.status).toBe(201);
    await mine.publish({ type: 'lead.create', data: {} });
    const [delivery] = await eventually(async () => {
      const all = await mine.deliveries('?subscription=portal&status=succeeded');
      return all.length > 0 && all;
    });
    expect((await call(link, 'POST', mine.path(`/deliveries/${delivery?.id}/retry`))).status).toBe(202);
    expect((await call(link, 'POST', mine.path('/subscriptions/portal/pause'))).status).toBe(200);
    expect((await call(link, 'GET', mine.path('/subscriptions/portal/secret'))).status).toBe(200);
  });

  it('only looks with `read`: secrets and header values stay hidden', async () => {
    const link = await makeLink(mine);
    await mine.subscribe(receiver.url, { uid: 'hidden', headers: { 'x-token': 'sesame' } });
    const { status, body } = await call(link, 'GET', mine.path('/subscriptions/hidden'));
    expect([status, body]).toEqual([200, expect.objectContaining({ headers: { 'x-token': '***' } })]);
    for (const [method, path] of [
      ['GET', '/subscriptions/hidden/secret'],
      ['POST', '/subscriptions/hidden/pause'],
      ['DELETE', '/subscriptions/hidden'],
      ['POST', '/deliveries/retry'],
    ] as const)
      expect([
        path,
        (await call(link, method, mine.path(path), method === 'GET' ? undefined : {})).status,
      ]).toEqual([path, 403]);
  });

  it('makes no keys, links, spaces, events or event types, whatever its scope', async () => {
    const link = await makeLink(mine, { scope: 'manage' });
    for (const [method, path, body] of [
      ['POST', mine.path('/keys'), { name: 'x', scope: 'manage' }],
      ['GET', mine.path('/keys'), undefined],
      ['POST', mine.path('/portal-links'), { scope: 'manage', expiresInSeconds: 86_400 }],
      ['GET', mine.path('/portal-links'), undefined],
      ['DELETE', mine.path(`/portal-links/${link.id}`), undefined],
      ['GET', mine.path(''), undefined],
      ['PATCH', mine.path(''), { name: 'x' }],
      ['DELETE', mine.path(''), undefined],
      ['GET', '/v1/spaces', undefined],
      ['POST', '/v1/spaces', { name: 'x' }],
      ['POST', mine.path('/events'), { type: 'lead.create', data: {} }],
      ['PUT', mine.path('/event-types/x.y'), { description: 'x' }],
      ['DELETE', mine.path('/event-types/x.y'), undefined],
    ] as const)
      expect([method, path, (await call(link, method, path, body)).status]).toEqual([method, path, 403]);
  });

  it('may call exactly the routes of which the document says so', async () => {
    const link = await makeLink(mine, { scope: 'manage' });
    const routes = readRoutes().filter(({ portal }) => portal !== undefined);
    expect(routes.filter(({ portal }) => portal).length).toBeGreaterThan(20);
    for (const { method, path, portal } of routes) {
      // Nothing of that name is there, so that no call does anything.
      const there = path.replace('{space}', mine.uid).replaceAll(/\{\w+\}/g, 'none');
      const { status } = await call(link, method, there, method === 'GET' ? undefined : {});
      expect([method, path, status !== 403]).toEqual([method, path, portal]);
    }
  });

  it('finds no other space on any route, by no name', async () => {
    const link = await makeLink(mine, { scope: 'manage' });
    const { id } = await engine.ok<{ id: string }>('GET', theirs.path(''));
    for (const { method, path } of readRoutes().filter((route) => route.path.includes('{space}'))) {
      for (const space of [id, theirs.uid]) {
        const there = path.replace('{space}', space).replaceAll(/\{\w+\}/g, 'x');
        const { status } = await call(link, method, there, method === 'GET' ? undefined : {});
        // 403 where no link may go at all, which does not look at the space.
        expect([method, path, status]).toEqual([method, path, status === 403 ? 403 : 404]);
        const missing = await call(
          link,
          method,
          there.replace(space, 'nobody'),
          method === 'GET' ? undefined : {},
        );
        expect(missing.status).toBe(status);
      }
    }
  });

  it('gains nothing with a part of a token, or with a key for one', async () => {
    const link = await makeLink(mine);
    const tokens = [link.token.slice(0, -1), `${link.token}x`, `phk_${link.token.slice(4)}`, 'php_', link.id];
    for (const token of tokens) expect(await statusOf(token)).toBe(401);
    const key = await mine.key('manage');
    expect(await statusOf(`php_${key.slice(4)}`)).toBe(401);
  });
});

describe('the address of a link', () => {
  it('is where the operator says the engine is, whatever Host a request names', async () => {
    const other = await Engine.start({ workers: 0, settings: { publicUrl: 'https://example.com/posthorn' } });
    const tenant = await Tenant.create(other);
    const { url } = await other.ok<Link>('POST', tenant.path('/portal-links'), { scope: 'read' });
    expect(url).toMatch(/^https:\/\/example\.com\/posthorn\/portal\/spc_\w{32}\/#portal=php_/);
    await other.close();
  });

  it.each([
    ['posthorn.internal', 201],
    ['a_b.example:8080', 201],
    ['[::1]:80', 201],
    ['evil.example"><script>', 400],
    ['evil.example/x', 400],
    ['user@evil.example', 400],
    ['a.example:99999', 400],
    ['[::g]', 400],
    ['', 400],
  ])(
    'is at the Host a request names, when the operator says nothing and it is one: %s',
    async (host, status) => {
      const body = '{"scope":"read"}';
      const answer = await exchange(
        engine.url,
        `POST ${mine.path('/portal-links')} HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${engine.adminKey}\r\n`,
        `content-type: application/json\r\ncontent-length: ${body.length}\r\nconnection: close\r\n\r\n${body}`,
      );
      expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
      expect(answer).toContain(
        status === 201 ? `"url":"http://${host}/portal/spc_` : '"code":"invalid_host"',
      );
    },
  );
});
