import { eventIdOf } from '../../src/broadcasts/broadcast.js';
import type { BroadcastCount, BroadcastView } from '../../src/broadcasts/broadcast.dto.js';
import { broadcastSlice } from '../../src/broadcasts/broadcast-slice.js';
import { newUuid, parsePublicId, publicId, uuidTime } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { RoutingTable } from '../../src/endpoints/routing.js';
import { DataCheck } from '../../src/events/data-check.js';
import { readEventAt } from '../../src/events/publish-input.js';
import { Clock } from '../../src/lib/clock.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { standStill } from '../support/stall.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

const { engine, receiver } = useStory({ engineFor: 'test', workers: 2 });
const LEAD = { type: 'lead.create', data: { price: 1.0, name: 'Ada' } };

function start(body: object, headers: Record<string, string> = {}) {
  return engine.call<BroadcastView & Problem>('POST', '/v1/broadcasts', body, { headers });
}

function finished(id: string, of: Engine = engine): Promise<BroadcastView> {
  return eventually(async () => {
    const now = await of.ok<BroadcastView>('GET', `/v1/broadcasts/${id}`);
    return now.finishedAt !== null && now;
  });
}

async function spaces(count: number, fields: object = {}): Promise<Tenant[]> {
  return Promise.all(
    Array.from({ length: count }, async () => {
      const tenant = await Tenant.create(engine);
      await engine.ok('PATCH', tenant.path(''), { tags: [], ...fields });
      return tenant;
    }),
  );
}

const idOf = async (tenant: Tenant) => (await engine.ok<{ id: string }>('GET', tenant.path(''))).id;

const eventsOf = async (tenant: Tenant) =>
  (
    await engine.ok<{ data: { id: string; uid: string | null; occurredAt: string }[] }>(
      'GET',
      tenant.path('/events'),
    )
  ).data;

it('publishes in every space, in more than one slice, and each subscription hears it once', async () => {
  // The first belongs to the story.
  const all = await spaces(120);
  for (const tenant of all) await tenant.subscribe(receiver.url);
  const { status, body } = await start({ event: LEAD });
  expect(status).toBe(202);
  expect(body).toMatchObject({ status: 'pending', type: 'lead.create', uid: null, tag: null, spaces: 121 });
  expect(await finished(body.id)).toMatchObject({
    ...{
      status: 'completed',
      spaces: 121,
      published: 121,
      skipped: 0,
      failed: 0,
      deliveries: 120,
      problems: [],
    },
  });
  await receiver.received(120);
  const ids = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
  expect(ids.size).toBe(120);
  expect(String(receiver.requests[0]?.body)).toContain('"data":{"price":1,"name":"Ada"}');
  for (const tenant of all) {
    const [event, ...more] = await eventsOf(tenant);
    expect(more).toEqual([]);
    expect(event?.occurredAt).toBe(body.createdAt);
  }
});

it('is for the spaces with a tag, when it has one', async () => {
  const beta = await spaces(2, { tags: ['beta', 'eu'] });
  const [other] = (await spaces(1, { tags: ['eu'] })) as [Tenant];
  const counted = await engine.ok<BroadcastCount>('POST', '/v1/broadcasts', {
    ...{ event: LEAD, tag: 'beta', dryRun: true },
  });
  expect(counted).toEqual({ spaces: 2 });
  expect((await engine.ok<{ data: [] }>('GET', '/v1/broadcasts')).data).toEqual([]);
  const { body } = await start({ event: LEAD, tag: 'beta' });
  expect(await finished(body.id)).toMatchObject({ tag: 'beta', spaces: 2, published: 2 });
  for (const tenant of beta) expect(await eventsOf(tenant)).toHaveLength(1);
  expect(await eventsOf(other)).toEqual([]);
});

it('skips spaces without the event type or with the event, and names those that refuse it', async () => {
  const [without, has, strict, conflict, takes] = (await spaces(5, { tags: ['b'] })) as [
    ...[Tenant, Tenant, Tenant, Tenant, Tenant],
  ];
  await engine.ok('PATCH', without.path('/catalogue'), { hidden: ['lead.create'] });
  await has.publish({ ...LEAD, id: 'note-1' });
  await conflict.publish({ ...LEAD, id: 'note-1', data: {} });
  await engine.ok('PATCH', strict.path('/catalogue'), { validation: 'enforce' });
  const { body } = await start({ event: { ...LEAD, id: 'note-1' }, tag: 'b' });
  expect(body.uid).toBe('note-1');
  const done = await finished(body.id);
  expect(done).toMatchObject({ status: 'completed', spaces: 5, published: 1, skipped: 2, failed: 2 });
  expect(done.problems.map(({ space, code }) => [space, code]).toSorted()).toEqual(
    [
      [await idOf(strict), 'schema_mismatch'],
      [await idOf(conflict), 'idempotency_conflict'],
    ].toSorted(),
  );
  const event = await engine.ok<{ id: string }>('GET', takes.path('/events/note-1'));
  const eventId = eventIdOf(
    parsePublicId('brd', body.id) as string,
    parsePublicId('spc', await idOf(takes)) as string,
  );
  expect(event.id).toBe(publicId('evt', eventId));
});

it('is made once for an event id, and once for an Idempotency-Key', async () => {
  const [tenant] = (await spaces(1, { tags: ['one'] })) as [Tenant];
  const body = { event: { ...LEAD, id: 'once' }, tag: 'one' };
  const both = await Promise.all([start(body), start(body)]);
  expect(both.map(({ status }) => status)).toEqual([202, 202]);
  expect(new Set(both.map((answer) => answer.body.id)).size).toBe(1);
  const replayed = both.map(({ headers }) => headers.get('idempotency-replayed'));
  expect(replayed.toSorted()).toEqual([null, 'true'].toSorted());
  const other = await start({ event: { ...LEAD, id: 'once', data: {} }, tag: 'one' });
  expect([other.status, other.body.code]).toEqual([409, 'idempotency_conflict']);
  expect((await start({ ...body, tag: 'two' })).status).toBe(409);
  const key = { 'idempotency-key': 'release-note' };
  const first = await start({ event: LEAD, tag: 'one' }, key);
  const again = await start({ event: LEAD, tag: 'one' }, key);
  expect(again.body.id).toBe(first.body.id);
  expect((await start({ event: LEAD }, key)).status).toBe(409);
  await finished(first.body.id);
  expect(await eventsOf(tenant)).toHaveLength(2);
});

it('refuses what no space could publish, before anything is made', async () => {
  const refused = async (body: unknown) => {
    const { status, body: problem } = await engine.call<Problem>('POST', '/v1/broadcasts', body);
    expect(status).toBe(422);
    return problem.errors?.map(({ path, code }) => [path, code]);
  };
  expect(await refused({})).toEqual([['event', 'required']]);
  expect(await refused({ event: { data: {} } })).toEqual([['event.type', 'required']]);
  expect(await refused({ event: { ...LEAD, colour: 1 } })).toEqual([['event.colour', 'unknown_field']]);
  expect(await refused({ event: { ...LEAD, deliverAt: '2099-01-01T00:00:00Z' } })).toEqual([
    ['event.deliverAt', 'too_far_ahead'],
  ]);
  expect(await refused({ event: LEAD, tag: 'a b' })).toEqual([['tag', 'matches']]);
  expect((await engine.ok<{ data: [] }>('GET', '/v1/broadcasts')).data).toEqual([]);
});

it('sends the data as it was written, with any number and any key', async () => {
  const [tenant] = await spaces(1);
  await tenant?.subscribe(receiver.url);
  const data = '{"n":9007199254740993,"far":1e400,"one":1.0,"constructor":{"a":1},"toString":2}';
  const response = await fetch(`${engine.url}/v1/broadcasts`, {
    method: 'POST',
    headers: { authorization: `Bearer ${engine.adminKey}`, 'content-type': 'application/json' },
    body: `{"event":{"type":"lead.create","data":${data}}}`,
  });
  expect(response.status).toBe(202);
  const [request] = await receiver.received(1);
  expect(request?.body.toString()).toContain(`"data":${data}`);
});

it('goes to a space with more subscriptions than a slice has room for', async () => {
  const [wide, narrow] = (await spaces(2, { tags: ['wide'] })) as [Tenant, Tenant];
  for (let n = 0; n < 520; n += 40)
    await Promise.all(Array.from({ length: 40 }, () => wide.subscribe(receiver.url, { status: 'paused' })));
  await narrow.subscribe(receiver.url);
  const { body } = await start({ event: { ...LEAD, id: 'wide' }, tag: 'wide' });
  expect(await finished(body.id)).toMatchObject({ published: 2, deliveries: 521 });
  await receiver.received(1);
});

describe('a slice', () => {
  const worker = () => engine.workers[0] as (typeof engine.workers)[0];

  function slice(tag: string, tools: { clock?: Clock; routing?: RoutingTable }) {
    const all = {
      ...{ clock: worker().get(Clock), routing: worker().get(RoutingTable) },
      ...{ dataCheck: worker().get(DataCheck), ...tools },
    };
    const broadcast = {
      ...{ id: newUuid(Date.now()), status: 'pending' as const, tag, type: LEAD.type, uid: null },
      ...{ event: null, position: '00000000-0000-0000-0000-000000000000', spaces: 1, published: 0 },
      ...{ skipped: 0, failed: 0, deliveries: '0', problems: [], failures: 0, createdAt: new Date() },
    };
    const draft = readEventAt(LEAD, JSON.stringify(LEAD), 'event');
    return worker()
      .get(Database)
      .transaction((sql) => broadcastSlice(sql, all, broadcast, draft));
  }

  it('does not blame a space for a fault of the engine', async () => {
    const [wide] = (await spaces(1, { tags: ['fault'] })) as [Tenant];
    for (let n = 0; n < 240; n += 40)
      await Promise.all(Array.from({ length: 40 }, () => wide.subscribe(receiver.url, { status: 'paused' })));
    const clock = new (class extends Clock {
      now(): number {
        throw new Error('the clock is broken');
      }
    })();
    await expect(slice('fault', { clock })).rejects.toThrow('the clock is broken');
  });

  it('in which the process stalls does not look like the last one', async () => {
    const made = await spaces(2, { tags: ['stall'] });
    const current: RoutingTable['current'] = async (...asked) => {
      const routes = await worker()
        .get(RoutingTable)
        .current(...asked);
      const get = routes.get.bind(routes);
      routes.get = (id) => {
        standStill(300);
        return get(id);
      };
      return routes;
    };
    const ids = await Promise.all(made.map(idOf));
    const [first] = ids.map((id) => parsePublicId('spc', id) as string).sort();
    const routing = { current } as Partial<RoutingTable> as RoutingTable;
    expect(await slice('stall', { routing })).toMatchObject({ published: 1, position: first });
  });
});

describe('without a worker', () => {
  const { engine: idle } = useStory({ workers: 0, tenantFor: 'block' });

  it('waits, is listed, and can be cancelled once', async () => {
    const make = () => idle.ok<BroadcastView>('POST', '/v1/broadcasts', { event: LEAD });
    const [first, second] = [await make(), await make()];
    const page = await idle.ok<{ data: BroadcastView[]; nextCursor: string }>(
      'GET',
      '/v1/broadcasts?limit=1',
    );
    expect(page.data).toEqual([second]);
    const rest = await idle.ok<{ data: BroadcastView[] }>(
      ...(['GET', `/v1/broadcasts?cursor=${page.nextCursor}`] as const),
    );
    expect(rest.data).toEqual([first]);
    const cancelled = await idle.ok<BroadcastView>('POST', `/v1/broadcasts/${first.id}/cancel`);
    expect(cancelled).toMatchObject({ status: 'cancelled', published: 0 });
    expect(cancelled.finishedAt).not.toBeNull();
    const again = await idle.call<Problem>('POST', `/v1/broadcasts/${first.id}/cancel`);
    expect([again.status, again.body.code]).toEqual([409, 'broadcast_finished']);
    for (let n = 1; n < 10; n += 1) await make();
    const eleventh = await idle.call<Problem>('POST', '/v1/broadcasts', { event: LEAD });
    expect([eleventh.status, eleventh.body.code]).toEqual([409, 'too_many_broadcasts']);
    expect((await idle.call('GET', '/v1/broadcasts/brd_0')).status).toBe(404);
  });
});

it('derives ids that are UUIDs of its time, each space its own', () => {
  const broadcast = newUuid(1_700_000_000_000);
  const [a, b] = [newUuid(1), newUuid(2)];
  expect(eventIdOf(broadcast, a)).toBe(eventIdOf(broadcast, a));
  expect(eventIdOf(broadcast, a)).not.toBe(eventIdOf(broadcast, b));
  expect(eventIdOf(broadcast, a)).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(uuidTime(eventIdOf(broadcast, a))).toBe(1_700_000_000_000);
});
