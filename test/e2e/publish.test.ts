import { parsePublicId } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { Publisher } from '../../src/events/publish.js';
import { lead } from '../support/lead.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem, type Published } from '../support/tenant.js';

let secondApi: string;
const { engine, tenant, receiver } = useStory({ api: 2 });

beforeAll(async () => {
  secondApi = (await engine.apis[1]?.getUrl()) ?? '';
});

/** The data of what came, once `count` requests did. */
async function heard(count: number): Promise<unknown[]> {
  const requests = await receiver.received(count);
  return requests.map(({ body }) => (JSON.parse(body.toString()) as { data: unknown }).data);
}

describe('the answer to a publish', () => {
  it('is one object for one event', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.subscribe(receiver.url, { events: ['tag.*'] });
    const { status, body } = await tenant.send(lead('1'));
    expect(status).toBe(202);
    expect(body).toEqual({
      id: expect.stringMatching(/^evt_[0-9a-f]{32}$/) as string,
      type: 'lead.create',
      duplicate: false,
      deliveries: 1,
    });
  });

  it('is a list in the same order for an array', async () => {
    const types = ['tag.create', 'lead.create', 'list.delete', 'lead.create'];
    const { status, body } = await tenant.send<{ data: Published[] }>(
      types.map((type) => ({ type, data: {} })),
    );
    expect(status).toBe(202);
    expect(Object.keys(body)).toEqual(['data']);
    expect(body.data.map(({ type }) => type)).toEqual(types);
    expect(new Set(body.data.map(({ id }) => id)).size).toBe(4);
    expect(body.data.map(({ id }) => id)).toEqual(body.data.map(({ id }) => id).toSorted());
  });

  it('is a list for an array of one', async () => {
    const { body } = await tenant.send<{ data: Published[] }>([lead('1')]);
    expect(body.data).toMatchObject([{ type: 'lead.create' }]);
  });
});

describe('a publish that is refused', () => {
  async function storedEvents(): Promise<number> {
    return (await engine.ok<{ data: unknown[] }>('GET', tenant.path('/events'))).data.length;
  }

  async function spaceIdOf({ uid }: Tenant): Promise<string> {
    const { id } = await engine.ok<{ id: string }>('GET', `/v1/spaces/${uid}`);
    return parsePublicId('spc', id) ?? '';
  }

  it('leaves no event behind when its deliveries cannot be written', async () => {
    await tenant.subscribe(receiver.url);
    const database = engine.apis[0]?.get(Database);
    await database?.source.query(
      `ALTER TABLE posthorn.deliveries ADD CONSTRAINT no_deliveries CHECK (event_type <> 'tag.delete')`,
    );
    try {
      expect((await tenant.send({ type: 'tag.delete', data: {} })).status).toBeGreaterThanOrEqual(500);
    } finally {
      await database?.source.query(`ALTER TABLE posthorn.deliveries DROP CONSTRAINT no_deliveries`);
    }
    expect(await storedEvents()).toBe(0);
  });

  it('fails nobody who was written by the same statement', async () => {
    const neighbour = await Tenant.create(engine);
    const publisher = engine.apis[0]?.get(Publisher) as Publisher;
    const [mine, theirs] = await Promise.all([tenant, neighbour].map(spaceIdOf));
    const database = engine.apis[0]?.get(Database);
    await database?.source.query(
      `ALTER TABLE posthorn.events ADD CONSTRAINT no_events CHECK (type <> 'tag.delete')`,
    );
    try {
      const publish = (spaceId = '', type = 'lead.create') =>
        publisher.publish({ spaceId, drafts: [{ at: '', type, text: '{}', data: {}, scope: {} }] });
      const results = await Promise.allSettled([
        ...Array.from({ length: 5 }, () => publish(theirs)),
        publish(mine, 'tag.delete'),
        ...Array.from({ length: 5 }, () => publish(theirs)),
      ]);
      expect(results.flatMap(({ status }, index) => (status === 'rejected' ? index : []))).toEqual([5]);
    } finally {
      await database?.source.query(`ALTER TABLE posthorn.events DROP CONSTRAINT no_events`);
    }
    expect(await storedEvents()).toBe(0);
    const { data } = await engine.ok<{ data: unknown[] }>('GET', neighbour.path('/events'));
    expect(data).toHaveLength(10);
  });

  it('names an unknown type by its path', async () => {
    const { status, body } = await tenant.send<Problem>({ type: 'lead.invented', data: {} });
    expect(status).toBe(422);
    expect(body.code).toBe('validation_failed');
    expect(body.errors).toMatchObject([{ path: 'type', code: 'unknown_event_type' }]);
    expect(body.errors?.[0]?.message).toContain('lead.invented');
  });

  it('stores nothing of an array with one bad event', async () => {
    const { status, body } = await tenant.send<Problem>([lead('1'), { type: 'nope', data: {} }, lead('3')]);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: '[1].type', code: 'unknown_event_type' }]);
    expect(await storedEvents()).toBe(0);
  });

  it.each([
    ['an unknown field', { ...lead('1'), typo: 1 }, [{ path: 'typo', code: 'unknown_field' }]],
    [
      'a field unknown in scope',
      { ...lead('1'), scope: { client: 'c' } },
      [{ path: 'scope.client', code: 'unknown_field' }],
    ],
    ['a missing type', { data: {} }, [{ path: 'type', code: 'required' }]],
    ['missing data', { type: 'lead.create' }, [{ path: 'data', code: 'required' }]],
    ['data that is a list', { type: 'lead.create', data: [] }, [{ path: 'data', code: 'is_object' }]],
    ['data that is null', { type: 'lead.create', data: null }, [{ path: 'data', code: 'is_object' }]],
    [
      'a time without a zone',
      { ...lead('1'), occurredAt: '2026-01-31T09:00:00' },
      [{ path: 'occurredAt', code: 'is_iso8601' }],
    ],
    [
      'a day that is none',
      { ...lead('1'), occurredAt: '2026-02-30T09:00:00Z' },
      [{ path: 'occurredAt', code: 'is_iso8601' }],
    ],
    [
      'a time before the first year',
      { ...lead('1'), occurredAt: '0000-01-01T00:00:00Z' },
      [{ path: 'occurredAt', code: 'is_iso8601' }],
    ],
    [
      'a time whose year has five digits in UTC',
      { ...lead('1'), occurredAt: '9999-12-31T23:59:59-05:00' },
      [{ path: 'occurredAt', code: 'is_iso8601' }],
    ],
    ['an empty id', { ...lead('1'), id: '' }, [{ path: 'id', code: 'is_not_empty' }]],
    [
      'an id over 256 characters',
      { ...lead('1'), id: 'x'.repeat(257) },
      [{ path: 'id', code: 'max_length' }],
    ],
    ['an id with control characters', { ...lead('1'), id: 'a\u0000b' }, [{ path: 'id', code: 'matches' }]],
    ['an empty array', [], [{ path: '', code: 'array_min_size' }]],
  ])('names %s', async (_what, body, errors) => {
    const answer = await tenant.send<Problem>(body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toMatchObject(errors);
  });

  it('names every unknown field of an array by its place', async () => {
    const { status, body } = await tenant.send<Problem>([
      lead('1'),
      { ...lead('2'), one: 1 },
      { ...lead('3'), two: 2 },
    ]);
    expect(status).toBe(422);
    expect(body.errors?.map(({ path }) => path)).toEqual(['[1].one', '[2].two']);
  });

  it('names a key of the event that stands twice', async () => {
    const { status, body } = await tenant.send<Problem>(
      '{"type":"lead.create","data":{"a":1},"data":{"a":2}}',
    );
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: 'data', code: 'duplicate_key' }]);
  });

  it('takes 1,000 events and refuses 1,001', async () => {
    const events = Array.from({ length: 1_001 }, (_, index) => lead(String(index)));
    expect((await tenant.send(events)).status).toBe(413);
    expect(await storedEvents()).toBe(0);
    const { status, body } = await tenant.send<{ data: Published[] }>(events.slice(0, 1_000));
    expect(status).toBe(202);
    expect(body.data).toHaveLength(1_000);
  });

  it('takes 256 KiB of data and refuses one byte more', async () => {
    const event = (bytes: number) => `{"type":"lead.create","data":{"x":"${'é'.repeat((bytes - 8) / 2)}"}}`;
    expect((await tenant.send(event(256 * 1024))).status).toBe(202);
    const { status, body } = await tenant.send<Problem>(event(256 * 1024 + 2));
    expect(status).toBe(413);
    expect(body.code).toBe('payload_too_large');
    expect(await storedEvents()).toBe(1);
  });

  it('refuses a request over 5 MiB', async () => {
    const { status } = await tenant.send(
      [...Array(21).keys()].map(() => ({ type: 'lead.create', data: { x: 'x'.repeat(255 * 1024) } })),
    );
    expect(status).toBe(413);
    expect(await storedEvents()).toBe(0);
  });

  it.each([
    ['a NUL', '"\\u0000"', 0],
    ['half of a pair', '"\\ud800"', 0],
    ['a pair the wrong way round', '"x\\udc00\\ud83d"', 0],
    ['a NUL after 60,000 numbers', `${'0,'.repeat(60_000)}"\\u0000"`, 60_000],
    ['a NUL after numbers that are too large for a double', `${'1e999,'.repeat(30)}"\\u0000"`, 30],
  ])('refuses data that other readers of JSON choke on: %s', async (_what, items, index) => {
    const { status, body } = await tenant.send<Problem>(`{"type":"lead.create","data":{"a":[${items}]}}`);
    expect(status).toBe(422);
    expect(body.errors).toEqual([
      expect.objectContaining({ path: `data.a[${index}]`, code: 'unstorable_text' }),
    ]);
  });

  it('refuses data nested deeper than 64 levels', async () => {
    const { status } = await tenant.send(
      `{"type":"lead.create","data":{"x":${'['.repeat(64)}${']'.repeat(64)}}}`,
    );
    expect(status).toBe(422);
  });
});

describe('what the receiver gets', () => {
  it('is the data byte for byte as it was published', async () => {
    await tenant.subscribe(receiver.url);
    const data =
      '{ "z":1.0, "a":12345678901234567890.10, "e":1E+2, "text":"caf\\u00e9 \\/ \\ud83d\\ude00 é", "10":1, "2":{"b" : [ ] } }';
    const { id } = await tenant.publish(
      `{"data":${data},"occurredAt":"2026-01-31T10:00:00.5+01:00","type":"lead.create"}`,
    );
    const [request] = await receiver.received(1);
    expect(request?.body.toString()).toBe(
      `{"type":"lead.create","timestamp":"2026-01-31T09:00:00.500Z","data":${data}}`,
    );
    const { body } = await engine.call<string>('GET', tenant.path(`/events/${id}`));
    expect(body).toMatchObject({ occurredAt: '2026-01-31T09:00:00.500Z' });
    const text = await fetch(engine.url + tenant.path(`/events/${id}`), {
      headers: { authorization: `Bearer ${engine.adminKey}` },
    });
    expect(await text.text()).toContain(`"data":${data}}`);
  });

  it('says when an event was published that does not say when it happened', async () => {
    await tenant.subscribe(receiver.url);
    const before = Date.now();
    await tenant.publish(lead('1'));
    const [request] = await receiver.received(1);
    const { timestamp } = JSON.parse(request?.body.toString() ?? '') as { timestamp: string };
    expect(timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(Math.abs(Date.parse(timestamp) - before)).toBeLessThan(5_000);
  });
});

describe('matching', () => {
  it('hears what the patterns ask for', async () => {
    await tenant.subscribe(`${receiver.url}/below`, { events: ['lead.*'] });
    await tenant.subscribe(`${receiver.url}/exact`, { events: ['lead.note.create', 'tag.create'] });
    await tenant.subscribe(`${receiver.url}/all`, { events: ['*'] });
    const types = ['lead.create', 'lead.note.create', 'tag.create', 'list.create'];
    await tenant.send(types.map((type) => ({ type, data: {} })));
    const requests = await receiver.received(8);
    const got = (path: string) =>
      requests
        .filter((request) => request.path === `/hook/${path}`)
        .map(({ body }) => (JSON.parse(body.toString()) as { type: string }).type)
        .toSorted();
    expect(got('below')).toEqual(['lead.create', 'lead.note.create']);
    expect(got('exact')).toEqual(['lead.note.create', 'tag.create']);
    expect(got('all')).toEqual(types.toSorted());
  });

  it('keeps to the client and the campaign a subscription is for', async () => {
    await tenant.subscribe(`${receiver.url}/client`, { scope: { level: 'client', clientId: 'c1' } });
    await tenant.subscribe(`${receiver.url}/campaign`, { scope: { level: 'campaign', campaignId: 'k1' } });
    await tenant.send([
      { ...lead('none') },
      { ...lead('c1'), scope: { clientId: 'c1', leadId: 'l' } },
      { ...lead('c2k1'), scope: { clientId: 'c2', campaignId: 'k1' } },
      { ...lead('c1k2'), scope: { clientId: 'c1', campaignId: 'k2' } },
    ]);
    const requests = await receiver.received(3);
    const got = requests.map(
      ({ path, body }) =>
        `${path.slice(6)} ${(JSON.parse(body.toString()) as { data: { id: string } }).data.id}`,
    );
    expect(got.toSorted()).toEqual(['campaign c2k1', 'client c1', 'client c1k2']);
  });

  it('keeps to the conditions of a filter', async () => {
    await tenant.subscribe(receiver.url, {
      filter: { 'lead.country': { in: ['FR', 'BE'] }, score: { gte: 5 }, spam: { exists: false } },
    });
    const event = (id: number, data: object) => ({ type: 'lead.create', data: { id, ...data } });
    const answer = await tenant.send<{ data: Published[] }>([
      event(1, { lead: { country: 'FR' }, score: 5 }),
      event(2, { lead: { country: 'DE' }, score: 9 }),
      event(3, { lead: { country: 'BE' }, score: 4 }),
      event(4, { lead: { country: 'BE' }, score: 9, spam: true }),
      event(5, { lead: { country: 'BE' }, score: 9 }),
    ]);
    expect(answer.body.data.map(({ deliveries }) => deliveries)).toEqual([1, 0, 0, 0, 1]);
    expect((await heard(2)).map((data) => (data as { id: number }).id).toSorted()).toEqual([1, 5]);
  });

  it('sees a subscription that another process made a moment ago', async () => {
    // Warm, so that an outdated table would show.
    await tenant.send(lead('warm'), secondApi);
    for (let round = 1; round <= 5; round += 1) {
      await tenant.subscribe(receiver.url);
      const { body } = await tenant.send(lead(String(round)), secondApi);
      expect(body.deliveries).toBe(round);
    }
  });
});

describe('keys', () => {
  it('with the scope publish publish and do nothing else', async () => {
    const key = await tenant.key('publish');
    const call = (method: string, path: string, body?: unknown) =>
      engine.call(method, tenant.path(path), body, { key });
    expect((await call('POST', '/events', lead('1'))).status).toBe(202);
    for (const path of ['/events', '/deliveries', '/subscriptions', '/event-types']) {
      expect((await call('GET', path)).status).toBe(403);
    }
    expect((await call('POST', '/subscriptions', { url: receiver.url })).status).toBe(403);
  });

  it('with the scope read do not publish', async () => {
    const key = await tenant.key('read');
    expect((await engine.call('GET', tenant.path('/events'), undefined, { key })).status).toBe(200);
    expect((await engine.call('POST', tenant.path('/events'), lead('1'), { key })).status).toBe(403);
  });
});
