import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

interface Space {
  id: string;
  name: string;
  metadata: object;
  limits: Record<string, number>;
}

const { engine } = useStory({ workers: 0 });

const URL = 'http://127.0.0.1:9/';

async function limited(limits: object): Promise<Tenant> {
  const tenant = await Tenant.create(engine);
  await engine.ok('PATCH', tenant.path(''), { limits });
  return tenant;
}

/** Makes one more in each of the ways a space has of making things. */
const MAKERS: [string, (tenant: Tenant, n: number) => Promise<{ status: number; body: unknown }>][] = [
  ['subscriptions', (tenant) => engine.call('POST', tenant.path('/subscriptions'), { url: URL })],
  ['keys', (tenant) => engine.call('POST', tenant.path('/keys'), { name: 'k', scope: 'read' })],
  ['portalLinks', (tenant) => engine.call('POST', tenant.path('/portal-links'), { scope: 'read' })],
  ['eventTypes', (tenant, n) => engine.call('PUT', tenant.path(`/event-types/deal.${n}`), {})],
];

it.each(MAKERS)(
  'limits.%s holds, also for many that come at once, and says what to do',
  async (name, make) => {
    const tenant = await limited({ [name]: 3 });
    const answers = await Promise.all(Array.from({ length: 8 }, (_, n) => make(tenant, n)));
    const refused = answers.filter(({ status }) => status >= 400);
    expect(answers.filter(({ status }) => status < 300)).toHaveLength(3);
    expect(refused).toHaveLength(5);
    for (const { status, body } of refused) {
      expect(status).toBe(422);
      expect(body).toMatchObject({ code: 'limit_reached' });
      expect((body as Problem).detail).toMatch(new RegExp(`may have 3 .*Delete one, or .*limits\\.${name}`));
    }
    await engine.ok('PATCH', tenant.path(''), { limits: { [name]: 4 } });
    expect((await make(tenant, 9)).status).toBeLessThan(300);
  },
);

it('what a space has over a lowered limit stays, can be changed, and frees no place', async () => {
  const tenant = await Tenant.create(engine);
  const { id } = await tenant.subscribe(URL);
  await tenant.subscribe(URL);
  await engine.ok('PUT', tenant.path('/event-types/deal.won'), {});
  await engine.ok('PATCH', tenant.path(''), { limits: { subscriptions: 1, eventTypes: 1 } });
  await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { description: 'still here' });
  await engine.ok('PUT', tenant.path('/event-types/deal.won'), { description: 'replaced' });
  await engine.ok('DELETE', tenant.path(`/subscriptions/${id}`));
  expect((await engine.call('POST', tenant.path('/subscriptions'), { url: URL })).status).toBe(422);
});

it('a filter longer than the space may store is refused, new or changed', async () => {
  const tenant = await limited({ filterBytes: 100 });
  const filter = { 'lead.country': 'x'.repeat(200) };
  const { id } = await tenant.subscribe(URL, { filter: { 'lead.country': 'FR' } });
  for (const [method, path] of [
    ['POST', '/subscriptions'],
    ['PATCH', `/subscriptions/${id}`],
  ] as const) {
    const body = method === 'POST' ? { url: URL, filter } : { filter };
    const answer = await engine.call<Problem>(method, tenant.path(path), body);
    expect(answer.status).toBe(422);
    expect(answer.body.errors).toEqual([
      expect.objectContaining({
        path: 'filter',
        code: 'too_large',
        message: expect.stringMatching(/100 bytes/) as string,
      }),
    ]);
  }
});

it('a filter is as long as it is stored, with all digits of its numbers', async () => {
  const tenant = await limited({ filterBytes: 40 });
  const made = (filter: string) =>
    engine.call('POST', tenant.path('/subscriptions'), `{"url":"${URL}","filter":${filter}}`);
  expect((await made('{"a":12345678901234567890}')).status).toBe(201);
  expect((await made(`{"a":${'1'.repeat(40)}}`)).status).toBe(422);
});

it('more events a second than the space may publish are refused with 429 and Retry-After', async () => {
  const tenant = await limited({ eventsPerSecond: 10 });
  const event = { type: 'lead.create', data: {} };
  const publish = () => engine.call<Problem>('POST', tenant.path('/events'), Array(20).fill(event));
  expect((await publish()).status).toBe(202);
  const refused = await publish();
  expect([refused.status, refused.body.code]).toEqual([429, 'too_many_requests']);
  const wait = Number(refused.headers.get('retry-after'));
  expect(wait).toBeGreaterThanOrEqual(1);
  expect(refused.body.detail).toMatch(/10 events a second.*limits\.eventsPerSecond/);
  // Nobody else is held to it.
  const other = await Tenant.create(engine);
  await other.publish(event);
});

it('tests of a subscription count as events, too', async () => {
  const tenant = await limited({ eventsPerSecond: 2 });
  const { id } = await tenant.subscribe(URL);
  const test = () => engine.call<Problem>('POST', tenant.path(`/subscriptions/${id}/test`), {});
  const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await test()).status));
  expect(new Set(statuses)).toEqual(new Set([202, 429]));
  expect((await engine.ok<{ data: object[] }>('GET', tenant.path('/events'))).data.length).toBeLessThan(12);
});

it('jobs under way are limited, and the limit is the space’s', async () => {
  const tenant = await limited({ openJobs: 2 });
  const { id } = await tenant.subscribe(URL);
  const replay = () =>
    engine.call<Problem>('POST', tenant.path(`/subscriptions/${id}/replay`), {
      since: '2026-01-01T00:00:00Z',
    });
  const statuses = await Promise.all(Array.from({ length: 5 }, async () => (await replay()).status));
  expect(statuses.toSorted()).toEqual([202, 202, 409, 409, 409]);
  expect((await replay()).body).toMatchObject({ code: 'too_many_jobs' });
});

it('a space shows its limits to the operator and to its own keys, whatever their scope, and other spaces’ stay 404', async () => {
  const [mine, other] = [await limited({ subscriptions: 5, keys: 7 }), await Tenant.create(engine)];
  await engine.ok('PATCH', mine.path(''), { metadata: { note: 'pays late' } });
  const shown = await engine.ok<Space>('PATCH', mine.path(''), { limits: { keys: null } });
  expect(shown.limits).toMatchObject({
    subscriptions: 5,
    keys: 100,
    fanOut: 100_000,
    eventsPerSecond: 20_000,
  });
  expect(await engine.ok('GET', mine.path(''))).toEqual(shown);
  for (const scope of ['publish', 'read', 'manage']) {
    const key = await mine.key(scope as 'read');
    const { status, body } = await engine.call<Space>('GET', mine.path(''), undefined, { key });
    expect(status).toBe(200);
    expect(body).toEqual({ ...shown, metadata: {} });
    expect((await engine.call('GET', other.path(''), undefined, { key })).status).toBe(404);
    expect((await engine.call('PATCH', mine.path(''), { limits: { keys: 9 } }, { key })).status).toBe(403);
  }
  expect((await engine.call('GET', mine.path(''), undefined, { key: 'phk_none' })).status).toBe(401);
});

it.each([{ subscriptions: 0 }, { subscriptions: 1.5 }, { subscriptions: '5' }, { nothing: 5 }, 5, [], null])(
  'limits that are none are refused: %j',
  async (limits) => {
    const tenant = await Tenant.create(engine);
    expect((await engine.call('PATCH', tenant.path(''), { limits })).status).toBe(422);
    expect((await engine.call('POST', '/v1/spaces', { name: 'x', limits })).status).toBe(422);
  },
);
