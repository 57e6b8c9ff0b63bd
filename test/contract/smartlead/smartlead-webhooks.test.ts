import pg from 'pg';
import { CAMPAIGN_EVENTS } from '../../../src/profiles/smartlead/catalogue.js';
import { golden } from '../../support/golden.js';
import { ManualClock } from '../../support/manual-clock.js';
import { SmartleadClient } from '../../support/smartlead-client.js';
import { useStory } from '../../support/story.js';
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

describe('the Smartlead API of webhooks', () => {
  const clock = new ManualClock();
  let client: SmartleadClient;
  const { engine, tenant } = useStory({ clock, workers: 0, profile: 'smartlead' });
  beforeEach(async () => {
    client = new SmartleadClient(engine, clock, await tenant.key('manage'));
  });

  const call = <T = Record<string, unknown>>(method: string, path: string, body?: unknown, as?: string) =>
    client.call<T>(method, path, body, as);
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

  it('S01 S09 B4 creates a webhook by POST with the key in the query, and answers 200', async () => {
    const { status: code, body, headers } = await call('POST', '/webhook/create', USER);
    expect([code, body]).toEqual([200, { ok: true, id: expect.any(Number) as number, webhook_url: URL }]);
    expect(Number.isSafeInteger(body.id)).toBe(true);
    expect(headers.get('cache-control')).toBe('no-store');
    const bearer = await engine.call('POST', '/smartlead/api/v1/webhook/create', USER, { key: client.key });
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
      expect(
        await call('POST', '/campaigns/1/webhooks', { webhook_url: URL, event_types: [name] }),
      ).toMatchObject({ status: 400 });
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
    await create({ association_type: 'campaign', email_campaign_id: 2 });
    await create({ force_create: true });
    expect((await refusal(USER))[1]).toContain(` - ${first}.`);
    expect((await refusal({ ...USER, force_create: 'yes' }))[0]).toBe(422);
    const other = await Tenant.create(engine, 'smartlead');
    expect(await call('POST', '/webhook/create', USER, await other.key('manage'))).toMatchObject({
      status: 200,
    });
  });

  it('S08 finds nothing similar among subscriptions of other profiles', async () => {
    await engine.ok('POST', tenant.path('/subscriptions'), { url: URL, profile: 'native' });
    await create();
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

  it('B4 S31 shows the names of categories beside the map, so that saving what is shown keeps them', async () => {
    const id = await create({ category_id: 5, categories: ['Interested', 6] });
    const shown = await show(id);
    expect(shown).toMatchObject({ category_id_map: { 5: true, 6: true }, categories: ['Interested'] });
    expect(await call('PUT', `/webhook/update/${id}`, shown)).toMatchObject({ status: 200 });
    expect(await native()).toMatchObject([
      { profileOptions: { categoryIds: ['5', '6'], categoryNames: ['Interested'] } },
    ]);
  });

  it('S09 answers 500 for what goes wrong on the server, and tells nothing of it', async () => {
    const database = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await database.connect();
    const change = (text: string) => database.query(`ALTER TABLE posthorn.subscriptions ${text}`);
    await change('ADD CONSTRAINT trouble CHECK (false) NOT VALID');
    const answer = await call('POST', '/webhook/create', USER);
    await change('DROP CONSTRAINT trouble');
    await database.end();
    expect([answer.status, answer.body]).toEqual([500, { error: 'Internal server error' }]);
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
      `?api_key=${client.key}&api_key=${client.key}`,
      `?api_key[]=${client.key}`,
    ])
      expect(await at(query)).toEqual(invalid);
    expect(await at(`?api_key=${engine.adminKey}`)).toEqual(invalid);
    expect(await at(`?api_key=%20${client.key}`)).toEqual(invalid);
    const publisher = await tenant.key('publish');
    expect((await at(`?api_key=${publisher}`))[0]).toBe(403);
    const reader = await tenant.key('read');
    expect((await at(`?api_key=${reader}`))[0]).toBe(200);
    expect(await call('POST', '/webhook/create', USER, reader)).toMatchObject({ status: 403 });
    expect(await call('DELETE', '/webhook/delete/1', undefined, reader)).toMatchObject({ status: 403 });
    expect(await call('PUT', '/user/settings', {}, reader)).toMatchObject({ status: 403 });
  });
});
