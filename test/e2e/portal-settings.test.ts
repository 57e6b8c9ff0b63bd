import { newUuid, parsePublicId } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { PortalSettingsService } from '../../src/spaces/portal-settings.service.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const PNG = Buffer.from('89504e470d0a1a0a0000000d49484452', 'hex').toString('base64');
const SVG = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';

interface Link {
  url: string;
  token: string;
}

const { engine, tenant, receiver } = useStory({
  tenantFor: 'block',
  settings: { testReceiver: true, portalFrameAncestors: ['https://instance.example'] },
});

const change = (body: object) => engine.call<Problem>('PATCH', tenant.path('/portal'), body);
const makeLink = (body: object) => engine.ok<Link>('POST', tenant.path('/portal-links'), body);
const spaceId = async () => (await engine.ok<{ id: string }>('GET', tenant.path(''))).id;

describe('the rights of a portal link', () => {
  const calls: Record<string, [method: string, path: string][]> = {
    edit: [
      ['POST', '/subscriptions'],
      ['PUT', '/subscriptions/new'],
      ['PATCH', '/subscriptions/one'],
      ['DELETE', '/subscriptions/none'],
      ['POST', '/subscriptions/one/pause'],
      ['POST', '/subscriptions/one/resume'],
    ],
    retry: [
      ['POST', '/deliveries/none/retry'],
      ['POST', '/deliveries/none/cancel'],
      ['POST', '/deliveries/retry'],
      ['POST', '/subscriptions/one/replay'],
    ],
    secrets: [
      ['GET', '/subscriptions/one/secret'],
      ['POST', '/subscriptions/one/secret/rotate'],
    ],
    test: [
      ['POST', '/subscriptions/one/test'],
      ['POST', '/test-receivers'],
    ],
  };

  it.each(Object.keys(calls))(
    'that has only "%s" are refused all others by the API, with 403',
    async (right) => {
      if (right === 'edit')
        await tenant.subscribe(receiver.url, { uid: 'one', headers: { 'x-token': 'sesame' } });
      const { token } = await makeLink({ scope: 'manage', rights: [right] });
      for (const [needed, routes] of Object.entries(calls)) {
        for (const [method, path] of routes) {
          const body = method === 'GET' ? undefined : {};
          const { status, body: problem } = await engine.call<Problem>(method, tenant.path(path), body, {
            key: token,
          });
          expect([path, status === 403]).toEqual([path, needed !== right]);
          if (status === 403) expect(problem.detail).toContain(`the right "${needed}"`);
        }
      }
      expect((await engine.call('GET', tenant.path('/deliveries'), undefined, { key: token })).status).toBe(
        200,
      );
      const session = await engine.call('GET', '/v1/session', undefined, { key: token });
      expect(session.body).toMatchObject({ scope: 'manage', rights: [right] });
    },
  );

  it('without "secrets" hide them also in the answer to a creation, and the values of headers', async () => {
    const body = { url: receiver.url, headers: { 'x-token': 'sesame' } };
    for (const [rights, shown] of [
      [['edit'], false],
      [['edit', 'secrets'], true],
    ] as const) {
      const { token: key } = await makeLink({ scope: 'manage', rights });
      const made = await engine.call<{ secret: string | null; headers: object }>(
        'POST',
        tenant.path('/subscriptions'),
        body,
        { key },
      );
      expect(made.status).toBe(201);
      expect([made.body.secret !== null, made.body.headers]).toEqual([
        shown,
        { 'x-token': shown ? 'sesame' : '***' },
      ]);
    }
  });

  it('are all four by default, none for a link to look, and no others', async () => {
    const list = async () =>
      (await engine.ok<{ data: object[] }>('GET', tenant.path('/portal-links'))).data[0];
    await makeLink({ scope: 'manage', rights: ['test', 'edit', 'secrets', 'retry'] });
    expect(await list()).not.toHaveProperty('rights');
    await makeLink({ scope: 'manage', rights: ['test', 'edit'] });
    expect(await list()).toMatchObject({ scope: 'manage', rights: ['edit', 'test'] });
    for (const body of [
      { scope: 'read', rights: ['edit'] },
      { scope: 'manage', rights: ['all'] },
      { scope: 'manage', rights: ['edit', 'edit'] },
      { scope: 'manage', rights: null },
      { scope: 'manage', language: 'tlh' },
    ])
      expect([body, (await engine.call('POST', tenant.path('/portal-links'), body)).status]).toEqual([
        body,
        422,
      ]);
  });
});

describe('how a portal looks', () => {
  it('is the default until the space decides; then its links lead to a page of its own', async () => {
    expect((await change({})).body).toEqual({
      ...{ name: null, logoUrl: null, colours: null, fonts: [], fontUrl: null, scheme: 'auto' },
      ...{ language: null, showPosthorn: false, frameAncestors: [] },
    });
    await change({
      name: 'Acme',
      logoUrl: 'https://cdn.example/logo.svg',
      fontUrl: 'https://fonts.example/a.woff2',
      fonts: ['Acme Sans', 'Helvetica Neue'],
      colours: { light: { accent: '#b4005a', background: '#ffffff', text: '#222222' } },
      frameAncestors: ['https://app.acme.example'],
    });
    const { url, token } = await makeLink({ scope: 'read', language: 'ja' });
    const id = await spaceId();
    expect(url).toBe(`${engine.url}/portal/${id}/#portal=${token}&lang=ja`);
    const page = await fetch(url, { headers: { accept: 'text/html' } });
    expect(page.headers.get('content-security-policy')).toBe(
      "default-src 'self'; img-src 'self' https://cdn.example/logo.svg; font-src 'self' https://fonts.example/a.woff2; " +
        "object-src 'none'; base-uri 'self'; form-action 'self'; " +
        'frame-ancestors https://instance.example https://app.acme.example',
    );
    const html = await page.text();
    expect(html).toContain('<base href="../../"');
    expect(html).not.toMatch(/posthorn/i);
    const session = await engine.call('GET', '/v1/session', undefined, { key: token });
    expect(session.body).toMatchObject({ portal: { name: 'Acme', fonts: ['Acme Sans', 'Helvetica Neue'] } });
  });

  it('has a logo that was uploaded, served so that nothing of it runs; it and an address replace each other', async () => {
    const data = Buffer.from(SVG).toString('base64');
    const { body } = await change({ logo: { type: 'image/svg+xml', data } });
    expect(body).toMatchObject({ logoUrl: expect.stringMatching(/^portal\/spc_\w+\/logo\?v=/) as string });
    const { logoUrl } = body as unknown as { logoUrl: string };
    const logo = await fetch(`${engine.url}/${logoUrl}`);
    expect([
      logo.headers.get('content-type'),
      logo.headers.get('content-security-policy'),
      await logo.text(),
    ]).toEqual(['image/svg+xml', "default-src 'none'; style-src 'unsafe-inline'; sandbox", SVG]);
    await change({ logo: { type: 'image/png', data: PNG } });
    expect((await change({ logoUrl: 'https://cdn.example/x.png' })).body).toMatchObject({
      logoUrl: 'https://cdn.example/x.png',
    });
    expect((await fetch(`${engine.url}/${logoUrl}`)).status).toBe(404);
    expect((await change({ logoUrl: null })).body).toMatchObject({ logoUrl: null, name: 'Acme' });
  });

  it.each([
    { logoUrl: "https://a.example/x'; script-src *" },
    { logoUrl: 'https://a.example/x; script-src *' },
    { logoUrl: 'javascript:alert(1)' },
    { logoUrl: 'https://user:word@a.example/x' },
    { fontUrl: 'data:font/woff2;base64,AAAA' },
    { frameAncestors: ['*'] },
    { frameAncestors: ['https://a.example/path'] },
    { frameAncestors: ["'self'"] },
    { frameAncestors: ['https://a.example https://b.example'] },
    { fonts: ['x"; } body { display: none'] },
    { fonts: ['a, b'] },
    { colours: { light: { accent: 'red' } } },
    { colours: { light: { accent: '#fff; background: url(//a.example)' } } },
    { colours: { light: { background: '#ffffff' } } },
    { colours: { dark: { background: '#222222', text: '#333333' } } },
    { colours: { blue: {} } },
    { name: 'Acme\u202e' },
    { name: '' },
    { scheme: 'sepia' },
    { logo: { type: 'image/png', data: Buffer.from(SVG).toString('base64') } },
    { logo: { type: 'text/html', data: Buffer.from(SVG).toString('base64') } },
    { logo: { type: 'image/png', data: Buffer.alloc(65_537).toString('base64') } },
    { logo: { type: 'image/png', data: PNG }, logoUrl: 'https://a.example/x.png' },
  ])('is not %j', async (body) => {
    const { status, body: problem } = await change(body);
    expect([status, problem.code]).toEqual([422, 'validation_failed']);
  });

  it('is changed by the operator only, and read by the space', async () => {
    const key = await tenant.key('manage');
    expect((await engine.call('PATCH', tenant.path('/portal'), { name: 'x' }, { key })).status).toBe(403);
    expect((await engine.call('GET', tenant.path('/portal'), undefined, { key })).status).toBe(200);
  });

  it('of a space that is unknown is the default page, whatever the path says', async () => {
    for (const space of ['spc_00000000000000000000000000000000', 'nobody', '%00', "'%20*"]) {
      const page = await fetch(`${engine.url}/portal/${space}/`, { headers: { accept: 'text/html' } });
      expect([page.status, page.headers.get('content-security-policy')?.slice(-40)]).toEqual([
        200,
        expect.stringContaining('frame-ancestors https://instance.example') as string,
      ]);
    }
    expect((await fetch(`${engine.url}/portal/nobody/logo`)).status).toBe(404);
  });
});

it('spaces that anybody names in the path of the portal are looked up many at a time', async () => {
  const id = await spaceId();
  await change({ name: 'Acme' });
  const api = engine.apis[0] as (typeof engine.apis)[0];
  const { logger } = api.get(Database).source;
  const statements: string[] = [];
  const logQuery = logger.logQuery.bind(logger);
  logger.logQuery = (statement) => void statements.push(statement);
  const portal = api.get(PortalSettingsService);
  const madeUp = Array.from({ length: 200 }, () => newUuid(0));
  const faces = await Promise.all(
    [...madeUp, parsePublicId('spc', id) ?? ''].map((space) => portal.face(space)),
  );
  logger.logQuery = logQuery;
  expect(faces.slice(0, -1)).toEqual(madeUp.map(() => null));
  expect(faces.at(-1)?.look.name).toBe('Acme');
  expect(statements.filter((statement) => statement.includes('portal_settings')).length).toBeLessThan(10);
});
