import pg from 'pg';
import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import type { Reply } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const lead = (n: number) => ({ type: 'lead.create', data: { n } });

describe('a wait that the endpoint asked for', () => {
  const clock = new ManualClock();
  let reply: Reply | Promise<Reply>;
  const { engine, tenant, receiver } = useStory({ clock, engineFor: 'test', answer: () => reply });
  beforeEach(() => {
    reply = {};
  });

  const asksFor = (seconds: number, status = 503) => ({
    status,
    headers: { 'retry-after': String(seconds) },
  });
  const waitsUntil = (id: string, ms: number | null) =>
    eventually(async () =>
      expect((await tenant.subscription(id)).waitsUntil).toBe(
        ms === null ? null : new Date(ms).toISOString(),
      ),
    );
  const statusesAre = (...statuses: string[]) =>
    eventually(async () =>
      expect((await tenant.deliveries('?order=asc')).map(({ status }) => status)).toEqual(statuses),
    );
  const call = <T = Record<string, unknown>>(id: string, rest = '', body: object = {}, method = 'POST') =>
    engine.ok<T>(method, tenant.path(`/subscriptions/${id}${rest}`), body);
  /** A delivery that got `Retry-After`, and one that came later and waits with it. */
  const twoThatWait = async (seconds = 86_400, status = 503, fields: object = {}) => {
    reply = asksFor(seconds, status);
    const { id } = await tenant.subscribe(receiver.url, fields);
    await tenant.send(lead(1));
    await waitsUntil(id, clock.now() + seconds * 1_000);
    reply = {};
    await tenant.send(lead(2));
    const until = new Date(clock.now() + seconds * 1_000).toISOString();
    await eventually(async () =>
      expect((await tenant.deliveries()).map(({ nextAttemptAt }) => nextAttemptAt)).toEqual([until, until]),
    );
    expect(receiver.requests).toHaveLength(1);
    // Past the schedule's own delay of five seconds.
    clock.advance(MINUTE);
    return id;
  };

  it.each([429, 503])(
    'is shown with a %i in the subscription and the list, until it is over',
    async (status) => {
      const id = await twoThatWait(7_200, status);
      const until = new Date(clock.now() - MINUTE + 2 * HOUR).toISOString();
      const list = await engine.ok<{ data: { waitsUntil: string }[] }>('GET', tenant.path('/subscriptions'));
      expect(list.data).toMatchObject([{ waitsUntil: until, status: 'active' }]);
      expect(await tenant.subscription(id)).toMatchObject({ waitsUntil: until });
      await engine.sweep();
      expect(receiver.requests).toHaveLength(1);
      clock.advance(2 * HOUR);
      expect(await tenant.subscription(id)).toMatchObject({ waitsUntil: null });
      await engine.sweep();
      await statusesAre('succeeded', 'succeeded');
    },
  );

  it.each([
    ['a person wakes it', (id: string) => call(id, '/wake')],
    ['it is resumed, although it is active', (id: string) => call(id, '/resume')],
    ['it is paused and resumed', async (id: string) => [await call(id, '/pause'), await call(id, '/resume')]],
    ['its URL changes', (id: string) => call(id, '', { url: `${receiver.url}/new` }, 'PATCH')],
    ['a test is answered well', (id: string) => call(id, '/test')],
    [
      'a retry of what waits is answered well',
      async () => {
        const [one] = await tenant.deliveries('?order=asc');
        return engine.ok('POST', tenant.path(`/deliveries/${one?.id}/retry`));
      },
    ],
  ])('ends for what waits already, and for what comes, when %s', async (_, end) => {
    const id = await twoThatWait();
    await end(id);
    await waitsUntil(id, null);
    await eventually(async () =>
      expect(await tenant.deliveries('?status=succeeded')).toHaveLength(receiver.requests.length - 1),
    );
    await eventually(async () => expect(await tenant.deliveries('?status=pending')).toEqual([]));
    await tenant.send(lead(3));
    await eventually(async () => expect(await tenant.deliveries('?status=pending')).toEqual([]));
    expect((await tenant.deliveries()).every(({ status }) => status === 'succeeded')).toBe(true);
  });

  it('ends for thousands in slices of 1,000 when a test is answered well', async () => {
    const id = await twoThatWait();
    const client = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await client.connect();
    try {
      await client.query(
        `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts,
           next_attempt_at, planned_at)
         SELECT gen_random_uuid(), s.space_id, s.id, 'lead.create', s.id, 'pending', 'event', 6, s.waits_until,
           $1::timestamptz + n * interval '1 second'
         FROM posthorn.subscriptions s, generate_series(1, 2500) n WHERE s.waits_until IS NOT NULL`,
        [new Date(clock.now() + HOUR)],
      );
      await call(id, '/test');
      await eventually(async () => {
        const { rows } = await client.query<{ rows: number }>(
          `SELECT count(*)::int AS rows FROM posthorn.deliveries
           WHERE event_id = subscription_id AND planned_at IS NULL GROUP BY xmin::text ORDER BY 1`,
        );
        // The first slice also holds what waits for its second attempt.
        expect(rows.reduce((all, { rows: n }) => all + n, 0)).toBe(2_500);
        expect(rows.every(({ rows: n }) => n <= 1_000)).toBe(true);
      });
    } finally {
      await client.end();
    }
  });

  it.each([
    ['a changed header', (id: string) => call(id, '', { headers: { 'x-a': 'b' } }, 'PATCH')],
    ['the URL it had', (id: string) => call(id, '', { url: receiver.url, description: 'x' }, 'PATCH')],
    [
      'a test that fails',
      async (id: string) => {
        reply = { status: 500 };
        const test = await call<{ id: string }>(id, '/test');
        await eventually(async () =>
          expect(await tenant.delivery(test.id)).toMatchObject({ status: 'failed' }),
        );
        reply = {};
      },
    ],
  ])('is not ended by %s', async (_, change) => {
    const id = await twoThatWait();
    const until = (await tenant.subscription(id)).waitsUntil;
    await change(id);
    const before = receiver.requests.length;
    await engine.sweep();
    expect(await tenant.subscription(id)).toMatchObject({ waitsUntil: until });
    expect(await tenant.deliveries('?status=pending')).toHaveLength(2);
    expect(receiver.requests).toHaveLength(before);
  });

  it('is not ended by requests that were under way when it began', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    for (const n of [1, 2]) await tenant.send(lead(n));
    await statusesAre('succeeded', 'succeeded');
    let answer: (reply: Reply) => void = () => undefined;
    reply = new Promise<Reply>((resolve) => (answer = resolve));
    const test = await call<{ id: string }>(id, '/test');
    await receiver.received(3);
    reply = asksFor(3_600, 429);
    clock.advance(1_000);
    await tenant.send(lead(3));
    await waitsUntil(id, clock.now() + HOUR);
    clock.advance(1_000);
    answer({});
    await eventually(async () =>
      expect(await tenant.delivery(test.id)).toMatchObject({ status: 'succeeded' }),
    );
    expect((await tenant.subscription(id)).waitsUntil).not.toBeNull();
  });

  it('leaves the schedule as it was: what it would have held up longer stays put off', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [7_200] });
    reply = asksFor(60);
    await tenant.send(lead(1));
    await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }]));
    const [planned] = await tenant.deliveries();
    clock.advance(MINUTE + 1);
    reply = asksFor(86_400);
    await tenant.send(lead(2));
    await waitsUntil(id, clock.now() + DAY);
    const [second] = await tenant.deliveries();
    expect(second?.nextAttemptAt).toBe(new Date(clock.now() + DAY).toISOString());
    reply = {};
    await call(id, '/wake');
    const [woken, first] = await tenant.deliveries();
    expect(first?.nextAttemptAt).toBe(planned?.nextAttemptAt);
    const delay = new Date(woken?.nextAttemptAt ?? 0).getTime() - clock.now();
    expect(delay / 1_000).toBeGreaterThanOrEqual(7_200);
    expect(delay / 1_000).toBeLessThanOrEqual(7_200 * 1.1);
  });

  it('ends for deliveries that were asked to wait for different times, over a restart', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    let answer: (reply: Reply) => void = () => undefined;
    reply = new Promise<Reply>((resolve) => (answer = resolve));
    await tenant.send(lead(1));
    await receiver.received(1);
    reply = asksFor(7_200);
    await tenant.send(lead(2));
    await waitsUntil(id, clock.now() + 2 * HOUR);
    answer(asksFor(600));
    await eventually(async () =>
      expect((await tenant.deliveries()).map(({ attemptCount }) => attemptCount)).toEqual([1, 1]),
    );
    expect(new Set((await tenant.deliveries()).map(({ nextAttemptAt }) => nextAttemptAt)).size).toBe(2);
    await engine.stopWorkers();
    await engine.startWorker();
    clock.advance(MINUTE);
    reply = {};
    await call(id, '/wake');
    await statusesAre('succeeded', 'succeeded');
  });

  it('can be ended by a space’s own key, and changes nothing where nothing waits', async () => {
    const id = await twoThatWait();
    const path = tenant.path(`/subscriptions/${id}/wake`);
    for (const scope of ['read', 'publish'] as const)
      expect((await engine.call('POST', path, {}, { key: await tenant.key(scope) })).status).toBe(403);
    const stranger = await (await Tenant.create(engine)).key('manage');
    expect((await engine.call('POST', path, {}, { key: stranger })).status).toBe(404);
    const key = await tenant.key('manage');
    const woken = await engine.call('POST', path, undefined, { key });
    expect(woken).toMatchObject({ status: 200, body: { id, status: 'active', waitsUntil: null } });
    await statusesAre('succeeded', 'succeeded');
    const again = await engine.call('POST', path, {}, { key });
    expect(again.status).toBe(200);
    expect(again.headers.get('etag')).toBe(woken.headers.get('etag'));
    expect(receiver.requests).toHaveLength(3);
  });

  it('ends for a paused endpoint, which is then probed when its time has come', async () => {
    reply = asksFor(86_400);
    const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 1 });
    await tenant.send(lead(1));
    await statusesAre('held');
    const until = new Date(clock.now() + DAY);
    expect(await tenant.subscription(id)).toMatchObject({
      status: 'paused',
      waitsUntil: until.toISOString(),
      nextProbeAt: until.toISOString(),
      pausedDetail: `paused after 1 failure, next probe at ${until.toISOString().slice(0, 19).replace('T', ' ')} UTC`,
    });
    reply = {};
    clock.advance(MINUTE);
    await engine.sweep();
    expect(await call(id, '/wake')).toMatchObject({ status: 'paused', waitsUntil: null });
    await statusesAre('held');
    await engine.sweep();
    await statusesAre('succeeded');
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active' });
  });
});
