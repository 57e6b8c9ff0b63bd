import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

interface Found {
  data: { kind: string; id: string; title: string; space: string }[];
  capped: boolean;
  searchedTo: string | null;
}
interface Page {
  data: { id: string; eventId: string }[];
  nextCursor: string | null;
  searchedTo?: string | null;
}
interface Overview {
  data: {
    name: string;
    attempts: number;
    failedAttempts: number;
    failing: number;
    paused: number;
    held: object;
  }[];
  spaces: number;
  worst: { url: string; spaceName: string }[];
}

const { engine, tenant, receiver } = useStory({
  tenantFor: 'block',
  answer: ({ path }) =>
    path.endsWith('/down') ? { status: 503, body: 'the disk is full' } : { status: 200, body: 'ok' },
});
let down: { id: string };
let well: { id: string };
let events: { id: string }[];

beforeAll(async () => {
  await engine.ok('PATCH', tenant.path(''), { name: 'Northwind' });
  down = await tenant.subscribe(`${receiver.url}/down`, {
    uid: 'billing',
    retrySchedule: [600],
    pauseAfter: 2,
  });
  well = await tenant.subscribe(`${receiver.url}/well`, { uid: 'crm' });
  events = [
    await tenant.publish({
      id: 'order-1',
      type: 'lead.create',
      data: { customer: { id: 42, tags: ['a', 'b'] } },
    }),
    await tenant.publish({
      type: 'lead.create',
      data: { customer: { id: 43 }, note: 'nul \\u0000 4\\u0032' },
    }),
  ];
  await eventually(async () => {
    const all = await tenant.deliveries();
    expect(all.map(({ status }) => status).sort()).toEqual(['held', 'held', 'succeeded', 'succeeded']);
  });
});

const find = (q: string, of = tenant) =>
  engine.ok<Found>('GET', of.path(`/search?q=${encodeURIComponent(q)}`));
const list = (query: string) => engine.ok<Page>('GET', tenant.path(`/deliveries?${query}`));

describe('the search of a space', () => {
  it('finds what an id names, ours or the publisher’s', async () => {
    const [event] = events;
    const [delivery] = await tenant.deliveries(`?event=${event?.id}&limit=1`);
    for (const [q, id] of [
      [down.id, down.id],
      ['billing', down.id],
      [event?.id, event?.id],
      ['order-1', event?.id],
      [delivery?.id, delivery?.id],
    ]) {
      expect((await find(q ?? '')).data[0]?.id).toBe(id);
    }
  });

  it('finds subscriptions by a part of the URL, and event types by a part of the name', async () => {
    expect((await find('/well')).data).toMatchObject([{ kind: 'subscription', id: well.id }]);
    expect((await find('lead.cre')).data).toMatchObject([{ kind: 'event_type', id: 'lead.create' }]);
  });

  it('finds nothing of another space', async () => {
    const other = await Tenant.create(engine);
    for (const q of [down.id, 'billing', 'order-1', events[0]?.id ?? '', '/well'])
      expect((await find(q, other)).data).toEqual([]);
  });

  it('finds jobs and attempts by their ids, for the space and the operator, and says how far it looked', async () => {
    const job = await engine.ok<{ id: string }>('POST', tenant.path(`/subscriptions/${well.id}/replay`), {
      since: '2020-01-01T00:00:00Z',
      statuses: ['failed'],
    });
    expect((await find(job.id)).data).toMatchObject([{ kind: 'job', id: job.id, title: 'replay' }]);
    const [delivery] = await tenant.deliveries(`?subscription=${well.id}&limit=1`);
    const path = tenant.path(`/deliveries/${delivery?.id}`);
    const { attempts } = await engine.ok<{ attempts: { id: string }[] }>('GET', path);
    const attempt = attempts[0]?.id ?? '';
    const found = { kind: 'attempt', id: delivery?.id, detail: 'attempt 1' };
    expect(await find(attempt)).toMatchObject({ data: [found], searchedTo: null });
    expect(await engine.ok('GET', `/v1/search?q=${attempt}`)).toMatchObject({ data: [found] });
    const other = await Tenant.create(engine);
    expect(await find(attempt, other)).toMatchObject({ data: [], searchedTo: null });
    const unknown = `att_${attempt.slice(4, 20)}${'0'.repeat(16)}`;
    expect((await find(unknown)).searchedTo).not.toBeNull();
    expect(await find(`att_${'f'.repeat(32)}`)).toMatchObject({ data: [] });
  });

  it('says when there are more of a kind than it gives', async () => {
    const full = await Tenant.create(engine);
    for (let index = 0; index < 11; index += 1)
      await full.subscribe(`${receiver.url}/many/${index}`, { events: ['tag.delete'] });
    const found = await find('/many/', full);
    expect([found.data.length, found.capped]).toEqual([10, true]);
  });
});

it('the operator’s search finds spaces by name and subscriptions of all spaces', async () => {
  const byName = await engine.ok<Found>('GET', '/v1/search?q=northw');
  expect(byName.data).toMatchObject([{ kind: 'space', title: 'Northwind' }]);
  const byId = await engine.ok<Found>('GET', `/v1/search?q=${well.id}`);
  expect(byId.data).toMatchObject([{ kind: 'subscription', id: well.id }]);
});

describe('deliveries', () => {
  it.each([
    ['statusCode=503', 2],
    ['statusCode=5xx', 2],
    ['statusCode=2xx', 2],
    ['statusCode=404', 0],
    ['error=http_503', 2],
    ['trigger=event', 4],
    ['trigger=replay', 0],
    ['state=broken', 2],
    ['state=retrying', 0],
    ['response=disk%20is', 2],
    ['response=ok&statusCode=2xx', 2],
    ['slowerThan=600000', 0],
    ['payload=customer.id%3D42', 2],
    ['payload=customer.tags.1%3Db', 2],
    ['payload=customer.id%3D4', 0],
  ])('are found by %s', async (query, count) => {
    const { data, searchedTo, nextCursor } = await list(query);
    expect(data).toHaveLength(count);
    expect([searchedTo, nextCursor]).toEqual([null, null]);
  });

  it('that are looked for go on page by page, and say how far that was', async () => {
    const first = await list('statusCode=5xx&limit=1');
    expect(first.searchedTo).toMatch(/^\d{4}-/);
    const second = await list(`statusCode=5xx&limit=1&cursor=${first.nextCursor}`);
    expect(new Set([first, second].map(({ data }) => data[0]?.id)).size).toBe(2);
    expect(second.nextCursor).toBeNull();
  });

  it.each(['statusCode=6xx', 'statusCode=50', 'error=A%20b', 'payload=x', 'slowerThan=0', 'state=x'])(
    'refuse the filter %s',
    async (query) => {
      expect((await engine.call('GET', tenant.path(`/deliveries?${query}`))).status).toBe(422);
    },
  );
});

it('events are found by a value in their data', async () => {
  const page = await engine.ok<Page>('GET', tenant.path('/events?payload=customer.id%3D42'));
  expect(page.data.map(({ id }) => id)).toEqual([events[0]?.id]);
  expect(page.searchedTo).toBeNull();
});

it('the overview of all spaces has the worst first, with what is wrong in it', async () => {
  const overview = await engine.ok<Overview>('GET', '/v1/overview?window=1h');
  expect(overview.data[0]).toMatchObject({
    name: 'Northwind',
    paused: 1,
    held: { count: 2, capped: false },
  });
  expect(overview.worst).toMatchObject([{ url: `${receiver.url}/down`, spaceName: 'Northwind' }]);
  expect(overview.spaces).toBeGreaterThan(0);
});

it('of spaces without failing endpoints, the one with the larger share of failed attempts comes first', async () => {
  const failOnce = async (name: string, events: number) => {
    const space = await Tenant.create(engine);
    await engine.ok('PATCH', space.path(''), { name });
    await space.subscribe(`${receiver.url}/once-${name}`, { retrySchedule: [0] });
    for (let n = 0; n < events; n += 1) {
      await space.publish({ type: 'lead.create', data: {} });
      await eventually(async () => (await space.deliveries()).every(({ status }) => status === 'succeeded'));
    }
  };
  const failed = new Set<string>();
  receiver.answer = ({ path }) => {
    if (!path.includes('/once-') || failed.has(path)) return {};
    failed.add(path);
    return { status: 500 };
  };
  await failOnce('Alpha', 3);
  await failOnce('Omega', 1);
  const names = ['Alpha', 'Omega'];
  await eventually(
    async () => {
      const { data } = await engine.ok<Overview>('GET', '/v1/overview?window=1h');
      const shown = data.filter(({ name }) => names.includes(name));
      expect(shown.map(({ name, attempts, failedAttempts }) => [name, attempts, failedAttempts])).toEqual([
        ['Omega', 2, 1],
        ['Alpha', 4, 1],
      ]);
    },
    { timeoutMs: 20_000 },
  );
}, 30_000);

it('an endpoint’s attempts are summed up by outcome, code and time', async () => {
  interface Attempts {
    buckets: { succeeded: number; failed: number; retried: number }[];
    latency: { p50: number } | null;
    codes: { code: string; count: number }[];
    attempts: object;
    lastSuccessAt: string | null;
    lastFailureAt: string | null;
  }
  const read = (sub: string) =>
    engine.ok<Attempts>('GET', tenant.path(`/subscriptions/${sub}/attempts?window=1h`));
  const bad = await read('billing');
  expect(bad).toMatchObject({
    codes: [{ code: '503', count: 2 }],
    attempts: { count: 2, capped: false },
    lastSuccessAt: null,
  });
  expect(bad.buckets).toHaveLength(60);
  expect(bad.buckets.reduce((sum, { retried }) => sum + retried, 0)).toBe(2);
  const good = await read(well.id);
  expect(good.codes).toEqual([{ code: '200', count: 2 }]);
  expect(good.latency?.p50).toBeGreaterThan(0);
  expect(good.lastFailureAt).toBeNull();
  const other = await Tenant.create(engine);
  expect((await engine.call('GET', other.path(`/subscriptions/${well.id}/attempts`))).status).toBe(404);
});
