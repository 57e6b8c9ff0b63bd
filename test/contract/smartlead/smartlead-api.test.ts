import { CAMPAIGN_EVENTS } from '../../../src/profiles/smartlead/catalogue.js';
import { eventually } from '../../support/condition.js';
import { Engine } from '../../support/engine.js';
import { golden } from '../../support/golden.js';
import { ManualClock } from '../../support/manual-clock.js';
import { startReceiver, type Receiver } from '../../support/receiver.js';
import { Tenant } from '../../support/tenant.js';

const URL = 'https://your-server.com/webhook';
const USER = { webhook_url: URL, association_type: 'user', event_type: 'EMAIL_OPEN' };
const ISO = expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/) as string;

interface Webhook {
  id: number;
  email_campaign_id: number | null;
  event_type_map: Record<string, boolean>;
  category_id_map: Record<string, boolean>;
}

describe('the Smartlead API', () => {
  let engine: Engine;
  let tenant: Tenant;
  let receiver: Receiver;
  let key: string;
  let status = 200;
  const clock = new ManualClock();
  beforeAll(async () => {
    engine = await Engine.start({ clock });
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    status = 200;
    tenant = await Tenant.create(engine, 'smartlead');
    key = await tenant.key('manage');
    receiver = await startReceiver(() => ({ status }));
  });
  afterEach(() => receiver.close());

  const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown, as = key) => {
    // Within their ten requests a second.
    clock.advance(1_000);
    const mark = path.includes('?') ? '&' : '?';
    return engine.call<T>(method, `/smartlead/api/v1${path}${mark}api_key=${as}`, body, {
      headers: { authorization: '' },
    });
  };
  const create = async (fields: object = {}) => {
    const answer = await call<{ id: number }>('POST', '/webhook/create', { ...USER, ...fields });
    expect(answer).toMatchObject({ status: 200 });
    return answer.body.id;
  };
  const show = async (id: number) => (await call<{ data: Webhook }>('GET', `/webhook/${id}`)).body.data;
  const refusal = async (fields: object) => {
    const { status: code, body } = await call('POST', '/webhook/create', fields);
    return [code, body.error];
  };
  const native = async () =>
    (await engine.ok<{ data: Record<string, unknown>[] }>('GET', tenant.path('/subscriptions'))).data;
  const campaign = async (id: number, fields: object = {}) => {
    const body = {
      id: null,
      name: 'mine',
      webhook_url: receiver.url,
      event_types: ['EMAIL_OPEN'],
      ...fields,
    };
    const answer = await call('POST', `/campaigns/${id}/webhooks`, { categories: [], ...body });
    return answer;
  };
  const listed = async (id: number) =>
    (await call<{ id: number }[]>('GET', `/campaigns/${id}/webhooks`)).body;

  it('S01 S09 B4 creates a webhook by POST with the key in the query, and answers 200', async () => {
    const { status: code, body, headers } = await call('POST', '/webhook/create', USER);
    expect([code, body]).toEqual([200, { ok: true, id: expect.any(Number) as number, webhook_url: URL }]);
    expect(Number.isSafeInteger(body.id)).toBe(true);
    expect(headers.get('cache-control')).toBe('no-store');
    const bearer = await engine.call('POST', '/smartlead/api/v1/webhook/create', USER, { key });
    expect([bearer.status, bearer.body]).toEqual([401, { message: 'Invalid API Key' }]);
  });

  it("S02 S06 S28 takes the document's own request", async () => {
    const request = golden<{ event_type_map: Record<string, boolean> }>(
      'payloads/smartlead/_api/create_request.example',
    );
    const id = await create({ ...request, event_type: null });
    expect(await show(id)).toEqual({
      id,
      email_campaign_id: 123,
      name: null,
      webhook_url: URL,
      // The example leaves out FIRST_EMAIL_SENT: absent is as good as false.
      event_type_map: { ...request.event_type_map, FIRST_EMAIL_SENT: false },
      category_id_map: {},
      created_at: ISO,
      updated_at: ISO,
    });
  });

  it.each([
    ['user', 'space'],
    [1, 'space'],
    ['1', 'space'],
    ['client', 'client'],
    [2, 'client'],
    ['2', 'client'],
    ['campaign', 'campaign'],
    [3, 'campaign'],
    ['3', 'campaign'],
  ])('S03 S04 takes the association type %j', async (association_type, level) => {
    await create({ association_type, client_id: 456, email_campaign_id: 123 });
    const scopes = { space: {}, client: { clientId: '456' }, campaign: { campaignId: '123' } };
    expect(await native()).toMatchObject([
      { scope: { level, ...scopes[level as keyof typeof scopes] }, profile: 'smartlead' },
    ]);
  });

  it('S05 S09 names what is required or wrong', async () => {
    const campaignHook = { ...USER, association_type: 'campaign' };
    expect(await refusal({})).toEqual([422, 'webhook_url is required']);
    expect(await refusal({ ...USER, webhook_url: null })).toEqual([422, 'webhook_url is required']);
    expect(await refusal({ ...USER, association_type: undefined })).toEqual([
      422,
      'association_type is required',
    ]);
    expect(await refusal({ ...USER, event_type: undefined })).toEqual([422, 'event_type_map is required']);
    expect(await refusal(campaignHook)).toEqual([422, 'email_campaign_id is required']);
    expect(await refusal({ ...USER, association_type: 2 })).toEqual([422, 'client_id is required']);
    for (const association_type of [0, 4, 'team', 'USER', true, ['user'], { user: 1 }, 1.5])
      expect((await refusal({ ...USER, association_type }))[0]).toBe(422);
    for (const email_campaign_id of [0, -1, 1.5, 'x', '', [1], {}, true, 1e300, '1'.repeat(40)])
      expect(await refusal({ ...campaignHook, email_campaign_id })).toEqual([
        422,
        expect.stringContaining('Invalid email_campaign_id - ') as string,
      ]);
    for (const webhook_url of ['ftp://example.com', 'no address', 7, ['x'], 'http://user:pw@example.com/'])
      expect(await refusal({ ...USER, webhook_url })).toEqual([
        422,
        expect.stringMatching(/^Invalid webhook_url(?! - http)/) as string,
      ]);
    expect(await native()).toEqual([]);
  });

  it('S06 S07 enables what is true, and knows the eleven names', async () => {
    const map = Object.fromEntries([...CAMPAIGN_EVENTS].map((name, index) => [name, index % 2 === 0]));
    const id = await create({ event_type: null, event_type_map: map });
    expect((await show(id)).event_type_map).toEqual(map);
    for (const event_type_map of [
      { EMAIL_SENT: 1 },
      { EMAIL_SENT: 'true' },
      { email_sent: true },
      { constructor: true },
      { toString: true },
      ['EMAIL_SENT'],
      'EMAIL_SENT',
      7,
    ])
      expect((await refusal({ ...USER, event_type: null, event_type_map }))[0]).toBe(422);
    expect(await refusal({ ...USER, event_type: null, event_type_map: { EMAIL_SENT: false } })).toEqual([
      422,
      'event_type_map is required',
    ]);
  });

  it('S26 does not take the account events', async () => {
    for (const name of ['EMAIL_ACCOUNT_DISCONNECTED', 'LINKEDIN_DISCONNECTED']) {
      expect(await refusal({ ...USER, event_type: null, event_type_map: { [name]: true } })).toEqual([
        422,
        `Invalid event_type_map - ${name}`,
      ]);
      expect(await refusal({ ...USER, event_type: name })).toEqual([422, `Invalid event_type - ${name}`]);
      expect(await campaign(1, { event_types: [name] })).toMatchObject({ status: 400 });
    }
  });

  it('S08 takes a similar webhook with force_create only: the same address for the same scope', async () => {
    const first = await create();
    expect(await refusal({ ...USER, event_type: 'EMAIL_REPLY' })).toEqual([
      409,
      `A similar webhook already exists - ${first}. Set force_create to true to create another one.`,
    ]);
    await create({ webhook_url: `${URL}/2` });
    await create({ association_type: 'client', client_id: 1 });
    await create({ association_type: 'client', client_id: 2 });
    await create({ association_type: 'campaign', email_campaign_id: 1 });
    await create({ force_create: true });
    expect((await refusal({ ...USER, force_create: 'yes' }))[0]).toBe(422);
    const other = await Tenant.create(engine, 'smartlead');
    expect(await call('POST', '/webhook/create', USER, await other.key('manage'))).toMatchObject({
      status: 200,
    });
  });

  it('S08 finds the similar one also among requests of the same moment', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('POST', '/webhook/create', USER)));
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409, 409, 409, 409, 409]);
  });

  it('S29 S31 takes maps and their singular forms, all together', async () => {
    const { event_type_map, category_id_map } = golden<Webhook>(
      'payloads/smartlead/_api/category_filter.example',
    );
    const id = await create({
      event_type_map,
      event_type: 'EMAIL_REPLY',
      category_id_map: { ...category_id_map, 7: false },
      category_id: 9,
    });
    const webhook = await show(id);
    const on = Object.keys(webhook.event_type_map).filter((name) => webhook.event_type_map[name]);
    expect(on).toEqual(['EMAIL_REPLY', 'LEAD_CATEGORY_UPDATED']);
    expect(webhook.category_id_map).toEqual({ 5: true, 6: true, 9: true });
    for (const category_id_map of [
      { x: true },
      { 0: true },
      { '1.5': true },
      { 5: 'true' },
      [5],
      5,
      { '05': true },
    ])
      expect((await refusal({ ...USER, category_id_map }))[0]).toBe(422);
    for (const category_id of ['x', 1.5, 0, [5], {}, true])
      expect((await refusal({ ...USER, category_id }))[0]).toBe(422);
  });

  it('B4 shows, saves by PUT, POST or PATCH, and deletes a webhook', async () => {
    const id = await create({ name: 'CRM', webhook_type: 1, category_id: 5 });
    const changes = {
      name: 'CRM 2',
      event_types: ['EMAIL_SENT', 'EMAIL_REPLY'],
      categories: [6, 'Interested'],
    };
    for (const method of ['PUT', 'POST', 'PATCH']) {
      const saved = await call(method, `/webhook/update/${id}`, changes);
      expect([saved.status, saved.body]).toEqual([
        200,
        { ok: true, id, message: 'Webhook saved successfully' },
      ]);
    }
    const webhook = await show(id);
    expect(webhook).toMatchObject({ name: 'CRM 2', webhook_url: URL, category_id_map: { 6: true } });
    expect(webhook.event_type_map).toMatchObject({ EMAIL_SENT: true, EMAIL_REPLY: true, EMAIL_OPEN: false });
    expect(await native()).toMatchObject([
      {
        profileOptions: {
          categoryIds: ['6'],
          categoryNames: ['Interested'],
          webhookType: '1',
          success: '200',
        },
      },
    ]);
    const empty = await call('PUT', `/webhook/update/${id}`, { event_types: [] });
    expect([empty.status, empty.body]).toEqual([422, { error: 'event_types is required' }]);
    expect(await call('DELETE', `/webhook/delete/${id}`)).toMatchObject({ status: 200, body: { ok: true } });
    for (const [method, path] of [
      ['GET', `/webhook/${id}`],
      ['PUT', `/webhook/update/${id}`],
      ['DELETE', `/webhook/delete/${id}`],
    ] as const)
      expect(await call(method, path, method === 'PUT' ? {} : undefined)).toMatchObject({
        status: 404,
        body: { error: 'Resource not found' },
      });
  });

  it("B4 lists a campaign's webhooks as a plain array, saves with or without id, and deletes by body or path", async () => {
    expect(await listed(353)).toEqual([]);
    const made = await campaign(353, { categories: ['Interested', 5] });
    expect([made.status, made.body]).toEqual([
      200,
      {
        ok: true,
        name: 'mine',
        webhook_url: receiver.url,
        email_campaign_id: 353,
        event_types: ['EMAIL_OPEN'],
        categories: ['Interested', '5'],
      },
    ]);
    const [webhook] = await listed(353);
    expect(await listed(353)).toEqual([
      {
        id: expect.any(Number) as number,
        name: 'mine',
        created_at: ISO,
        updated_at: ISO,
        webhook_url: receiver.url,
        email_campaign_id: 353,
        event_types: ['EMAIL_OPEN'],
        categories: ['Interested', '5'],
      },
    ]);
    const { id = 0 } = webhook ?? {};
    expect(await campaign(353, { ...webhook, name: 'renamed' })).toMatchObject({ status: 200 });
    expect(await listed(353)).toMatchObject([{ id, name: 'renamed', categories: ['Interested', '5'] }]);
    expect(await campaign(354, { id })).toMatchObject({ status: 404, body: { error: 'Resource not found' } });
    expect(await call('DELETE', '/campaigns/354/webhooks', { id })).toMatchObject({ status: 404 });
    await campaign(353);
    const [, second] = await listed(353);
    const answers = [
      await call('DELETE', '/campaigns/353/webhooks', { id }),
      await call('DELETE', `/campaigns/353/webhooks/${second?.id}`),
    ];
    for (const { status: code, body } of answers) expect([code, body]).toEqual([200, { ok: true }]);
    expect(await listed(353)).toEqual([]);
  });

  it("B4 refuses a campaign's webhook in its own words", async () => {
    const error = async (fields: object) => {
      const { status: code, body } = await campaign(1, fields);
      return [code, body.error];
    };
    expect(await error({ webhook_url: 'nowhere' })).toEqual([400, 'Invalid webhook_url - nowhere']);
    expect(await error({ webhook_url: null })).toEqual([400, 'Invalid webhook_url - undefined']);
    expect(await error({ event_types: ['EMAIL_OPEN', 'OPENED'] })).toEqual([
      400,
      'Invalid event_types - OPENED',
    ]);
    expect(await error({ event_types: [] })).toEqual([400, 'Invalid event_types - undefined']);
    expect(await error({ categories: [{}] })).toEqual([400, 'Invalid category - {}']);
    for (const path of ['x', '0', '1.5', '-1', '1e3', '%00', '9'.repeat(30)])
      expect(await call('GET', `/campaigns/${path}/webhooks`)).toMatchObject({
        status: 404,
        body: { error: 'Campaign not found - Invalid campaign_id.' },
      });
  });

  it('B4 sums up what became of calls, in the keys of all generations', async () => {
    await campaign(353, { event_types: ['EMAIL_OPEN', 'EMAIL_REPLY'] });
    const send = async (type: string, expected: string) => {
      await tenant.publish({ type, data: { campaign_id: 353 } });
      await eventually(async () => {
        const [delivery] = await tenant.deliveries();
        expect([delivery?.eventType, delivery?.status, delivery?.attemptCount]).toEqual([type, expected, 1]);
      });
    };
    const start = clock.date().toISOString();
    await send('EMAIL_OPEN', 'succeeded');
    await send('EMAIL_REPLY', 'succeeded');
    status = 500;
    await send('EMAIL_OPEN', 'pending');
    const { body } = await call('GET', `/campaigns/353/webhooks/summary?fromTime=${start}`);
    expect(body).toEqual({
      ok: true,
      total: 3,
      success: 2,
      failed: 0,
      total_calls: 3,
      successful_calls: 2,
      failed_calls: 0,
      success_rate: 66.67,
      data: {
        sent_count: 3,
        successful_count: 2,
        failed_count: 0,
        scheduled_for_retry_count: 1,
        retroactively_failed_count: 0,
        event_type_counts: { EMAIL_OPEN: 2, EMAIL_REPLY: 1 },
      },
    });
    expect(await call('GET', `/campaigns/353/webhooks/summary?toTime=${start}`)).toMatchObject({
      status: 200,
      body: { total: 0, success_rate: 0 },
    });
    for (const query of [
      'fromTime=yesterday',
      'fromTime=1',
      `fromTime=${start}&fromTime=${start}`,
      'toTime=',
    ])
      expect(await call('GET', `/campaigns/353/webhooks/summary?${query}`)).toMatchObject({
        status: 422,
        body: { error: 'Invalid parameters provided' },
      });
  });

  it('B4 retriggers failed events of a window, with the id they had; saving enables what failures disabled', async () => {
    status = 500;
    await campaign(353);
    const [{ id } = { id: 0 }] = await listed(353);
    const [{ id: ref } = { id: '' }] = await native();
    await engine.ok('PATCH', tenant.path(`/subscriptions/${String(ref)}`), { retrySchedule: [] });
    const fromTime = clock.date().toISOString();
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 353 } });
    await eventually(async () => expect(await tenant.deliveries('?status=failed')).toHaveLength(1));
    await tenant.publish({ type: 'EMAIL_OPEN', data: { campaign_id: 353 } });
    expect(await tenant.deliveries('?status=skipped')).toHaveLength(1);
    expect(await native()).toMatchObject([{ status: 'paused', pausedReason: 'failures' }]);

    status = 200;
    expect(await campaign(353, { id })).toMatchObject({ status: 200 });
    expect(await native()).toMatchObject([{ status: 'active', failureCount: 0 }]);
    const path = '/campaigns/353/webhooks/retrigger-failed-events';
    expect(
      (await call('POST', path, { fromTime: '2020-01-01T00:00:00.000Z', toTime: fromTime })).body,
    ).toMatchObject({ ok: true, retriggered: 0 });
    const window = { fromTime, toTime: new Date(clock.now() + 60_000).toISOString() };
    const answer = await call('POST', path, window);
    expect([answer.status, answer.body]).toEqual([
      200,
      { ok: true, message: 'Failed events are being retriggered', retriggered: 2 },
    ]);
    // The workers rest between the slices of a job.
    await eventually(() => {
      clock.advance(1_000);
      expect(receiver.requests).toHaveLength(3);
    });
    const { requests } = receiver;
    const ids = requests.map(({ headers }) => headers['x-request-id']);
    expect(new Set(ids).size).toBe(2);
    for (const body of [
      {},
      { fromTime },
      { ...window, toTime: 5 },
      { fromTime: window.toTime, toTime: fromTime },
    ])
      expect(await call('POST', path, body)).toMatchObject({ status: 422 });
  });

  it('S26 keeps the account events in the user settings, apart from the webhooks', async () => {
    const settings = '/user/settings';
    const none = { webhookUrl: null };
    const get = async () => (await call<{ data: object }>('GET', settings)).body;
    expect(await get()).toEqual({
      ok: true,
      data: { notify_on_disconnect: none, notify_on_linkedin_disconnect: none },
    });
    const mine = { webhookUrl: `${receiver.url}/mine` };
    for (const webhookUrl of [receiver.url, mine.webhookUrl])
      expect(await call('PUT', settings, { notify_on_disconnect: { webhookUrl } })).toMatchObject({
        status: 200,
      });
    expect(await get()).toMatchObject({
      data: { notify_on_disconnect: mine, notify_on_linkedin_disconnect: none },
    });
    const [{ providerId } = {}] = await native();
    expect(await call('GET', `/webhook/${String(providerId)}`)).toMatchObject({ status: 404 });
    expect(await call('DELETE', `/webhook/delete/${String(providerId)}`)).toMatchObject({ status: 404 });
    // Neither in the way of a webhook to the same address, nor silencing one.
    await create({ webhook_url: mine.webhookUrl, event_type: 'EMAIL_OPEN' });
    await tenant.publish({ type: 'EMAIL_ACCOUNT_DISCONNECTED', data: { accountId: 1 } });
    await tenant.publish({ type: 'LINKEDIN_DISCONNECTED', data: { accountId: 1 } });
    const [request] = await receiver.received(1);
    expect(JSON.parse(request?.body.toString() ?? '')).toMatchObject({
      eventType: 'EMAIL_ACCOUNT_DISCONNECTED',
      accountId: 1,
    });
    for (const webhookUrl of ['nowhere', 5, [mine.webhookUrl]])
      expect(await call('PUT', settings, { notify_on_disconnect: { webhookUrl } })).toMatchObject({
        status: 422,
      });
    for (const odd of ['x', 7, [], true])
      expect(await call('PATCH', settings, { notify_on_disconnect: odd })).toMatchObject({ status: 422 });
    await call('PATCH', settings, { notify_on_disconnect: null });
    expect(await get()).toMatchObject({ data: { notify_on_disconnect: none } });
    expect(receiver.requests).toHaveLength(1);
  });

  it('B4 limits a key to 10 requests a second, 60 a minute and 1,000 an hour', async () => {
    const reader = await tenant.key('read');
    const get = () => engine.call('GET', `/smartlead/api/v1/campaigns/1/webhooks?api_key=${reader}`);
    const refused = async (count: number) => {
      for (let n = 0; n < count; n += 1) expect((await get()).status).toBe(200);
      const { status: code, body, headers } = await get();
      expect([code, body]).toEqual([
        429,
        {
          error: {
            code: 'RATE_LIMIT_EXCEEDED',
            message: expect.any(String) as string,
            retry_after: expect.any(Number) as number,
          },
        },
      ]);
      const seconds = (body.error as { retry_after: number }).retry_after;
      expect(headers.get('retry-after')).toBe(String(seconds));
      return seconds;
    };
    expect(await refused(10)).toBe(1);
    for (let second = 0; second < 5; second += 1) {
      clock.advance(1_000);
      await Promise.all(Array.from({ length: 10 }, get));
    }
    clock.advance(1_000);
    expect(await refused(0)).toBe(54);
    expect((await call('GET', '/campaigns/1/webhooks')).status).toBe(200);
  });

  it('B4 speaks of a key that is missing, unknown, or for something else', async () => {
    const at = async (query: string) => {
      const { status: code, body } = await engine.call(
        'GET',
        `/smartlead/api/v1/campaigns/1/webhooks${query}`,
      );
      return [code, body];
    };
    const invalid = [401, { message: 'Invalid API Key' }];
    for (const query of [
      '',
      '?api_key=',
      '?api_key=nobody',
      `?api_key=${key}&api_key=${key}`,
      `?api_key[]=${key}`,
    ])
      expect(await at(query)).toEqual(invalid);
    expect(await at(`?api_key=${engine.adminKey}`)).toEqual(invalid);
    expect(await at(`?api_key=%20${key}`)).toEqual(invalid);
    const publisher = await tenant.key('publish');
    expect((await at(`?api_key=${publisher}`))[0]).toBe(403);
    const reader = await tenant.key('read');
    expect((await at(`?api_key=${reader}`))[0]).toBe(200);
    expect(await call('POST', '/webhook/create', USER, reader)).toMatchObject({ status: 403 });
    expect(await call('DELETE', '/webhook/delete/1', undefined, reader)).toMatchObject({ status: 403 });
    expect(await call('PUT', '/user/settings', {}, reader)).toMatchObject({ status: 403 });
  });
});
