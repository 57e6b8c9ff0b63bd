import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import { NodeProcess } from '../support/node-process.js';
import { useStory } from '../support/story.js';

const KEY = 'key-of-the-other-system';
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;

interface Result {
  kind: string;
  what: string;
  outcome: string;
  reason?: string;
  notes?: string[];
}

describe('posthorn import', () => {
  const { engine, receiver } = useStory();
  let source: Server;
  let url: string;
  /** Answers by path with its query, in the shapes that the sources document. */
  let answers: Record<string, unknown>;
  let asked: string[];
  let busy: number;
  let folder: string;

  beforeEach(async () => {
    [answers, asked, busy] = [{}, [], 0];
    source = createServer((request: IncomingMessage, response) => {
      const path = request.url ?? '';
      asked.push(path);
      const answer = answers[path];
      const isAllowed = request.headers.authorization === `Bearer ${KEY}`;
      const isBusy = busy > 0;
      if (isBusy) busy -= 1;
      response.writeHead(isBusy ? 429 : !isAllowed ? 401 : answer === undefined ? 404 : 200, {
        'retry-after': '0',
      });
      response.end(JSON.stringify(answer ?? {}));
    });
    source.listen(0, '127.0.0.1');
    await once(source, 'listening');
    url = `http://127.0.0.1:${(source.address() as AddressInfo).port}`;
    folder = await mkdtemp(join(tmpdir(), 'posthorn-import-'));
  });
  afterEach(async () => {
    source.close();
    source.closeAllConnections();
    await rm(folder, { recursive: true });
  });

  async function posthorn(...args: string[]): Promise<{ code: unknown; out: string; err: string }> {
    const env = { POSTHORN_URL: engine.url, POSTHORN_KEY: engine.adminKey, POSTHORN_IMPORT_KEY: KEY };
    const run = NodeProcess.run('dist/src/cli/posthorn.js', ['import', ...args, '--rate', '1000'], env);
    const code = await run.ended;
    return { code, out: run.stdout, err: run.stderr.replace(/\(node:.*\n|\(Use .*\n/g, '') };
  }
  async function results(...args: string[]): Promise<Result[]> {
    const { out } = await posthorn(...args, '--json');
    return (JSON.parse(out) as { results: Result[] }).results;
  }
  const subscription = (space: string, uid: string) =>
    engine.ok('GET', `/v1/spaces/${space}/subscriptions/${uid}`);
  const secret = async (space: string, uid: string) =>
    (await engine.ok<{ secret: string }>('GET', `/v1/spaces/${space}/subscriptions/${uid}/secret`)).secret;
  const outcomes = (all: Result[]) => all.map(({ kind, what, outcome }) => `${kind} ${what} ${outcome}`);

  function svix(): void {
    const page = (data: unknown[], iterator: string | null = null) => ({
      data,
      iterator,
      done: iterator === null,
    });
    const app = '/api/v1/app/app_1/endpoint';
    const endpoint = {
      ...{ id: 'ep_1', uid: null, url: receiver.url, description: 'CRM', filterTypes: ['order.paid'] },
      ...{ disabled: false, throttleRate: 50, metadata: { plan: 'pro' }, channels: null },
    };
    answers = {
      '/api/v1/event-type?limit=250&with_content=true': page([
        { name: 'order.paid', description: 'Paid', schemas: { 1: { type: 'object' } } },
        { name: 'order.old', archived: true },
      ]),
      '/api/v1/app?limit=250': page([{ id: 'app_1', uid: 'svix.acme', name: 'Acme' }], 'next'),
      '/api/v1/app?limit=250&iterator=next': page([{ id: 'app_2', uid: 'svix-beta', name: 'Beta' }]),
      [`${app}?limit=250`]: page([
        endpoint,
        { ...endpoint, id: 'ep_2', disabled: true, filterTypes: null, channels: ['eu'] },
        { ...endpoint, id: 'ep_3', url: 'ftp://example.com' },
      ]),
      '/api/v1/app/app_2/endpoint?limit=250': page([]),
    };
    for (const id of ['ep_1', 'ep_2', 'ep_3']) {
      answers[`${app}/${id}/secret`] = { key: SECRET };
      answers[`${app}/${id}/headers`] = { headers: { 'x-team': 'a' }, sensitive: ['x-token'] };
    }
  }

  it('from Svix: a dry run changes nothing, the receiver sees its secret, and another run finds all there', async () => {
    svix();
    busy = 2;
    const dry = await posthorn('svix', '--from', url, '--dry-run');
    expect(dry.out).toContain(
      'subscriptions: 3 would be created, 0 existed already, 0 skipped\nNothing was changed.',
    );
    expect((await engine.call('GET', '/v1/spaces/app_1')).status).toBe(404);

    const all = await results('svix', '--from', url);
    expect(outcomes(all)).toEqual([
      'event type order.paid created',
      'space app_1 created',
      'subscription ep_1 created',
      'subscription ep_2 created',
      'subscription ep_3 skipped',
      'space svix-beta created',
    ]);
    expect(all[4]?.reason).toMatch(/^The request was refused: \(422\) url: /);
    expect(all[3]?.notes?.join()).toMatch(/x-token.*channels \(eu\)/);
    expect(await subscription('app_1', 'ep_1')).toMatchObject({
      ...{
        url: receiver.url,
        events: ['order.paid'],
        description: 'CRM',
        status: 'active',
        metadata: { plan: 'pro' },
      },
      ...{ headers: { 'x-team': 'a' }, rateLimit: { perSecond: 50 } },
    });
    expect(await subscription('app_1', 'ep_2')).toMatchObject({
      ...{ status: 'paused', events: ['*'], profileOptions: { signature: { style: 'svix' } } },
    });
    expect(await secret('app_1', 'ep_1')).toBe(SECRET);

    await engine.ok('POST', '/v1/spaces/app_1/events', { type: 'order.paid', data: { id: 1 } });
    const [request] = await receiver.received(1);
    const headers = request?.headers as Record<string, string>;
    expect(() => new Webhook(SECRET).verify(request?.body ?? '', headers)).not.toThrow();
    expect(request?.body.toString()).toBe('{"id":1}');
    // Receivers that read the headers of Svix themselves find them.
    for (const name of ['id', 'timestamp', 'signature'])
      expect(headers[`svix-${name}`]).toBe(headers[`webhook-${name}`]);

    const again = await posthorn('svix', '--from', url);
    expect(again.out).toContain('subscriptions: 0 created, 2 existed already, 1 skipped');
    expect(again).toMatchObject({ code: 1, err: expect.stringContaining('  subscription ep_3: ') as string });
    expect(again.out + again.err).not.toContain(SECRET);
  }, 120_000);

  it('from Outpost, Convoy and Hook0: spaces, endpoints, secrets and event types', async () => {
    const custom = randomBytes(16).toString('hex');
    // As Outpost makes them since 0.16: the whole text is the key, and longer than a block of SHA-256.
    const long = `whsec_${randomBytes(32).toString('hex')}`;
    answers = {
      '/topics': ['user.created'],
      '/tenants?limit=100': { models: [{ id: 'tenant_1' }], pagination: { next: 'n2' } },
      // As releases before had it.
      '/tenants?limit=100&next=n2': { data: [{ id: 'tenant_2' }], next: '' },
      '/tenants/tenant_2/destinations': [],
      '/tenants/tenant_1/destinations': [
        {
          id: 'des_1',
          type: 'webhook',
          topics: '*',
          config: { url: receiver.url },
          credentials: { secret: custom, previous_secret: 'before' },
          delivery_metadata: { 'app-id': 'shop' },
        },
        { id: 'des_2', type: 'aws_sqs', topics: '*', config: {} },
        {
          ...{ id: 'des_3', type: 'webhook', topics: '*' },
          config: { url: receiver.url, custom_headers: '{"x-a":' },
        },
        {
          ...{ id: 'des_4', type: 'webhook', topics: '*' },
          config: { url: `${receiver.url}?4`, custom_headers: '{"x-a":"1"}' },
          credentials: { secret: long },
          filter: { data: { plan: { $in: ['pro'] } }, metadata: { source: 'api' }, time: { $gt: '2026' } },
        },
      ],
      '/api/v1/projects/P1': {
        data: {
          config: {
            signature: { header: 'X-Shop-Signature', versions: [{ hash: 'SHA512', encoding: 'base64' }] },
          },
        },
      },
      '/api/v1/projects/P1/event-types': { data: [{ name: 'invoice.paid' }, { name: '*' }] },
      '/api/v1/projects/P1/subscriptions?perPage=100&direction=next': {
        data: {
          content: [
            {
              uid: 's1',
              endpoint_metadata: { uid: 'CE1' },
              filter_config: { event_types: ['invoice.paid'] },
            },
            {
              uid: 's2',
              endpoint_metadata: { uid: 'CE1' },
              filter_config: { event_types: ['invoice.sent', 'invoice.void'] },
            },
          ],
          pagination: { has_next_page: false },
        },
      },
      // Only later releases have these.
      '/api/v1/projects/P1/subscriptions/s2/filters': {
        data: [{ event_type: 'invoice.void', body: { 'invoice.total': { $gte: 100 } } }],
      },
      '/api/v1/projects/P1/endpoints?perPage=100&direction=next': {
        data: {
          content: [
            {
              uid: 'CE1',
              owner_id: 'owner-1',
              url: receiver.url,
              status: 'active',
              advanced_signatures: true,
              secrets: [{ value: custom }],
            },
          ],
          pagination: { has_next_page: true, next_page_cursor: 'c2' },
        },
      },
      '/api/v1/projects/P1/endpoints?perPage=100&direction=next&next_page_cursor=c2': {
        data: {
          content: [
            {
              ...{ uid: 'CE2', name: 'Unused', url: receiver.url, status: 'paused', secrets: [] },
            },
          ],
          pagination: { has_next_page: false },
        },
      },
      '/api/v1/applications?organization_id=O1': [{ application_id: 'a-1', name: 'Shop' }],
      '/api/v1/event_types?application_id=a-1': [{ event_type_name: 'shop.order.paid' }],
      '/api/v1/subscriptions?application_id=a-1': [
        {
          ...{
            subscription_id: 'h-1',
            is_enabled: false,
            event_types: ['shop.order.paid'],
            labels: { all: 'yes' },
            metadata: { plan: 'pro', seats: 5 },
          },
          ...{
            secret: '0f6a9e2c-8f6b-4c40-9a51-0d5f3f0a7f11',
            target: { type: 'http', method: 'POST', url: receiver.url },
          },
        },
        {
          ...{ subscription_id: 'h-2', is_enabled: true, event_types: [], secret: 'short' },
          ...{ target: { type: 'http', method: 'POST', url: receiver.url } },
        },
      ],
    };
    const outpost = await results('outpost', '--from', url);
    expect(outcomes(outpost)).toEqual([
      'event type user.created created',
      'space tenant_1 created',
      'subscription des_1 created',
      'subscription des_2 skipped',
      'subscription des_3 skipped',
      'subscription des_4 created',
      'space tenant_2 created',
    ]);
    expect(outpost[2]?.notes?.join()).toContain('current secret');
    const plain = await subscription('tenant_1', 'des_1');
    expect(plain.profileOptions).toEqual({ signature: { style: 'outpost' } });
    const event = { type: 'user.created', data: { plan: 'pro' }, id: 'evt-7' };
    await engine.ok('POST', '/v1/spaces/tenant_1/events', { ...event, tags: { source: 'api' } });
    const both = await receiver.received(2);
    const sent = both.find(({ path }) => !path.includes('?4'));
    const fourth = both.find(({ path }) => path.includes('?4'));
    expect(outpost[5]?.notes?.join()).toContain('SHA-256');
    expect(fourth?.headers['x-outpost-signature']).toBe(
      `v0=${createHmac('sha256', long)
        .update(fourth?.body ?? '')
        .digest('hex')}`,
    );
    const expected = createHmac('sha256', custom)
      .update(sent?.body ?? '')
      .digest('hex');
    expect(sent?.headers).toMatchObject({
      ...{ 'x-outpost-signature': `v0=${expected}`, 'x-outpost-event-id': 'evt-7' },
      ...{ 'x-outpost-topic': 'user.created', 'x-outpost-app-id': 'shop' },
    });
    expect(outpost[4]?.reason).toContain('custom_headers');
    expect(outpost[5]?.notes?.join(' ')).toMatch(/is imported.*metadata \(source\).*\$gt of time/);
    expect(await subscription('tenant_1', 'des_4')).toMatchObject({
      ...{
        headers: { 'x-a': '1' },
        filter: { plan: 'pro' },
        scope: { level: 'tags', tags: { source: 'api' } },
      },
    });
    // The HMAC has the same key as at the source.
    expect(await secret('tenant_1', 'des_1')).toBe(`whsec_${Buffer.from(custom).toString('base64')}`);
    const convoy = await results('convoy', '--from', url, '--project', 'P1');
    expect(outcomes(convoy)).toEqual([
      'event type invoice.paid created',
      'space owner-1 created',
      'subscription CE1 created',
      'subscription s2 created',
      'space P1 created',
      'subscription CE2 skipped',
    ]);
    expect(await subscription('owner-1', 'CE1')).toMatchObject({
      events: ['invoice.paid', 'invoice.sent'],
      profileOptions: {
        signature: {
          ...{ style: 'convoy-advanced', header: 'x-shop-signature', hash: 'sha512', encoding: 'base64' },
        },
      },
    });
    expect(convoy[3]?.notes?.join(' ')).toMatch(/filter is imported.*different filters/);
    expect(await subscription('owner-1', 's2')).toMatchObject({
      ...{ events: ['invoice.void'], filter: { 'invoice.total': { gte: 100 } }, url: receiver.url },
    });
    const hook0 = await results('hook0', '--from', url, '--organization', 'O1');
    expect(outcomes(hook0)).toEqual([
      'event type shop.order.paid created',
      'space a-1 created',
      'subscription h-1 created',
      'subscription h-2 skipped',
    ]);
    expect(hook0[2]?.notes?.[0]).toContain('all=yes');
    expect(hook0[3]?.reason).toContain('shorter than 24');
    expect(await subscription('a-1', 'h-1')).toMatchObject({
      ...{ status: 'paused', events: ['shop.order.paid'], metadata: { plan: 'pro', seats: '5' } },
      profileOptions: { signature: { style: 'hook0' } },
      scope: { level: 'tags', tags: { all: 'yes' } },
    });
  }, 120_000);

  it('from a file: bad rows are told with their reason, and the others are taken', async () => {
    const csv = join(folder, 'endpoints.csv');
    await writeFile(
      csv,
      [
        'tenant_id,id,url,events,secret,headers,enabled',
        `shop-1,one,${receiver.url},"lead.create, lead.update",${SECRET},"{""x-a"":""1""}",true`,
        `shop-1,,${receiver.url}?x=2,,,,false`,
        `,two,${receiver.url},,,,`,
        'shop-1,three,,,,,',
        `shop-1,four,${receiver.url},,,{,`,
        `shop-1,five,http://169.254.169.254/,,,,`,
      ].join('\r\n'),
    );
    const { code, out, err } = await posthorn('csv', csv);
    expect(code).toBe(1);
    expect(out).toContain('spaces: 1 created, 0 existed already, 0 skipped');
    expect(out).toContain('subscriptions: 2 created, 0 existed already, 4 skipped');
    expect(err).toMatch(/row 3: It has no space.*row 4: It has no "url"\..*row 5: .*JSON.*five: .*url: /s);
    expect(await subscription('shop-1', 'one')).toMatchObject({
      ...{ events: ['lead.create', 'lead.update'], headers: { 'x-a': '1' }, status: 'active' },
    });
    const json = join(folder, 'endpoints.json');
    const row = {
      tenantId: 'shop-2',
      id: 'n-1',
      url: receiver.url,
      eventTypes: ['lead.*'],
      secret: SECRET,
      disabledAt: null,
    };
    await writeFile(json, JSON.stringify([row]));
    expect(outcomes(await results('nestjs-webhooks', json))).toEqual([
      'space shop-2 created',
      'subscription n-1 created',
    ]);
    expect(outcomes(await results('nestjs-webhooks', json))).toEqual([
      'space shop-2 exists',
      'subscription n-1 exists',
    ]);
    expect(await posthorn('csv', join(folder, 'nothing.csv'))).toMatchObject({
      code: 1,
      err: expect.stringContaining('cannot be read') as string,
    });
  }, 120_000);

  it('signs as the command line says: another style or header, or Standard Webhooks alone', async () => {
    const file = join(folder, 'endpoints.json');
    const import_ = async (id: string, ...args: string[]) => {
      await writeFile(file, JSON.stringify([{ space: 'signed', id, url: receiver.url, secret: SECRET }]));
      await posthorn('csv', file, ...args);
      return (await subscription('signed', id)).profileOptions;
    };
    expect(await import_('a')).toEqual({});
    const older = ['--signature', 'outpost-0.11', '--signature-header', 'x-acme-'];
    expect(await import_('b', ...older)).toEqual({
      signature: { style: 'outpost-0.11', header: 'x-acme-' },
    });
    svix();
    answers = JSON.parse(JSON.stringify(answers).replaceAll('app_1', 'app_9')) as typeof answers;
    await posthorn('svix', '--from', url, '--signature', 'standard');
    expect((await subscription('app_9', 'ep_1')).profileOptions).toEqual({});
  }, 60_000);

  it('says what is wrong with the address or the key, and changes nothing', async () => {
    svix();
    const wrongKey = await posthorn('svix', '--from', url, '--from-key', 'wrong');
    expect(wrongKey).toMatchObject({ code: 1, err: expect.stringContaining('it answered 401') as string });
    expect(wrongKey.err).not.toContain('wrong\n');
    expect((await posthorn('svix', '--from', 'nonsense')).err).toContain('--from');
  }, 60_000);
});
