import { ManualClock } from '../../support/manual-clock.js';
import { useStory } from '../../support/story.js';
import { Tenant } from '../../support/tenant.js';

const URL = 'https://your-server.com/webhook';
const USER = { webhook_url: URL, association_type: 'user', event_type: 'EMAIL_OPEN' };
const BASE = '/smartlead/api/v1';

describe('the Smartlead API under attack', () => {
  const clock = new ManualClock();
  let key: string;
  const { engine, tenant } = useStory({ clock, workers: 0, profile: 'smartlead' });
  beforeEach(async () => {
    key = await tenant.key('manage');
  });

  const raw = (method: string, path: string, body?: unknown) => {
    clock.advance(1_000);
    return engine.call(method, `${BASE}${path}`, body, { headers: { authorization: '' } });
  };
  const call = (method: string, path: string, body?: unknown, as = key) =>
    raw(method, `${path}?api_key=${as}`, body);
  const create = async (fields: object = {}) =>
    (await call('POST', '/webhook/create', { ...USER, ...fields })).body.id as number;
  const subscriptions = async () =>
    (await engine.ok<{ data: object[] }>('GET', tenant.path('/subscriptions'))).data;

  it("shows nothing of another space's webhooks", async () => {
    const mine = await create();
    const campaign = { association_type: 3, email_campaign_id: 7 };
    const ofCampaign = await create(campaign);
    const other = await (await Tenant.create(engine, 'smartlead')).key('manage');
    const gone = { status: 404, body: { error: 'Resource not found' } };
    for (const [method, path, body] of [
      ['GET', `/webhook/${mine}`],
      ['PUT', `/webhook/update/${mine}`, { name: 'theirs' }],
      ['DELETE', `/webhook/delete/${mine}`],
      ['POST', '/campaigns/7/webhooks', { id: ofCampaign, webhook_url: URL, event_types: ['EMAIL_OPEN'] }],
      ['DELETE', '/campaigns/7/webhooks', { id: ofCampaign }],
      ['DELETE', `/campaigns/7/webhooks/${ofCampaign}`],
    ] as [string, string, object?][])
      expect(await call(method, path, body, other)).toMatchObject(gone);
    expect((await call('GET', '/campaigns/7/webhooks', undefined, other)).body).toEqual([]);
    expect(await call('GET', `/webhook/${mine}`)).toMatchObject({ status: 200 });
    expect(await subscriptions()).toHaveLength(2);
  });

  it('does not take webhooks of other profiles for its own', async () => {
    const { id } = await tenant.subscribe('https://example.com/x', { profile: 'native', uid: '5' });
    for (const ref of ['5', id, id.slice(4)])
      expect([404, 422]).toContain((await call('GET', `/webhook/${ref}`)).status);
  });

  it.each([
    'abc',
    '0',
    '-1',
    '1.5',
    '1e3',
    '0x1',
    '01',
    '+1',
    '1,2',
    '%20',
    '%00',
    '__proto__',
    'constructor',
    "1';--",
    'update',
    '%F0%9F%92%A9',
  ])('takes %j for no id', async (id) => {
    const invalid = { status: 422, body: { error: 'Invalid parameters provided' } };
    expect(await call('GET', `/webhook/${id}`)).toMatchObject(invalid);
    expect(await call('PUT', `/webhook/update/${id}`, {})).toMatchObject(invalid);
    expect(await call('DELETE', `/webhook/delete/${id}`)).toMatchObject(invalid);
    expect(await call('GET', `/campaigns/${id}/webhooks`)).toMatchObject({ status: 404 });
  });

  it('knows no webhook with a number beyond all numbers', async () => {
    for (const id of ['9007199254740993', '9'.repeat(200)])
      expect(await call('GET', `/webhook/${id}`)).toMatchObject({ status: 404 });
    for (const id of [1e300, -1, 1.5, '', 'x', [], [1], {}, true, '9'.repeat(200)])
      expect(await call('DELETE', '/campaigns/1/webhooks', { id })).toMatchObject({ status: 400 });
    expect(await call('DELETE', '/campaigns/1/webhooks', {})).toMatchObject({ status: 400 });
    expect(await call('DELETE', '/campaigns/1/webhooks')).toMatchObject({ status: 400 });
  });

  it('refuses keys that every object has', async () => {
    const send = async (fields: string) => {
      const body = `{"webhook_url":"${URL}","association_type":"user",${fields}}`;
      return (await call('POST', '/webhook/create', body)).status;
    };
    for (const name of ['constructor', 'toString', 'hasOwnProperty', 'valueOf', '__proto__']) {
      const bad = name === '__proto__' ? 400 : 422;
      expect([name, await send(`"event_type_map":{"${name}":true}`)]).toEqual([name, bad]);
      expect([name, await send(`"event_type":"EMAIL_OPEN","category_id_map":{"${name}":true}`)]).toEqual([
        name,
        bad,
      ]);
      expect([name, await send(`"event_type":"${name}"`)]).toEqual([name, 422]);
    }
    expect(await send('"event_type":"EMAIL_OPEN","name":"a\\u0000b"')).toBe(422);
    expect(await send('"event_type":"EMAIL_OPEN","name":"\\ud800"')).toBe(422);
    expect(await send('"event_type":"EMAIL_OPEN","event_type":"EMAIL_SENT"')).toBe(422);
    expect(await send('"event_type":"EMAIL_OPEN"')).toBe(200);
    expect(await subscriptions()).toHaveLength(1);
  });

  it.each(['[]', '7', '"text"', 'true', '[{}]', 'null'])('refuses the body %s', async (body) => {
    for (const [method, path] of [
      ['POST', '/webhook/create'],
      ['POST', '/campaigns/1/webhooks'],
      ['POST', '/campaigns/1/webhooks/retrigger-failed-events'],
    ] as const) {
      const { status, body: answer } = await call(method, path, body);
      expect([400, 422]).toContain(status);
      expect(Object.keys(answer)).toEqual(['error']);
    }
    expect(await subscriptions()).toEqual([]);
  });

  it('refuses what is too long or too many', async () => {
    const long = 'x'.repeat(3_000);
    const many = Array.from({ length: 1_001 }, (_, index) => index + 1);
    for (const fields of [
      { name: long },
      { webhook_url: `${URL}/${long}` },
      { webhook_type: long },
      { event_types: many.map(() => 'EMAIL_OPEN') },
      { categories: many },
      { categories: [long] },
      { category_id_map: Object.fromEntries(many.map((id) => [id, true])) },
    ]) {
      const { status, body } = await call('POST', '/webhook/create', { ...USER, ...fields });
      expect(status).toBe(422);
      expect(String(body.error).length).toBeLessThan(400);
    }
    expect(await subscriptions()).toEqual([]);
  });

  it('opens to no portal link, and to no key in another place', async () => {
    const { token } = await engine.ok<{ token: string }>('POST', tenant.path('/portal-links'), {
      scope: 'manage',
    });
    const { status, body } = await call('GET', '/campaigns/1/webhooks', undefined, token);
    expect([status, Object.keys(body)]).toEqual([403, ['error']]);
    const headers = { authorization: `Bearer ${key}`, 'x-api-key': key, api_key: key };
    const elsewhere = await engine.call(
      'POST',
      `${BASE}/webhook/create`,
      { ...USER, api_key: key },
      { headers },
    );
    expect([elsewhere.status, elsewhere.body]).toEqual([401, { message: 'Invalid API Key' }]);
    expect(await raw('GET', `/campaigns/1/webhooks?API_KEY=${key}`)).toMatchObject({ status: 401 });
  });

  it('never repeats a key in an answer', async () => {
    for (const [method, path, body] of [
      ['GET', '/campaigns/1/webhooks'],
      ['GET', '/nothing/here'],
      ['GET', '/webhook/abc'],
      ['GET', '/webhook/%E0%A4%A'],
      ['POST', '/webhook/create', '{'],
      ['POST', '/webhook/create', { ...USER, api_key: key }],
      ['PATCH', '/webhook/create', USER],
      ['POST', `/webhook/create/${'x'.repeat(300)}`, USER],
    ] as [string, string, unknown?][]) {
      const { status, body: answer, headers } = await call(method, path, body);
      const text = JSON.stringify([answer, ...headers]);
      expect([path, status, text.includes(key)]).toEqual([path, status, false]);
      expect(status).toBeLessThan(500);
    }
  });
});
