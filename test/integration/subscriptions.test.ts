import { knownProfiles } from '../../src/profiles/registry.js';
import { lockHealth, writeHealth, type Health } from '../../src/endpoints/health.js';
import type { SecretView, SubscriptionView } from '../../src/subscriptions/subscription-view.dto.js';
import {
  HOOK_URL,
  SECRET,
  SubscriptionsTestApp,
  type Answer,
  type Problem,
} from '../support/subscriptions-app.js';

let app: SubscriptionsTestApp;

beforeAll(async () => {
  app = await SubscriptionsTestApp.start();
});

afterAll(() => app.close());

describe('creating a subscription', () => {
  it('fills in every default and shows the secret', async () => {
    const { body, etag } = await app.newSubscription();
    const now = app.clock.date().toISOString();
    expect(body).toEqual({
      id: expect.stringMatching(/^sub_[0-9a-f]{32}$/) as string,
      uid: null,
      url: HOOK_URL,
      description: null,
      drainJobId: null,
      events: ['*'],
      scope: { level: 'space' },
      filter: null,
      headers: {},
      clientCertificate: null,
      oauth2: null,
      retrySchedule: [5, 30, 300, 3600, 21600],
      pauseAfter: 10,
      pauseAfterSeconds: 0,
      pauseMode: 'consecutive',
      onExhausted: 'fail',
      recovery: 'probe',
      timeoutMs: 15_000,
      rateLimit: null,
      heldDays: null,
      heldMax: null,
      passTraceparent: false,
      body: { format: 'envelope' },
      eventTypeVersions: null,
      contentType: 'json',
      method: 'POST',
      profile: 'native',
      profileOptions: {},
      providerId: null,
      metadata: {},
      status: 'active',
      pausedReason: null,
      pausedAt: null,
      pausedDetail: null,
      nextProbeAt: null,
      failureCount: 0,
      firstFailureAt: null,
      waitsUntil: null,
      lost: null,
      createdAt: now,
      updatedAt: now,
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/) as string,
    });
    expect(etag).toBe('"1"');
  });

  it('keeps every field as it was given', async () => {
    const fields = {
      uid: 'crm-sync',
      description: 'To the CRM',
      events: ['lead.*', 'lead.create'],
      scope: { level: 'campaign', campaignId: 'cmp_1' },
      filter: { 'lead.country': { in: ['FR', 'BE'] }, 'lead.score': { gte: 10 } },
      headers: { 'X-Tenant': 'acme' },
      retrySchedule: [],
      pauseAfter: null,
      recovery: 'manual',
      timeoutMs: 1_000,
      rateLimit: { perSecond: 5 },
      metadata: { team: 'growth' },
    };
    const { body, path } = await app.newSubscription({ ...fields, secret: SECRET });
    expect(body).toMatchObject({ ...fields, secret: SECRET });
    expect((await app.call('GET', path)).body).toMatchObject(fields);
  });

  it('names everything that is wrong at once', async () => {
    const { path } = await app.newSpace();
    const body = {
      url: 'https://10.0.0.1/hook',
      events: ['*', 'lead.crate', 'nothing.*'],
      scope: { level: 'client', campaignId: 'c' },
      filter: { 'a.b': { near: 3 } },
      headers: { 'webhook-id': 'mine', 'x-token': '***' },
      secret: 'whsec_tooshort',
    };
    expect(await app.issuesOf(path, body)).toEqual({
      url: expect.any(String) as string,
      'events[1]': 'unknown_event_type',
      'events[2]': 'unknown_event_type',
      'scope.clientId': 'required',
      'scope.campaignId': 'not_allowed',
      'filter["a.b"].near': 'invalid_filter',
      'headers["webhook-id"]': 'reserved_header',
      'headers["x-token"]': 'masked_value',
      secret: 'invalid_secret',
    });
  });

  it.each([
    ['url', undefined],
    ['url', null],
    ['events', []],
    ['events', Array.from({ length: 101 }, () => '*')],
    ['events', null],
    ['uid', 'not a uid'],
    ['uid', `sub_${'0'.repeat(32)}`],
    ['uid', `SUB_${'0'.repeat(32)}`],
    ['uid', `evt_${'A'.repeat(32)}`],
    ['description', 'x'.repeat(1_025)],
    ['metadata', { count: 1 }],
    ['scope', 'space'],
    ['filter', []],
    ['headers', { 'x-count': 1 }],
    ['secret', SECRET.slice(6)],
    ['retrySchedule', [5, 1.5]],
    ['retrySchedule', [604_801]],
    ['retrySchedule', Array.from({ length: 21 }, () => 1)],
    ['pauseAfter', 0],
    ['recovery', 'never'],
    ['timeoutMs', 999],
    ['timeoutMs', 30_001],
    ['rateLimit', { perSecond: 0 }],
    ['profile', 'hubspot'],
    ['colour', 'blue'],
  ])('refuses %s: %j', async (field, value) => {
    const { path } = await app.newSpace();
    const issues = await app.issuesOf(path, { url: HOOK_URL, [field]: value });
    expect(Object.keys(issues).map((place) => place.split(/[[.]/)[0])).toContain(field);
  });

  it('says what null is for where a value is wrong that may be null, also in a change', async () => {
    const { space, path: own } = await app.newSubscription();
    const [body, message] = [
      { url: HOOK_URL, pauseAfter: 'never' },
      'Must be an integer number. Use null to never pause it.',
    ];
    const calls = [
      ['POST', space.path],
      ['PATCH', own],
    ] as const;
    for (const [method, path] of calls) {
      const answer = await app.call<Problem>(method, path, body);
      expect(answer.body.errors).toMatchObject([{ path: 'pauseAfter', message }]);
    }
  });

  it('takes every profile this release can run, for good', async () => {
    const { path } = await app.newSpace();
    for (const profile of knownProfiles()) {
      const { status, body } = await app.call('POST', path, { url: HOOK_URL, profile });
      expect([status, body.profile]).toEqual([201, profile]);
      expect(await app.issuesOf(`${path}/${body.id}`, { profile }, 'PATCH')).toHaveProperty('profile');
    }
  });

  it('accepts secrets of 24 to 64 bytes only', async () => {
    const { path } = await app.newSpace();
    const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 9).toString('base64')}`;
    for (const bytes of [24, 64]) {
      expect((await app.call('POST', path, { url: HOOK_URL, secret: secretOf(bytes) })).status).toBe(201);
    }
    for (const bytes of [23, 65]) {
      expect(await app.issuesOf(path, { url: HOOK_URL, secret: secretOf(bytes) })).toEqual({
        secret: 'invalid_secret',
      });
    }
  });

  it('knows the event types the space defined itself', async () => {
    const space = await app.newSpace();
    const text = `INSERT INTO posthorn.event_types (space_id, name, family, description, schema, example, created_at, updated_at)
      VALUES ($1, 'invoice.paid', '', '', '{}', '{}', now(), now())`;
    await app.rows(text, [space.id]);
    expect((await app.call('POST', space.path, { url: HOOK_URL, events: ['invoice.*'] })).status).toBe(201);
  });

  it('refuses a uid that another subscription of the space has, and allows it in another space', async () => {
    const { space } = await app.newSubscription({ uid: 'crm' });
    const again = await app.call<Problem>('POST', space.path, { url: HOOK_URL, uid: 'crm' });
    expect([again.status, again.body.code]).toEqual([409, 'uid_taken']);
    expect((await app.newSubscription({ uid: 'crm' })).body.uid).toBe('crm');
  });
});

describe('reading subscriptions', () => {
  it('finds one by id and by uid, and none of another space', async () => {
    const { path, space, body } = await app.newSubscription({ uid: 'crm' });
    const byUid = await app.call('GET', `${space.path}/crm`);
    expect(byUid.body.id).toBe(body.id);
    expect((await app.call('GET', path)).body).toEqual(byUid.body);
    expect(byUid.body).not.toHaveProperty('secret');
    const other = await app.newSpace();
    for (const ref of [body.id, 'crm'])
      expect((await app.call('GET', `${other.path}/${ref}`)).status).toBe(404);
  });

  it('lists them in pages, newest first or oldest first, and by status', async () => {
    const space = await app.newSpace();
    const ids: string[] = [];
    for (let index = 0; index < 5; index += 1) {
      ids.push((await app.call('POST', space.path, { url: HOOK_URL })).body.id);
    }
    await app.call('POST', `${space.path}/${ids[1]}/pause`);
    type Page = { data: SubscriptionView[]; nextCursor: string | null };
    const walk = async (query: string): Promise<string[][]> => {
      const pages: string[][] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const after: string = cursor === '' ? '' : `&cursor=${cursor}`;
        const { body }: Answer<Page> = await app.call<Page>('GET', `${space.path}?limit=2${query}${after}`);
        pages.push(body.data.map(({ id }) => id));
        cursor = body.nextCursor;
      }
      return pages;
    };
    expect(await walk('&order=asc')).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
    expect((await walk('')).flat()).toEqual(ids.toReversed());
    expect(await walk('&status=paused')).toEqual([[ids[1]]]);
    expect((await walk('&status=active&order=asc')).flat()).toEqual(ids.filter((id) => id !== ids[1]));
    expect((await app.call('GET', `${space.path}?status=dead`)).status).toBe(422);
    expect((await app.call('GET', `${space.path}?cursor=abc`)).status).toBe(400);
  });

  it('shows header values to manage keys and only their names to read keys', async () => {
    const { path, space } = await app.newSubscription({ headers: { 'X-Api-Token': 'hunter2' } });
    const manage = { key: await app.newKey(space, 'manage') };
    const read = { key: await app.newKey(space, 'read') };
    expect((await app.call('GET', path, undefined, manage)).body.headers).toEqual({
      'X-Api-Token': 'hunter2',
    });
    expect((await app.call('GET', path, undefined, read)).body.headers).toEqual({ 'X-Api-Token': '***' });
    const list = await app.call<{ data: SubscriptionView[] }>('GET', space.path, undefined, read);
    expect(list.body.data[0]?.headers).toEqual({ 'X-Api-Token': '***' });
  });

  it('lets read keys neither see the secret nor change anything', async () => {
    const { path, space } = await app.newSubscription();
    const read = { key: await app.newKey(space, 'read') };
    expect((await app.call('GET', `${path}/secret`, undefined, read)).status).toBe(403);
    expect((await app.call('PATCH', path, { description: 'x' }, read)).status).toBe(403);
    expect((await app.call('DELETE', path, undefined, read)).status).toBe(403);
  });
});

describe('changing a subscription', () => {
  it('changes the given fields only, clears what may be null, and says when', async () => {
    const fields = { uid: 'crm', description: 'old', filter: { a: 1 }, rateLimit: { perSecond: 3 } };
    const { path, body, etag } = await app.newSubscription({ ...fields, headers: { 'x-a': '1' } });
    const { secret, ...before } = body;
    app.clock.advance(1_000);
    const changes = { description: null, filter: null, rateLimit: null, pauseAfter: null, timeoutMs: 2_000 };
    const changed = await app.call('PATCH', path, changes);
    expect(changed.body).toEqual({ ...before, ...changes, updatedAt: app.clock.date().toISOString() });
    expect(changed.etag).not.toBe(etag);
    expect((await app.call('GET', path)).etag).toBe(changed.etag);
    expect((await app.call<SecretView>('GET', `${path}/secret`)).body.secret).toBe(secret);
  });

  it('honours If-Match', async () => {
    const { path, etag } = await app.newSubscription();
    const first = await app.call('PATCH', path, { description: 'mine' }, { ifMatch: etag });
    expect(first.status).toBe(200);
    const second = await app.call<Problem>('PATCH', path, { description: 'theirs' }, { ifMatch: etag });
    expect([second.status, second.body.code]).toEqual([412, 'precondition_failed']);
    expect((await app.call('GET', path)).body.description).toBe('mine');
    expect((await app.call('PATCH', path, { description: 'any' }, { ifMatch: '*' })).status).toBe(200);
  });

  it.each([
    ['url', 'ftp://example.com'],
    ['url', null],
    ['events', ['nope']],
    ['scope', { level: 'client' }],
    ['scope', null],
    ['headers', { host: 'example.com' }],
    ['filter', { a: { b: 1 } }],
    ['retrySchedule', null],
    ['recovery', null],
    ['metadata', null],
    ['secret', SECRET],
    ['status', 'paused'],
  ])('refuses %s: %j', async (field, value) => {
    const { path } = await app.newSubscription();
    const places = Object.keys(await app.issuesOf(path, { [field]: value }, 'PATCH'));
    expect(places.map((place) => place.split(/[[.]/)[0])).toContain(field);
  });

  it('loses no change when two arrive at once', async () => {
    const { path } = await app.newSubscription();
    const changes = [
      { description: 'one' },
      { timeoutMs: 2_000 },
      { events: ['lead.*'] },
      { metadata: { a: 'b' } },
    ];
    await Promise.all(changes.map((change) => app.call('PATCH', path, change)));
    const { body, etag } = await app.call('GET', path);
    expect(body).toMatchObject(Object.assign({}, ...changes) as object);
    expect(etag).toBe('"5"');
  });

  it('plans or drops the probe of a paused subscription when its recovery changes', async () => {
    const { path, id } = await app.newSubscription({ recovery: 'manual' });
    const failed = {
      failureCount: 10,
      status: 'paused',
      pausedReason: 'failures',
      pausedAt: app.clock.date(),
    } as const;
    await app.database.transaction(async (sql) => {
      const health = (await lockHealth(sql, [id])).get(id) as Health;
      await writeHealth(sql, [{ ...health, ...failed, lost: null }]);
    });
    await app.call('PATCH', path, { recovery: 'probe' });
    expect((await app.rowOf(id)).next_probe_at).toEqual(new Date(app.clock.now() + 300_000));
    await app.call('PATCH', path, { recovery: 'manual' });
    expect((await app.rowOf(id)).next_probe_at).toBeNull();
  });
});
