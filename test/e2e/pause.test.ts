import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const leads = (count: number, from = 0) =>
  Array.from({ length: count }, (_, n) => ({ type: 'lead.create', data: { n: n + from } }));

describe('the pause', () => {
  const clock = new ManualClock();
  let answer: () => number | Promise<number>;
  let retryAfter: string | undefined;
  const { engine, tenant, receiver } = useStory({
    clock,
    engineFor: 'test',
    answer: async () => ({
      status: await answer(),
      ...(retryAfter !== undefined && { headers: { 'retry-after': retryAfter } }),
    }),
  });
  beforeEach(() => {
    answer = () => 500;
    retryAfter = undefined;
  });

  const statuses = async () => {
    const counts: Record<string, number> = {};
    for (const { status } of await tenant.deliveries('?limit=250'))
      counts[status] = (counts[status] ?? 0) + 1;
    return counts;
  };
  const statusesBecome = (counts: Record<string, number>) =>
    eventually(async () => expect(await statuses()).toEqual(counts));
  const numbers = () =>
    receiver.requests.map(({ body }) => (JSON.parse(body.toString()) as { data: { n: number } }).data.n);
  const send = (events: object[]) => tenant.send(events);
  const resume = (id: string, body = {}) =>
    engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`), body);

  it('comes after exactly ten failed attempts, whatever deliveries they belong to; the rest is held', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await send(leads(25));
    await statusesBecome({ held: 25 });
    expect(receiver.requests).toHaveLength(10);
    expect(await tenant.subscription(id)).toMatchObject({
      status: 'paused',
      pausedReason: 'failures',
      failureCount: 10,
    });
    await send(leads(3));
    await engine.sweep();
    await statusesBecome({ held: 28 });
    expect(receiver.requests).toHaveLength(10);
  });

  it.each([4, 6, 8])(
    'counts a success between failures that follow each other closely: %i and nine',
    async (first) => {
      let seen = 0;
      answer = () => ((seen += 1) === first + 1 ? 200 : 500);
      const rules = { rateLimit: { perSecond: 150 }, retrySchedule: [3_600] };
      const { id } = await tenant.subscribe(receiver.url, rules);
      await send(leads(first + 10));
      await eventually(async () => {
        const attempted = await tenant.deliveries('?limit=100');
        expect(attempted.map(({ attemptCount }) => attemptCount)).toEqual(Array(first + 10).fill(1));
      });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 9 });
    },
  );

  it('is one transition when twenty attempts fail at the same moment', async () => {
    answer = () => 200;
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [60] });
    await send(leads(60));
    await statusesBecome({ succeeded: 60 });
    let fail: () => void = () => undefined;
    const together = new Promise<number>((resolve) => (fail = () => resolve(500)));
    answer = () => together;
    await send(leads(20));
    await receiver.received(80);
    fail();
    await statusesBecome({ succeeded: 60, held: 20 });
    const before = await tenant.subscription(id);
    expect(before).toMatchObject({ status: 'paused', pausedReason: 'failures', failureCount: 10 });
    await engine.sweep();
    expect(await tenant.subscription(id)).toEqual(before);
  });

  it('does not come after nine failures, nor when a success lies between', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await send(leads(9));
    await statusesBecome({ failed: 9 });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 9 });
    answer = () => 200;
    await send(leads(1));
    await statusesBecome({ failed: 9, succeeded: 1 });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
    answer = () => 500;
    await send(leads(9));
    await statusesBecome({ failed: 18, succeeded: 1 });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 9 });
    await send(leads(1));
    await eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ status: 'paused' }));
  });

  it('comes after pauseAfter failures, and never when that is null', async () => {
    const three = await tenant.subscribe(receiver.url, { pauseAfter: 3 });
    await send(leads(8));
    await statusesBecome({ held: 8 });
    expect(receiver.requests).toHaveLength(3);
    expect(await tenant.subscription(three.id)).toMatchObject({ failureCount: 3 });
    const never = await tenant.subscribe(receiver.url, { pauseAfter: null, retrySchedule: [] });
    await send(leads(15));
    await statusesBecome({ held: 23, failed: 15 });
    expect(await tenant.subscription(never.id)).toMatchObject({ status: 'active', failureCount: 15 });
  });

  it('comes after the retries of one delivery too, which goes on where it stood when it is resumed', async () => {
    const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 3, retrySchedule: [0, 0, 60] });
    await send(leads(1));
    await statusesBecome({ held: 1 });
    expect(receiver.requests).toHaveLength(3);
    await resume(id);
    await statusesBecome({ failed: 1 });
    expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 4 }]);
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 1 });
  });

  it('spends no step of a schedule on a probe that fails', async () => {
    const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 1, retrySchedule: [60, 60] });
    await send(leads(1));
    await statusesBecome({ held: 1 });
    clock.advance(5 * MINUTE);
    await engine.sweep();
    await eventually(async () =>
      expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 2, status: 'held' }]),
    );
    // With a step for the probe, the next failure would be the last.
    await resume(id);
    await eventually(async () =>
      expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 3, status: 'held' }]),
    );
  });

  it('is one transition with several workers, and loses nothing', async () => {
    await engine.startWorker();
    const { id } = await tenant.subscribe(receiver.url);
    await Promise.all(Array.from({ length: 12 }, (_, n) => send(leads(5, n * 5))));
    await statusesBecome({ held: 60 });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', failureCount: 10 });
    // Each worker lets no more than eight requests go before it hears of the pause.
    expect(receiver.requests.length).toBeLessThanOrEqual(25);
    answer = () => 200;
    const before = receiver.requests.length;
    await resume(id);
    await statusesBecome({ succeeded: 60 });
    expect(new Set(numbers().slice(before)).size).toBe(60);
    expect(receiver.requests).toHaveLength(before + 60);
  });

  it('loses nothing when it comes and goes while events are published', async () => {
    answer = () => 200;
    const { id } = await tenant.subscribe(receiver.url);
    const publishing = (async () => {
      for (let n = 0; n < 40; n += 1) await send(leads(5, n * 5));
    })();
    for (let n = 0; n < 8; n += 1) {
      await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
      await resume(id);
    }
    await publishing;
    await statusesBecome({ succeeded: 200 });
    expect(numbers().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 200 }, (_, n) => n));
  });

  it('ends with a resume that delivers everything held, the oldest first', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await send(leads(25));
    await statusesBecome({ held: 25 });
    answer = () => 200;
    expect(await resume(id)).toMatchObject({ status: 'active', failureCount: 0, pausedReason: null });
    await statusesBecome({ succeeded: 25 });
    expect(numbers().slice(10)).toEqual(Array.from({ length: 25 }, (_, n) => n));
  });

  it('is not brought back by requests that were under way when somebody ended it', async () => {
    answer = () => 200;
    const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 3, retrySchedule: [60] });
    await send(leads(30));
    await statusesBecome({ succeeded: 30 });
    let fail: () => void = () => undefined;
    const together = new Promise<number>((resolve) => (fail = () => resolve(500)));
    answer = () => together;
    await send(leads(6));
    await receiver.received(36);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await resume(id);
    fail();
    await eventually(async () =>
      expect((await tenant.deliveries('?limit=6')).map(({ attemptCount }) => attemptCount)).toEqual(
        Array.from({ length: 6 }, () => 1),
      ),
    );
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
    answer = () => 500;
    await send(leads(3));
    await eventually(async () =>
      expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', failureCount: 3 }),
    );
  });

  it('ends with a resume that discards the backlog when asked to', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await send(leads(25));
    await statusesBecome({ held: 25 });
    answer = () => 200;
    await resume(id, { backlog: 'discard' });
    await statusesBecome({ cancelled: 25 });
    await send(leads(1));
    await statusesBecome({ cancelled: 25, succeeded: 1 });
    expect(receiver.requests).toHaveLength(11);
  });

  it('by hand holds what waits for its next attempt and what is new; test sends and retries leave all the same', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [60] });
    await send(leads(2));
    await eventually(async () =>
      expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }, { attemptCount: 1 }]),
    );
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await send(leads(1));
    expect(await statuses()).toEqual({ held: 3 });
    clock.advance(HOUR);
    await engine.sweep();
    expect(receiver.requests).toHaveLength(2);
    answer = () => 200;
    const test = await engine.ok<{ id: string }>('POST', tenant.path(`/subscriptions/${id}/test`), {});
    await eventually(async () =>
      expect(await tenant.delivery(test.id)).toMatchObject({ status: 'succeeded', trigger: 'test' }),
    );
    const [held] = await tenant.deliveries('?status=held');
    await engine.ok('POST', tenant.path(`/deliveries/${held?.id}/retry`));
    await statusesBecome({ held: 2, succeeded: 2 });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', pausedReason: 'manual' });
  });

  it('is probed after 5 min, 1 h, 6 h and then every 6 h, and ends when a probe succeeds', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [0] });
    await send(leads(1));
    await statusesBecome({ failed: 1 });
    // More than a minute lies between the first failure and the tenth.
    clock.advance(MINUTE + 1);
    await send(leads(12));
    await statusesBecome({ failed: 1, held: 12 });
    let requests = receiver.requests.length;
    for (const wait of [5 * MINUTE, HOUR, 6 * HOUR, 6 * HOUR]) {
      clock.advance(wait - 10_000);
      await engine.sweep();
      await statusesBecome({ failed: 1, held: 12 });
      expect(receiver.requests).toHaveLength(requests);
      clock.advance(20_000);
      await engine.sweep();
      requests += 1;
      await receiver.received(requests);
      await statusesBecome({ failed: 1, held: 12 });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'paused' });
    }
    answer = () => 200;
    clock.advance(6 * HOUR + 20_000);
    await engine.sweep();
    await statusesBecome({ failed: 1, succeeded: 12 });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
  });

  it('is not probed before the endpoint may be asked again', async () => {
    retryAfter = '7200';
    const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 1 });
    answer = () => 503;
    await send(leads(1));
    await statusesBecome({ held: 1 });
    answer = () => 200;
    clock.advance(HOUR);
    await engine.sweep();
    await statusesBecome({ held: 1 });
    expect(receiver.requests).toHaveLength(1);
    clock.advance(HOUR + MINUTE);
    await engine.sweep();
    await statusesBecome({ succeeded: 1 });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active' });
  });

  it('is not probed when a person has to resume it', async () => {
    await tenant.subscribe(receiver.url, { recovery: 'manual' });
    await send(leads(10));
    await statusesBecome({ held: 10 });
    clock.advance(24 * HOUR);
    await engine.sweep();
    await statusesBecome({ held: 10 });
    expect(receiver.requests).toHaveLength(10);
  });

  it('comes at once with a 410, fails that delivery, holds the others, and is never probed', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [60] });
    await send(leads(1));
    await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }]));
    answer = () => 410;
    await send(leads(1));
    await statusesBecome({ failed: 1, held: 1 });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'paused', pausedReason: 'gone' });
    clock.advance(24 * HOUR);
    await engine.sweep();
    await statusesBecome({ failed: 1, held: 1 });
    expect(receiver.requests).toHaveLength(2);
  });
});
