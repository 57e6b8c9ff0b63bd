import { readFileSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import {
  createPosthorn,
  PosthornModule,
  type PosthornHttpOptions,
  SpaceLookup,
  SpacesService,
  StartupError,
  WebhookEmitter,
  WebhookPortalLinks,
  WebhookSubscriptions,
} from '../../src/index.js';
import { PortalSettingsService } from '../../src/spaces/portal-settings.service.js';
import { publicId } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { HostGate } from '../../src/host/host-gate.js';
import { eventually } from '../support/condition.js';
import { HTTP, HttpHost } from '../support/host-http.js';
import { startReceiver, type Receiver } from '../support/receiver.js';

interface OpenApi {
  paths: Record<string, Record<string, { security?: object[] }>>;
}
const openapi = JSON.parse(readFileSync(join(import.meta.dirname, '../../openapi.json'), 'utf8')) as OpenApi;
/** Every call that the API describes, with `{space}` and the like in its path. */
const CALLS = Object.entries(openapi.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
);

const databaseUrl = 'postgres://nobody@127.0.0.1:1/none';
const encryptionKeys = [Buffer.alloc(32, 1).toString('base64')];

describe('the option http of PosthornModule', () => {
  it('is refused without a path, without guards and without tenantOf, a sentence each', () => {
    const start = (http: Partial<PosthornHttpOptions>) => () =>
      PosthornModule.forRoot({ databaseUrl, encryptionKeys, http: http as PosthornHttpOptions });
    const { path, guards, tenantOf } = HTTP;
    expect(start({})).toThrow(/path.*\n.*guards.*\n.*tenantOf/);
    expect(start({ path, tenantOf })).toThrow('Without one everybody could use it.');
    expect(start({ path, tenantOf, guards: [] })).toThrow(StartupError);
    expect(start({ path, tenantOf, guards: ['jwt' as never] })).toThrow('http.guards');
    expect(start({ path, guards })).toThrow('customers would see each other');
    for (const wrong of ['', '/', '/a/*', '/:tenant', '//a', '/..', '/a/../b', 'a b'])
      expect(start({ path: wrong, guards, tenantOf })).toThrow('http.path');
    expect(start({ path: 'deep/webhooks', guards, tenantOf })).not.toThrow();
  });

  it('needs an application with HTTP', async () => {
    const options = { databaseUrl, encryptionKeys, http: HTTP };
    await expect(createPosthorn(options)).rejects.toThrow('Leave it out');
  });
});

describe.each(['Express', 'Fastify'] as const)('Posthorn below a path of a host on %s', (kind) => {
  let host: HttpHost;
  let receiver: Receiver;
  const ids: Record<string, string> = {};

  beforeAll(async () => {
    receiver = await startReceiver();
    host = await HttpHost.start(kind);
    host.signIn('ann', 'ann-ltd');
    host.signIn('bob', { uid: 'bob-ltd', name: 'Bob Ltd', user: 'bob@example.com' });
    host.signIn('eve', 'eve-ltd');
    host.signIn('reader', { uid: 'bob-ltd', scope: 'read' });
    const subscriptions = host.app.get(WebhookSubscriptions);
    await host.app.get(SpacesService).upsertSpace({ uid: 'bob-ltd' });
    const made = await subscriptions.create('bob-ltd', {
      url: receiver.url,
      uid: 'main',
      events: ['lead.*'],
    });
    const emitted = await host.app
      .get(WebhookEmitter)
      .emit({ space: 'bob-ltd' }, { type: 'lead.create', data: { id: 'secret-of-bob' } });
    await receiver.received(1);
    const space = await host.app.get(SpaceLookup).find('bob-ltd');
    Object.assign(ids, { space: publicId('spc', space?.id ?? ''), sub: made.id, event: emitted.id });
    const page = await host.as('bob')('GET', '/v1/spaces/bob-ltd/deliveries');
    ids.delivery = (page.body.data as { id: string }[])[0]?.id ?? '';
  });
  afterAll(async () => {
    await host.close();
    await receiver.close();
  });

  it('takes a body that the host has decompressed', async () => {
    const headers = { cookie: 'session=bob', 'content-type': 'application/json', 'content-encoding': 'gzip' };
    const body = gzipSync(JSON.stringify({ url: receiver.url, uid: `zipped-${kind}` }));
    const path = `${host.url}/v1/spaces/bob-ltd/subscriptions`;
    const { status } = await fetch(path, { method: 'POST', headers, body });
    // Fastify's own parser reads no compressed body.
    expect(status).toBe(kind === 'Express' ? 201 : 400);
    await host.app
      .get(WebhookSubscriptions)
      .delete('bob-ltd', `zipped-${kind}`)
      .catch(() => undefined);
  });

  it('keeps the headers that the host has set', async () => {
    expect((await host.as('bob')('GET', '/v1/session')).headers.get('x-host')).toBe('guarded');
  });

  it('ends the request of who has hung up before its tenant was known', async () => {
    const gate = host.app.get(HostGate, { strict: false });
    const pass = gate.pass.bind(gate);
    const passes: { closed: boolean; ended: boolean }[] = [];
    gate.pass = async (request, response) => {
      const mine = { closed: false, ended: false };
      (response.raw ?? (response as unknown as ServerResponse)).once('close', () => (mine.closed = true));
      passes.push(mine);
      await pass(request, response);
      mine.ended = true;
    };
    const tell: ((tenant: string) => void)[] = [];
    host.signIn('slow', new Promise<string>((resolve) => tell.push(resolve)) as never);
    const caller = new AbortController();
    const asked = fetch(`${host.url}/v1/session`, {
      headers: { cookie: 'session=slow' },
      signal: caller.signal,
    });
    try {
      await eventually(() => passes.length === 1);
      caller.abort();
      await expect(asked).rejects.toThrow('abort');
      await eventually(() => passes[0]?.closed);
      tell[0]?.('bob-ltd');
      await eventually(() => passes[0]?.ended, { timeoutMs: 2_000 });
    } finally {
      Reflect.deleteProperty(gate, 'pass');
    }
  });

  it('leaves the host its own path to log', async () => {
    const { pathname } = new URL(`${host.url}/v1/session?x=1`);
    expect((await host.as('bob')('GET', '/v1/session?x=1')).status).toBeLessThan(500);
    await eventually(() => expect(host.finished).toContain(`${pathname}?x=1`));
    expect(host.finished).not.toContain('/v1/session?x=1');
  });

  it('lets nobody in whom the guards do not', async () => {
    const token = (await host.app.get(WebhookPortalLinks).create('bob-ltd', { scope: 'manage' })).token;
    const strangers: Record<string, string>[] = [
      {},
      { authorization: `Bearer ${token}` },
      { cookie: 'session=nobody' },
    ];
    for (const headers of strangers) {
      const call = host.as(null, headers);
      for (const path of [
        '',
        '/',
        '/v1/session',
        '/v1/spaces/bob-ltd/subscriptions',
        '/index.html',
        '/healthz',
      ])
        expect([path, (await call('GET', path)).status]).toEqual([path, 401]);
      expect((await call('POST', `/v1/spaces/bob-ltd/subscriptions/main/pause`)).status).toBe(401);
    }
    expect((await host.as('banned')('GET', '/v1/session')).status).toBe(403);
    const broken = await host.as('broken')('GET', '/v1/session');
    expect(broken.status).toBe(500);
    expect(broken.text).not.toContain('session store');
  });

  it('makes the space of a customer on first use, and shows nothing else', async () => {
    const call = host.as('ann');
    expect(await host.app.get(SpaceLookup).find('ann-ltd')).toBeNull();
    const session = await call('GET', '/v1/session');
    expect(session.body).toMatchObject({
      kind: 'portal',
      scope: 'manage',
      space: expect.stringMatching(/^spc_/) as string,
    });
    expect(session.headers.get('cache-control')).toBe('no-store');
    const created = await call('POST', '/v1/spaces/ann-ltd/subscriptions', {
      url: receiver.url,
      events: ['tag.*'],
    });
    expect(created.status).toBe(201);
    const list = await call('GET', '/v1/spaces/ann-ltd/subscriptions?limit=5');
    expect(list.body).toMatchObject({ data: [{ id: created.body.id, url: receiver.url }], nextCursor: null });
    const sub = String(created.body.id);
    expect((await call('POST', `/v1/spaces/ann-ltd/subscriptions/${sub}/pause`)).body).toMatchObject({
      status: 'paused',
    });
    expect((await call('POST', `/v1/spaces/ann-ltd/subscriptions/${sub}/resume`)).status).toBe(200);
    const patched = await call('PATCH', `/v1/spaces/ann-ltd/subscriptions/${sub}`, {
      description: 'Größe ✓',
    });
    expect(patched.body).toMatchObject({ description: 'Größe ✓' });
    const before = receiver.requests.length;
    const test = await call('POST', `/v1/spaces/ann-ltd/subscriptions/${sub}/test`, {
      data: { id: 'tried' },
    });
    expect(test.status).toBe(202);
    await receiver.received(before + 1);
    const invalid = await call('POST', '/v1/spaces/ann-ltd/subscriptions', { url: 1 });
    expect(invalid.status).toBe(422);
    expect(invalid.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect((await call('DELETE', `/v1/spaces/ann-ltd/subscriptions/${sub}`)).status).toBe(204);
  });

  it("refuses every call about another customer's space, and every call of the instance", async () => {
    const call = host.as('eve');
    await call('GET', '/v1/session');
    const named = (path: string, space: string) =>
      path
        .replace('{space}', space)
        .replace('{sub}', ids.sub ?? '')
        .replace('{event}', ids.event ?? '')
        .replace('{delivery}', ids.delivery ?? '')
        .replaceAll(/\{\w+\}/g, 'x');
    let tried = 0;
    for (const { method, path } of CALLS.filter((one) => one.path !== '/healthz')) {
      for (const space of path.includes('{space}') ? ['bob-ltd', ids.space ?? '', 'eve-ltd'] : ['']) {
        const isOwn = space === 'eve-ltd' && !path.includes('{sub}');
        const { status, text } = await call(method, named(path, space), method === 'GET' ? undefined : '{}');
        const where = `${method} ${path} ${space} ${status}`;
        expect(`${where} ${text}`).not.toContain('secret-of-bob');
        tried += 1;
        if (space === '' && ['/v1/session', '/v1/event-types', '/v1/event-types/{name}'].includes(path))
          continue;
        if (!isOwn) expect([where, [400, 403, 404, 405, 415, 422].includes(status)]).toEqual([where, true]);
        if (!isOwn && method === 'GET') expect([where, [403, 404].includes(status)]).toEqual([where, true]);
      }
    }
    expect(tried).toBeGreaterThan(100);
    const bobs = await host.app.get(WebhookSubscriptions).list('bob-ltd');
    expect(bobs.data).toMatchObject([{ id: ids.sub, status: 'active', url: receiver.url }]);
    const publish = { type: 'lead.create', data: { id: 'forged' } };
    expect((await call('POST', '/v1/spaces/eve-ltd/events', publish)).status).toBe(403);
  });

  it('is not led astray by paths, headers and ids', async () => {
    const bob = `v1/spaces/bob-ltd/subscriptions`;
    const base = new URL(host.url).pathname;
    const paths = [
      `${base}/../webhooks/${bob}`,
      `${base}/%2e%2e/webhooks/${bob}`,
      `${base}//${bob}`,
      `/${base}/${bob}`,
      `${base}/v1/spaces/eve-ltd%2f..%2fbob-ltd/subscriptions`,
      `${base}/v1/spaces/eve-ltd/../bob-ltd/subscriptions`,
      `${base}/v1/spaces/eve-ltd/subscriptions/../../bob-ltd/subscriptions`,
      `${base}/v1/spaces/eve-ltd;/../bob-ltd/subscriptions`,
      `${base}/x/${base}/${bob}`,
      `${base.toUpperCase()}/${bob}`,
      `${base.replace('webhooks', '%77ebhooks')}/${bob}`,
      `${base}/${bob}%00`,
      `${base}\\..\\${bob}`,
      `${base}/${bob}?space=bob-ltd`,
    ];
    for (const path of paths) {
      const [outside, inside] = [await host.raw(path), await host.raw(path, 'eve')];
      expect([path, [400, 401, 404].includes(outside.status)]).toEqual([path, true]);
      expect([path, [400, 403, 404].includes(inside.status)]).toEqual([path, true]);
      expect(String(inside.body) + String(outside.body)).not.toContain(ids.sub);
    }
    const { token } = await host.app.get(WebhookPortalLinks).create('bob-ltd', { scope: 'manage' });
    const headers = {
      authorization: `Bearer ${token}`,
      'x-forwarded-prefix': '/x',
      'x-original-url': `/${bob}`,
    };
    expect((await host.as('eve', headers)('GET', `/${bob}`)).status).toBe(404);
    expect((await host.as('eve', headers)('GET', '/v1/session')).body.space).not.toBe(ids.space);
    expect((await host.as('eve')('GET', `/v1/spaces/eve-ltd/deliveries/${ids.delivery}`)).status).toBe(404);
    expect((await host.as('eve')('GET', `/v1/spaces/eve-ltd/events/${ids.event}`)).status).toBe(404);
  });

  it('takes no changes that a page of another site makes a browser send', async () => {
    const path = '/v1/spaces/bob-ltd/subscriptions/main/pause';
    const { host: name } = new URL(host.url);
    const forged: Record<string, string>[] = [
      { 'sec-fetch-site': 'cross-site' },
      { 'sec-fetch-site': 'same-site', origin: `http://${name}` },
      { origin: 'https://evil.example' },
      { origin: 'null' },
      { origin: `https://${name}.evil.example` },
    ];
    for (const headers of forged) {
      const { status, body } = await host.as('bob', headers)('POST', path);
      expect([headers, status, body.code]).toEqual([headers, 403, 'forbidden']);
      expect((await host.as('bob', headers)('GET', '/v1/session')).status).toBe(200);
    }
    const own: Record<string, string>[] = [
      { 'sec-fetch-site': 'same-origin' },
      { origin: `http://${name}` },
      {},
    ];
    for (const headers of own) {
      expect((await host.as('bob', headers)('POST', path)).status).toBe(200);
      expect((await host.as('bob', headers)('POST', path.replace('pause', 'resume'))).status).toBe(200);
    }
  });

  it('does what tenantOf says: a part of the rights, nobody, and never by an id', async () => {
    const reader = host.as('reader');
    expect((await reader('GET', '/v1/spaces/bob-ltd/subscriptions')).status).toBe(200);
    expect((await reader('POST', '/v1/spaces/bob-ltd/subscriptions/main/pause')).status).toBe(403);
    host.signIn('editor', { uid: 'bob-ltd', rights: ['edit'] });
    expect((await host.as('editor')('PATCH', '/v1/spaces/bob-ltd/subscriptions/main', {})).status).toBe(200);
    expect((await host.as('editor')('GET', '/v1/spaces/bob-ltd/subscriptions/main/secret')).status).toBe(403);
    const answers: [unknown, number][] = [
      [null, 403],
      [undefined, 403],
      ['throws', 401],
      ...[ids.space, '', 'a/b', 'x'.repeat(65), { uid: ids.space }, {}, 7].map((one): [unknown, number] => [
        one,
        500,
      ]),
    ];
    for (const [account, expected] of answers) {
      host.signIn('odd', account as string);
      const { status, text } = await host.as('odd')('GET', '/v1/session');
      expect([account, status]).toEqual([account, expected]);
      expect(text).not.toContain(ids.space);
    }
  });

  it('says in the audit log who it was, as the application knows them', async () => {
    await host.as('bob')('PATCH', '/v1/spaces/bob-ltd/subscriptions/main', { description: 'by bob' });
    const { sql } = host.app.get(Database, { strict: false });
    const text = `SELECT to_jsonb(a)::text AS entry FROM posthorn.audit_entries a ORDER BY id DESC LIMIT 1`;
    const [row] = await sql<{ entry: string }>({ name: 'test_audit', text }, []);
    expect(row?.entry).toContain('bob@example.com');
    expect(row?.entry).toContain('application');
  });

  it('shows the dashboard, which asks for no key and may be framed by the application', async () => {
    const call = host.as('bob', { accept: 'text/html' });
    const moved = await call('GET', '');
    expect([moved.status, moved.headers.get('location')]).toEqual([308, './webhooks/']);
    const page = await call('GET', '/');
    expect(page.status).toBe(200);
    expect(page.text).toContain('<meta name="posthorn-session" content="application" />');
    expect(page.text).toContain('<base href="./" />');
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'self'");
    const script = /src="\.?\/?(assets\/[^"]+\.js)"/.exec(page.text)?.[1] ?? '';
    expect((await call('GET', `/${script}`)).headers.get('content-type')).toContain('javascript');
    expect((await call('GET', '/docs')).status).toBe(404);
    expect((await call('GET', '/metrics')).status).toBe(404);
  });

  it("has the look of the customer's own space, and shows no other's", async () => {
    const portal = host.app.get(PortalSettingsService, { strict: false });
    const space = await host.app.get(SpacesService).upsertSpace({ uid: 'cat-ltd' });
    host.signIn('cat', 'cat-ltd');
    const png =
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==';
    await portal.change(space, {
      logo: { type: 'image/png', data: png },
      frameAncestors: ['https://cat.example'],
    });
    const logo = `/portal/${publicId('spc', space.id)}/logo`;
    expect((await host.as('cat')('GET', logo)).status).toBe(200);
    expect((await host.as('eve')('GET', logo)).status).toBe(404);
    const policy = async (session: string) =>
      (await host.as(session, { accept: 'text/html' })('GET', '/')).headers.get('content-security-policy');
    expect(await policy('cat')).toContain('https://cat.example');
    expect(await policy('eve')).not.toContain('cat.example');
  });

  it('shares the connections of the module', async () => {
    const { sql } = host.app.get(Database, { strict: false });
    await Promise.all(
      Array.from({ length: 40 }, () => host.as('bob')('GET', '/v1/spaces/bob-ltd/deliveries')),
    );
    const text = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database()`;
    const [row] = await sql<{ count: number }>({ name: 'test_connections', text }, []);
    expect(row?.count).toBeLessThanOrEqual(10);
  });

  it('logs nothing of routes that are elsewhere', () => {
    expect(host.lines.filter((line) => line.includes('/webhooks'))).not.toEqual([]);
    expect(host.lines.filter((line) => line.includes('/v1/spaces'))).toEqual([]);
  });

  it('reads bodies that the application has parsed, and leaves its own routes alone', async () => {
    const own = await fetch(`${host.origin}${kind === 'Express' ? '/api' : ''}/host`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"of":"its own"}',
    });
    expect(await own.json()).toEqual({ data: { of: 'its own' } });
    const call = host.as('bob');
    // A host that keeps the bytes loses nothing of a long number; parsed, it is what a double keeps of it.
    const filter = '{"data.amount":{"gt":12345678901234567890}}';
    const body = `{"url":"${receiver.url}","filter":${filter}}`;
    const made = await call('POST', '/v1/spaces/bob-ltd/subscriptions', body);
    expect(made.status).toBe(201);
    expect(made.text).toContain(kind === 'Fastify' ? filter : '12345678901234567000');
    const malformed = await call('POST', '/v1/spaces/bob-ltd/subscriptions', '{"url":');
    expect(malformed.status).toBe(400);
    const form = await host.as('bob', { 'content-type': 'application/x-www-form-urlencoded' })(
      'POST',
      '/v1/spaces/bob-ltd/subscriptions',
      'url=https://example.com',
    );
    expect(form.status).toBe(415);
  });
});
