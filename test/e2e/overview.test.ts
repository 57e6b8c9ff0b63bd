import { OutcomeRecorder } from '../../src/dispatcher/settle/outcome-recorder.js';
import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { startReceiver } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

interface Overview {
  buckets: { at: string; succeeded: number; failed: number; retried: number }[];
  latency: { p50: number; p95: number; p99: number } | null;
  paused: { count: number; p50: number; p95: number; p99: number } | null;
  waiting: { retrying: number; held: number; pending: number };
  endpoints: { active: number; paused: number; failing: number };
  worst: { url: string; reason: string; pausedAt: string | null; failureCount: number; status: string }[];
}

const MINUTE = 60_000;

const clock = new ManualClock();
const { engine, receiver } = useStory({
  clock,
  answer: ({ path }) => ({ status: Number(/\d{3}$/.exec(path)?.[0] ?? 200) }),
});

beforeAll(() => {
  // Noon, so that the hours of this file lie in one day that has its partitions.
  clock.set(Math.floor(clock.now() / 86_400_000) * 86_400_000 + 43_200_000);
});

async function overviewOf(tenant: Tenant, window = '1h'): Promise<Overview> {
  await Promise.all(engine.workers.map((worker) => worker.get(OutcomeRecorder).flush()));
  return engine.ok('GET', tenant.path(`/overview?window=${window}`));
}

async function publish(tenant: Tenant, times = 1, type = 'lead.create'): Promise<void> {
  const before = engine.attempts.length;
  const deliveries = (
    await Promise.all(Array.from({ length: times }, () => tenant.publish({ type, data: {} })))
  ).map(({ deliveries: count }) => count);
  await eventually(
    () => engine.attempts.length - before >= deliveries.reduce((sum, count) => sum + count, 0),
  );
}

const sumOf = ({ buckets }: Overview) =>
  buckets.reduce(
    (sum, { succeeded, failed, retried }) => [
      (sum[0] ?? 0) + succeeded,
      (sum[1] ?? 0) + failed,
      (sum[2] ?? 0) + retried,
    ],
    [0, 0, 0],
  );

describe('the overview of a space', () => {
  it('is empty for one in which nothing happened', async () => {
    const tenant = await Tenant.create(engine);
    const overview = await overviewOf(tenant);
    expect(overview).toMatchObject({
      latency: null,
      waiting: { retrying: 0, held: 0, pending: 0 },
      endpoints: { active: 0, paused: 0, failing: 0 },
      worst: [],
    });
    expect(overview.buckets).toHaveLength(60);
    expect(sumOf(overview)).toEqual([0, 0, 0]);
  });

  it('counts attempts by what they came to, in the stretch in which they ended', async () => {
    const tenant = await Tenant.create(engine);
    await tenant.subscribe(receiver.url, { events: ['lead.create'] });
    await tenant.subscribe(`${receiver.url}/500`, { events: ['lead.update'], retrySchedule: [] });
    await tenant.subscribe(`${receiver.url}/503`, { events: ['lead.delete'], retrySchedule: [3_600] });
    await publish(tenant, 3);
    await publish(tenant, 1, 'lead.update');
    clock.advance(10 * MINUTE);
    await publish(tenant, 2);
    await publish(tenant, 1, 'lead.delete');
    const hour = await overviewOf(tenant);
    const [before, now] = [hour.buckets.at(-11), hour.buckets.at(-1)];
    expect(before).toMatchObject({ succeeded: 3, failed: 1, retried: 0 });
    expect(now).toMatchObject({ succeeded: 2, failed: 0, retried: 1 });
    expect(sumOf(hour)).toEqual([5, 1, 1]);
    expect(hour.waiting).toEqual({ retrying: 1, held: 0, pending: 0 });
    expect(hour.latency?.p50).toBeLessThan(10);
    for (const [window, buckets] of [
      ['24h', 96],
      ['7d', 84],
    ] as const) {
      const longer = await overviewOf(tenant, window);
      expect([longer.buckets.length, sumOf(longer)]).toEqual([buckets, [5, 1, 1]]);
    }
    clock.advance(90 * MINUTE);
    expect(sumOf(await overviewOf(tenant))).toEqual([0, 0, 0]);
    expect(sumOf(await overviewOf(tenant, '24h'))).toEqual([5, 1, 1]);
  });

  it('tells how long events took to arrive, retries along, but not of replays', async () => {
    const tenant = await Tenant.create(engine);
    let status = 500;
    const moody = await startReceiver(() => ({ status }));
    await tenant.subscribe(moody.url, { uid: 'moody', retrySchedule: [60] });
    await publish(tenant);
    // On record, not only answered: its retry is counted from then.
    await eventually(async () => (await tenant.deliveries())[0]?.attemptCount === 1);
    status = 200;
    clock.advance(70_000);
    await engine.sweep();
    await eventually(async () => (await tenant.deliveries())[0]?.status === 'succeeded');
    // It is counted a moment after it is settled.
    const latency = await eventually(async () => (await overviewOf(tenant)).latency);
    expect(latency.p99).toBeGreaterThan(60_000);
    expect(latency.p99).toBeLessThan(90_000);
    clock.advance(20 * MINUTE);
    await engine.ok('POST', tenant.path('/subscriptions/moody/replay'), {
      since: '2020-01-01T00:00:00Z',
      statuses: ['succeeded'],
    });
    await eventually(() => {
      clock.advance(1_000);
      return moody.requests.length === 3;
    });
    await eventually(async () => sumOf(await overviewOf(tenant))[0] === 2);
    expect((await overviewOf(tenant)).latency?.p99).toBe(latency.p99);
    await moody.close();
  });

  it('leaves the wait in a pause and until the time that a publisher asked for out, and tells of the pause', async () => {
    const tenant = await Tenant.create(engine);
    const { id } = await tenant.subscribe(receiver.url, { uid: 'resting' });
    const path = tenant.path(`/subscriptions/${id}`);
    await engine.ok('POST', `${path}/pause`);
    await tenant.publish({ type: 'lead.create', data: {} });
    clock.advance(10 * MINUTE);
    await engine.ok('POST', `${path}/resume`);
    clock.advance(MINUTE);
    await engine.ok('POST', `${path}/pause`);
    await tenant.publish({ type: 'lead.create', data: {} });
    clock.advance(20 * MINUTE);
    await engine.ok('POST', `${path}/resume`);
    await eventually(async () => sumOf(await overviewOf(tenant))[0] === 2);
    const { latency, paused } = await overviewOf(tenant);
    expect(latency?.p99).toBeLessThan(1.3 * MINUTE);
    expect(paused).toMatchObject({ count: 2 });
    expect(paused?.p50).toBeGreaterThan(8 * MINUTE);
    expect(paused?.p99).toBeGreaterThan(16 * MINUTE);
    const deliverAt = new Date(clock.now() + 5 * MINUTE).toISOString();
    await tenant.publish({ type: 'lead.create', data: {}, deliverAt });
    clock.advance(5 * MINUTE);
    await engine.sweep();
    await eventually(async () => sumOf(await overviewOf(tenant))[0] === 3);
    const after = await overviewOf(tenant);
    expect(after.latency?.p99).toBeLessThan(1.3 * MINUTE);
    expect(after.paused?.count).toBe(2);
  });

  it('names the endpoints in trouble, with the reason in words', async () => {
    const tenant = await Tenant.create(engine);
    await tenant.subscribe(receiver.url, { events: ['lead.create'] });
    await tenant.subscribe(`${receiver.url}/a/500`, {
      uid: 'first',
      events: ['lead.update'],
      pauseAfter: 2,
      retrySchedule: [],
    });
    await tenant.subscribe(`${receiver.url}/b/410`, { events: ['lead.update'] });
    await tenant.subscribe(`${receiver.url}/c/503`, { events: ['lead.update'], retrySchedule: [3_600] });
    const { id } = await tenant.subscribe(`${receiver.url}/d`, { events: ['lead.update'] });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await tenant.publish({ type: 'lead.update', data: {} });
    await tenant.publish({ type: 'lead.update', data: {} });
    const since = new Date(clock.now()).toISOString().slice(11, 16);
    const { worst, endpoints, waiting } = await eventually(async () => {
      const overview = await overviewOf(tenant);
      expect(overview.endpoints).toEqual({ active: 1, paused: 3, failing: 1 });
      expect(overview.waiting.retrying).toBe(2);
      return overview;
    });
    expect(Object.fromEntries(worst.map(({ url, reason }) => [url.split('/hook/')[1], reason]))).toEqual({
      'a/500': `paused since ${since} UTC: 2 failures, last: 500`,
      'b/410': `paused since ${since} UTC: it responded with 410 Gone`,
      'c/503': '2 failures in a row, last: 503',
      d: `paused since ${since} UTC: by a person`,
    });
    expect(worst.at(-1)?.url).toContain('/d');
    expect(worst.find(({ url }) => url.endsWith('/a/500'))).toMatchObject({
      ...{ uid: 'first', cause: '2 failures, last: 500' },
      pausedAt: new Date(clock.now()).toISOString(),
    });
    expect(worst.find(({ url }) => url.endsWith('/c/503'))?.pausedAt).toBeNull();
    expect(waiting.held).toBeGreaterThanOrEqual(2);
    expect(endpoints.paused).toBe(3);
    clock.advance(24 * 60 * MINUTE);
    expect((await overviewOf(tenant)).worst.at(-1)?.reason).toMatch(
      /^paused since \d{4}-\d\d-\d\d \d\d:\d\d UTC: /,
    );
  });

  it('knows three windows', async () => {
    const tenant = await Tenant.create(engine);
    expect((await engine.call('GET', tenant.path('/overview?window=2h'))).status).toBe(422);
    expect((await engine.ok<Overview>('GET', tenant.path('/overview'))).buckets).toHaveLength(96);
  });
});

describe('the last deliveries of many subscriptions', () => {
  interface Recent {
    data: { subscription: string; deliveries: { status: string; attemptCount: number }[] }[];
  }

  it('come at once, in the order of the question; nothing of another space', async () => {
    const [tenant, other] = [await Tenant.create(engine), await Tenant.create(engine)];
    const well = await tenant.subscribe(`http://127.0.0.1:${receiver.port}/200`, { uid: 'well' });
    const bad = await tenant.subscribe(`http://127.0.0.1:${receiver.port}/500`, {
      retrySchedule: [],
      pauseAfter: null,
    });
    const theirs = await other.subscribe(`http://127.0.0.1:${receiver.port}/200`, { uid: 'theirs' });
    await publish(tenant, 30);
    await publish(other);
    const ids = [bad.id, theirs.id, well.id, 'sub_nonsense', 'well', 'theirs'];
    const query = ids.map((id) => `subscription=${id}`).join('&');
    const { data } = await eventually(async () => {
      const answer = await engine.ok<Recent>('GET', tenant.path(`/recent-deliveries?${query}`));
      const all = answer.data.flatMap(({ deliveries }) => deliveries.map(({ status }) => status));
      expect(all).not.toContain('pending');
      return answer;
    });
    expect(data.map(({ subscription }) => subscription)).toEqual(ids);
    expect(data.map(({ deliveries }) => deliveries.length)).toEqual([24, 0, 24, 0, 24, 0]);
    expect(data[0]?.deliveries.at(-1)?.status).toBe('failed');
    const one = await engine.ok<Recent>('GET', tenant.path(`/recent-deliveries?subscription=${well.id}`));
    expect(one.data).toHaveLength(1);
  });

  it('leave out what was held and never sent, however much of it there is', async () => {
    const tenant = await Tenant.create(engine);
    const { id } = await tenant.subscribe(`http://127.0.0.1:${receiver.port}/500`, {
      retrySchedule: [600],
      pauseAfter: null,
    });
    const send = (count: number) =>
      tenant.publish(Array.from({ length: count }, () => ({ type: 'lead.create', data: {} })));
    const path = tenant.path(`/recent-deliveries?subscription=${id}`);
    const read = async () => (await engine.ok<Recent>('GET', path)).data[0]?.deliveries;
    await send(3);
    const tried = { status: 'pending', attemptCount: 1 };
    await eventually(async () => expect(await read()).toEqual([tried, tried, tried]));
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    const held = { status: 'held', attemptCount: 1 };
    await eventually(async () => expect(await read()).toEqual([held, held, held]));
    clock.advance(1_000);
    await send(600);
    expect(await read()).toEqual([held, held, held]);
  });

  it('are refused without a subscription and for more than a hundred', async () => {
    const tenant = await Tenant.create(engine);
    const many = Array.from({ length: 101 }, () => 'subscription=sub_x').join('&');
    for (const query of ['', many]) {
      const { status } = await engine.call('GET', tenant.path(`/recent-deliveries?${query}`));
      expect(status).toBe(422);
    }
  });
});
