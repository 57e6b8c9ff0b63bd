import pg from 'pg';
import type { Answer } from '../../support/engine.js';
import { documentedEvents, golden } from '../../support/golden.js';
import { useStory } from '../../support/story.js';
import { Tenant } from '../../support/tenant.js';

const BASE = '/lemlist/api/hooks';
const URL = 'https://hooks.example.com/lemlist';

interface Hook {
  _id: string;
  targetUrl: string;
  createdAt: string;
  zapId?: string | number;
  type?: string;
}

const basic = (credentials: string) => ({
  authorization: `Basic ${Buffer.from(credentials).toString('base64')}`,
});

describe('the lemlist API', () => {
  let key: string;
  const { engine, tenant } = useStory({ workers: 0, settings: { providerLimits: true }, profile: 'lemlist' });
  beforeEach(async () => {
    key = await tenant.key('manage');
  });

  const call = <T = Hook>(method: string, path: string, body?: unknown, as = key): Promise<Answer<T>> =>
    engine.call<T>(method, path, body, { headers: basic(`:${as}`) });
  const create = (fields: object = {}, query = '') =>
    call('POST', BASE + query, { targetUrl: URL, ...fields });
  const list = async () => (await call<Hook[]>('GET', BASE)).body;

  it('L01 L06 L09 L10 L11 L13 creates a webhook from a body that has nothing but a targetUrl', async () => {
    const request = golden('payloads/lemlist/_api/create_request.example');
    const { status, headers, body } = await call('POST', BASE, request);

    expect(status).toBe(200);
    expect(headers.get('content-type')).toContain('application/json');
    expect(body).toEqual({
      _id: expect.stringMatching(/^hoo_[0-9A-Za-z]{17}$/) as string,
      targetUrl: 'https://webhook.site/your-id',
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
    });
    const typed = await create({ type: 'linkedinInterested' });
    expect(Object.keys(typed.body).sort()).toEqual(
      Object.keys(golden('payloads/lemlist/_api/create_response')).sort(),
    );
  });

  it('L02 B1 takes a Basic header with an empty user and the key as password', async () => {
    const withHeader = async (authorization: string) =>
      (await engine.call('GET', BASE, undefined, { headers: { authorization } })).status;
    const encoded = Buffer.from(`:${key}`).toString('base64');
    for (const good of [`Basic ${encoded}`, `basic  ${encoded} `, `Basic ${encoded.replace(/=+$/, '')}`])
      expect([good, await withHeader(good)]).toEqual([good, 200]);
    const bad = [
      ...[`${key}:`, `user:${key}`, key, ':', ':wrong', `:${key} `, `: ${key}`, `:${engine.adminKey}`].map(
        (credentials) => basic(credentials).authorization,
      ),
      ...[`Bearer ${key}`, 'Basic', 'Basic !!!', `Basic ${encoded} ${encoded}`, encoded],
    ];
    for (const header of bad) expect([header, await withHeader(header)]).toEqual([header, 401]);
    const answer = await engine.call('GET', BASE, undefined, { headers: basic(':wrong') });
    expect([answer.body, answer.headers.get('content-length')]).toEqual(['', '0']);
  });

  it('B1 takes the key as access_token, too', async () => {
    const get = async (query: string) => (await fetch(`${engine.url}${BASE}${query}`)).status;
    expect(await get(`?access_token=${key}`)).toBe(200);
    expect(await get('')).toBe(401);
    expect(await get('?access_token=wrong')).toBe(401);
    expect(await get(`?access_token=${key}&access_token=${key}`)).toBe(401);
  });

  it.each(['read', 'publish'] as const)('a %s key changes nothing', async (scope) => {
    const weak = await tenant.key(scope);
    const { body } = await create();
    expect((await call('GET', BASE, undefined, weak)).status).toBe(scope === 'read' ? 200 : 403);
    expect((await call('POST', BASE, { targetUrl: URL }, weak)).status).toBe(403);
    expect((await call('DELETE', `${BASE}/${body._id}`, undefined, weak)).status).toBe(403);
    expect(await list()).toEqual([body]);
  });

  it('a portal link opens nothing', async () => {
    const { token } = await engine.ok<{ token: string }>('POST', tenant.path('/portal-links'), {
      scope: 'manage',
    });
    expect((await call('GET', BASE, undefined, token)).status).toBe(403);
    expect((await call('POST', BASE, { targetUrl: URL }, token)).status).toBe(403);
  });

  it.each(['query', 'body'])('L03 L04 L05 L28 L29 takes its parameters in the %s', async (place) => {
    const parameters = { campaignId: 'cam_1', isFirst: 'true', zapId: '37709957', type: 'emailsReplied' };
    const { body } =
      place === 'query'
        ? await create({}, `?${new URLSearchParams(parameters).toString()}`)
        : await create({ ...parameters, isFirst: true });
    const sample = golden<object[]>('payloads-docs/lemlist/_api/get_hooks.example')[0] ?? {};

    expect(body).toMatchObject({
      campaignId: 'cam_1',
      isFirst: true,
      zapId: '37709957',
      type: 'emailsReplied',
    });
    expect(Object.keys(body)).toEqual(Object.keys(sample));
    expect(await list()).toEqual([body]);
  });

  it.each(['37709957', '007', '0', '1e3', '9007199254740993', 'zap-a'])(
    'L05 gives the zapId %j back as the text that was sent',
    async (zapId) => {
      expect((await create({ zapId })).body.zapId).toBe(zapId);
      expect((await create({}, `?zapId=${zapId}`)).body.zapId).toBe(zapId);
      expect((await list()).map((hook) => hook.zapId)).toEqual([zapId, zapId]);
    },
  );

  it('L28 takes null and nothing for absent, and refuses what contradicts itself', async () => {
    const nothing = { campaignId: null, isFirst: null, zapId: '', type: null, secret: null };
    expect(Object.keys((await create(nothing, '?campaignId=')).body)).toEqual([
      '_id',
      'targetUrl',
      'createdAt',
    ]);
    const same = await create(
      { campaignId: 'cam_1', isFirst: true, zapId: 5 },
      '?campaignId=cam_1&isFirst=true&zapId=5',
    );
    expect([same.status, same.body.zapId]).toEqual([200, 5]);
    for (const [fields, query] of [
      [{ campaignId: 'cam_1' }, '?campaignId=cam_2'],
      [{ isFirst: true }, '?isFirst=false'],
      [{ zapId: 5 }, '?zapId=6'],
      [{ type: 'emailsSent' }, '?type=emailsOpened'],
    ] as const)
      expect(await create(fields, query)).toMatchObject({
        status: 400,
        body: expect.stringMatching(/^Bad params: \w+: .*contradict/) as string,
      });
  });

  it.each([
    [{ targetUrl: undefined }, '', 'targetUrl'],
    [{ targetUrl: 'example.com' }, '', 'targetUrl'],
    [{ targetUrl: 'https://user:pass@example.com' }, '', 'targetUrl'],
    [{ targetUrl: `https://example.com/${'x'.repeat(2_048)}` }, '', 'targetUrl'],
    [{ targetUrl: ['https://example.com'] }, '', 'targetUrl'],
    [{ targetUrl: 'https://10.0.0.1/' }, '', 'targetUrl'],
    [{ type: 'odd' }, '', 'type'],
    [{ type: ['emailsSent'] }, '', 'type'],
    [{ type: { $ne: '' } }, '', 'type'],
    [{ type: '__proto__' }, '', 'type'],
    [{ type: '*' }, '', 'type'],
    [{}, '?type=emailsSent&type=emailsSent', 'type'],
    [{}, '?type[]=emailsSent', 'type'],
    [{}, '?isFirst=true&isFirst=false', 'isFirst'],
    [{ isFirst: 1 }, '', 'isFirst'],
    [{ isFirst: 'yes' }, '', 'isFirst'],
    [{ campaignId: 5 }, '', 'campaignId'],
    [{ campaignId: ['cam_1'] }, '', 'campaignId'],
    [{ campaignId: 'c\u0000' }, '', 'campaignId'],
    [{ campaignId: '\ud800' }, '', 'campaignId'],
    [{ zapId: 1.5 }, '', 'zapId'],
    [{ zapId: {} }, '', 'zapId'],
    [{ secret: 5 }, '', 'secret'],
    [{ secret: 'x'.repeat(257) }, '', 'secret'],
    [{ secret: 'line\nbreak' }, '', 'secret'],
    [{}, '?secret=hush', 'secret'],
  ])('L30 refuses %j%s as bad parameters, in plain text that names it', async (fields, query, name) => {
    const { status, headers, body } = await call<string>('POST', BASE + query, { targetUrl: URL, ...fields });
    expect([status, headers.get('content-type')]).toEqual([400, 'text/plain; charset=utf-8']);
    expect(body).toMatch(new RegExp(`^Bad params: ${name}: `));
    expect(await list()).toEqual([]);
  });

  it.each([[[]], ['text'], [5]])('refuses the body %j', async (body) => {
    expect(await call('POST', BASE, body)).toMatchObject({ status: 400 });
    expect(await call('POST', BASE, '{"targetUrl":')).toMatchObject({ status: 400 });
  });

  it('L07 L18 L21 takes each of the 75 types, one at a time, or none', async () => {
    const types = documentedEvents('lemlist').map(({ name }) => name);
    expect(types).toHaveLength(75);
    const subscriptions = tenant.path('/subscriptions');
    await engine.ok('POST', subscriptions, { url: URL, events: types });
    for (const type of [types[0], types[74]]) expect((await create({ type })).body.type).toBe(type);
    expect(await create({ type: 'emailOpened' })).toMatchObject({
      status: 400,
      body: expect.stringContaining('Did you mean emailsOpened?') as string,
    });
  });

  it.each([
    ['skipped', 'There is no replacement.'],
    ['emailsSendFailed', 'Use emailsFailed instead.'],
    ['opportunitiesDone', 'Use annotated or task-level webhooks instead.'],
  ])('L20 refuses %s, which was removed, and says: %s', async (type, replacement) => {
    const body = `Bad params: type: ${type} has been removed. ${replacement}`;
    expect(await create({ type })).toMatchObject({ status: 400, body });
  });

  it('L08 L12 L22 L23 L24 L16 keeps the secret sealed and to itself, for good', async () => {
    const secret = 'hush-hush-4711';
    const made = await create({ secret });
    const deleted = await call('DELETE', `${BASE}/${made.body._id}`);
    const again = await create({ secret });
    const native = tenant.path('/subscriptions');
    const { data } = await engine.ok<{ data: { id: string; providerId: string }[] }>('GET', native);
    const path = `${native}/${data[0]?.id}`;
    const answers = [made, deleted, again, await call('GET', BASE), await call('GET', '/lemlist/api/team')];
    answers.push(await engine.call('GET', path), await engine.call('GET', `${path}/secret`));
    answers.push(await engine.call('POST', `${path}/secret/rotate`, { secret: 'another' }));
    answers.push(await engine.call('POST', native, { url: URL, secret }));

    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200, 200, 409, 409, 201]);
    expect(JSON.stringify(answers.map(({ body }) => body))).not.toContain(secret);
    expect(data[0]?.providerId).toBe(again.body._id);
    const rows = new pg.Client(engine.settings.databaseUrl);
    await rows.connect();
    const stored = await rows.query(`SELECT s::text AS text FROM posthorn.subscriptions s`);
    await rows.end();
    for (const form of [secret, Buffer.from(secret).toString('base64'), Buffer.from(secret).toString('hex')])
      expect(JSON.stringify(stored.rows)).not.toContain(form);
    for (const method of ['PUT', 'PATCH', 'GET'])
      expect(
        (await call(method, `${BASE}/${again.body._id}`, method === 'GET' ? undefined : {})).status,
      ).toBe(404);
  });

  it('L14 B1 lists webhooks as a plain array, oldest first, with what is set', async () => {
    expect(await list()).toEqual([]);
    const first = await create({ type: 'emailsReplied', campaignId: 'cam_1' });
    const second = await create({ zapId: 'zap-a' });
    expect(await list()).toEqual([first.body, second.body]);
    expect(second.body).toMatchObject({ zapId: 'zap-a' });
  });

  it('L15 B1 deletes, answers with what was deleted, and knows it no more', async () => {
    const { body } = await create({ type: 'linkedinInterested', campaignId: 'cam_A1B2C3D4E5F6G7H8I9' });
    const answer = await call('DELETE', `${BASE}/${body._id}`);
    const sample = golden('payloads-docs/lemlist/_api/delete_hook.example');

    expect(answer).toMatchObject({ status: 200, body });
    expect(Object.keys(answer.body)).toEqual(Object.keys(sample));
    expect(await list()).toEqual([]);
    expect(await call('DELETE', `${BASE}/${body._id}`)).toMatchObject({
      status: 404,
      body: 'Webhook not found',
    });
  });

  it.each([
    'undefined',
    'hoo_',
    '%00',
    'hoo_aaaaaaaaaaaaaaaa%00',
    "'",
    'x'.repeat(200),
    'hoo_AAAAAAAAAAAAAAAAA',
  ])('B1 there is no webhook %s', async (id) => {
    const answer = await call('DELETE', `${BASE}/${id}`);
    expect(answer).toMatchObject({ status: 404, body: 'Webhook not found' });
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
  });

  it("shows a webhook to its own team's keys only, and those of its own kind", async () => {
    const { body } = await create();
    const other = await Tenant.create(engine, 'native');
    const stranger = await other.key('manage');
    expect(await call('DELETE', `${BASE}/${body._id}`, undefined, stranger)).toMatchObject({ status: 404 });
    await other.subscribe(URL, { profile: 'leadlex' });
    expect((await call('GET', BASE, undefined, stranger)).body).toEqual([]);
    expect(await list()).toEqual([body]);
  });

  it('B1 shows a paused webhook as disabled', async () => {
    const { body } = await create();
    const { data } = await engine.ok<{ data: { id: string }[] }>('GET', tenant.path('/subscriptions'));
    await engine.ok('POST', tenant.path(`/subscriptions/${data[0]?.id}/pause`));
    expect(await list()).toEqual([{ ...body, disabled: true }]);
    await engine.ok('POST', tenant.path(`/subscriptions/${data[0]?.id}/resume`));
    expect(await list()).toEqual([body]);
  });

  it('B1 allows 20 requests in 2 seconds for a key, and says so in headers', async () => {
    const answers = await Promise.all(Array.from({ length: 25 }, () => call<string>('GET', BASE)));
    const refused = answers.filter(({ status }) => status === 429);
    const names = ['retry-after', 'x-ratelimit-limit', 'x-ratelimit-remaining', 'x-ratelimit-reset'];
    const [after, limit, remaining, reset] = names.map((name) => refused[0]?.headers.get(name));

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(20);
    expect(refused).toHaveLength(5);
    expect(refused[0]?.body).toBe('Too many requests');
    expect([Number(after) > 0 && Number(after) <= 2, limit, remaining]).toEqual([true, '20', '0']);
    expect(reset).toMatch(/^[A-Z][a-z]{2} [A-Z][a-z]{2} \d\d \d{4} \d\d:\d\d:\d\d GMT[+-]\d{4} \(.+\)$/);
    expect((await call('GET', BASE, undefined, await tenant.key('read'))).status).toBe(200);
  });

  it('B1 with POSTHORN_PROVIDER_LIMITS allows 200 webhooks to a team, disabled ones too', async () => {
    const native = tenant.path('/subscriptions');
    for (let n = 0; n < 200; n += 1) await engine.ok('POST', native, { url: URL });
    expect(await create()).toMatchObject({ status: 409, body: expect.stringContaining('200') as string });
    const [first] = await list();
    await call('DELETE', `${BASE}/${first?._id}`);
    expect((await create()).status).toBe(200);
    engine.settings.providerLimits = false;
    expect((await create()).status).toBe(200);
    engine.settings.providerLimits = true;
  });

  it('B1 allows no more of them when several are created at once', async () => {
    const native = tenant.path('/subscriptions');
    for (let n = 0; n < 199; n += 1) await engine.ok('POST', native, { url: URL });
    const answers = await Promise.all(Array.from({ length: 4 }, () => create()));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 409, 409, 409]);
    expect(await list()).toHaveLength(200);
  });

  it("B1 answers clients' checks of a key: team, campaigns, activities", async () => {
    const { body } = await create({ secret: 'hush-hush' });
    const team = await call<{ _id: string }>('GET', '/lemlist/api/team');
    expect(team.body).toEqual({
      _id: expect.stringMatching(/^tea_[0-9A-Za-z]{17}$/) as string,
      name: tenant.uid,
      userIds: [],
      createdBy: expect.stringMatching(/^usr_[0-9A-Za-z]{17}$/) as string,
      createdAt: expect.stringMatching(/Z$/) as string,
      hooks: [body],
      beta: [],
      invitedUsers: [],
    });
    expect((await call('GET', '/lemlist/api/campaigns')).body).toEqual([]);
    expect((await call('GET', '/lemlist/api/campaigns?version=v2')).body).toMatchObject({ campaigns: [] });
    expect((await call('GET', '/lemlist/api/team', undefined, 'wrong')).status).toBe(401);
  });

  it('B1 lists what was published as activities, newest first', async () => {
    const opened = golden('payloads-docs/lemlist/activity.emailsOpened');
    const events = Array.from({ length: 120 }, (_, n) => ({
      type: 'emailsSent',
      data: { leadId: `lea_${n}` },
    }));
    await engine.ok('POST', tenant.path('/events'), [{ type: 'emailsOpened', data: opened }, ...events]);
    const activities = async (query: string) =>
      (await call<{ _id: string; type: string; leadId: string }[]>('GET', `/lemlist/api/activities${query}`))
        .body;

    expect((await activities('')).map(({ leadId }) => leadId).slice(0, 2)).toEqual(['lea_119', 'lea_118']);
    expect(await activities('')).toHaveLength(100);
    expect(await activities('?offset=100')).toHaveLength(21);
    expect(await activities('?type=emailsOpened&campaignId=cam_oxeGg6paG3ZVxjHkH')).toEqual([opened]);
    expect(await activities('?type=hooked')).toEqual([opened]);
    expect(await activities('?campaignId=cam_other')).toEqual([]);
    for (const bad of ['?limit=101', '?limit=x', '?offset=-1', '?type=a&type=b', '?isFirst=1'])
      expect((await call('GET', `/lemlist/api/activities${bad}`)).status).toBe(400);
  });
});
