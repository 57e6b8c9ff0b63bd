import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const SECOND = 1_000;
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const leads = (count: number) =>
  Array.from({ length: count }, (_, n) => ({ type: 'lead.create', data: { n } }));

describe('ten failures at once', () => {
  const clock = new ManualClock();
  let status: number;
  const { engine, tenant, receiver } = useStory({ clock, engineFor: 'test', answer: () => ({ status }) });
  beforeEach(() => (status = 500));

  const isPaused = (id: string) =>
    eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ status: 'paused' }));
  const heldAre = (count: number) =>
    eventually(async () => expect(await tenant.deliveries('?status=held&limit=250')).toHaveLength(count));
  /** Lets time pass; the endpoint gets as many more requests as are expected, all of them probes. */
  const pass = async (id: string, ms: number, held: number, probes: number) => {
    const before = receiver.requests.length;
    clock.advance(ms);
    await engine.sweep();
    await receiver.received(before + probes);
    await heldAre(held);
    await engine.sweep();
    expect(receiver.requests).toHaveLength(before + probes);
    expect(await tenant.subscription(id)).toMatchObject({ status: 'paused' });
  };
  const time = (ms: number) => new Date(ms).toISOString();

  it('are probed after 10 s, 30 s and 2 min, then after 5 min, 1 h and 6 h, each time but once', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await tenant.send(leads(12));
    await heldAre(12);
    for (const wait of [10 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE, HOUR, 6 * HOUR, 6 * HOUR]) {
      const planned = new Date((await tenant.subscription(id)).nextProbeAt ?? 0).getTime();
      expect(planned - clock.now()).toBe(wait);
      await pass(id, wait - 1, 12, 0);
      await pass(id, 1, 12, 1);
    }
    status = 200;
    clock.advance(6 * HOUR);
    await engine.sweep();
    await eventually(async () =>
      expect(await tenant.deliveries('?status=succeeded&limit=250')).toHaveLength(12),
    );
  });

  it('cost a short fault ten seconds, and are shown in fields and in words', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    const at = clock.now();
    await tenant.send(leads(12));
    await heldAre(12);
    const next = time(at + 10 * SECOND);
    const day = next.slice(0, 10) === time(at).slice(0, 10) ? '' : `${next.slice(0, 10)} `;
    expect(await tenant.subscription(id)).toMatchObject({
      failureCount: 10,
      firstFailureAt: time(at),
      pausedAt: time(at),
      nextProbeAt: next,
      pausedDetail: `paused after 10 failures within 0.0 s, next probe at ${day}${next.slice(11, 19)} UTC`,
    });
    status = 200;
    clock.advance(10 * SECOND);
    await engine.sweep();
    await eventually(async () =>
      expect(await tenant.deliveries('?status=succeeded&limit=250')).toHaveLength(12),
    );
    expect(await tenant.subscription(id)).toMatchObject({
      status: 'active',
      failureCount: 0,
      firstFailureAt: null,
      pausedAt: null,
      nextProbeAt: null,
      pausedDetail: null,
    });
  });

  it('are probed by another worker after a restart, at the time that was planned', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await tenant.send(leads(10));
    await isPaused(id);
    await heldAre(10);
    await pass(id, 10 * SECOND, 10, 1);
    await engine.stopWorkers();
    await engine.startWorker();
    await pass(id, 30 * SECOND - 1, 10, 0);
    await pass(id, 1, 10, 1);
  });

  it('are no reason for early probes when more than a minute lies between the first and the last', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await tenant.send(leads(1));
    await eventually(async () =>
      expect(await tenant.subscription(id)).toMatchObject({
        failureCount: 1,
        firstFailureAt: time(clock.now()),
      }),
    );
    const first = clock.now();
    clock.advance(MINUTE + 1);
    await tenant.send(leads(9));
    await isPaused(id);
    expect(await tenant.subscription(id)).toMatchObject({
      firstFailureAt: time(first),
      nextProbeAt: time(clock.now() + 5 * MINUTE),
    });
  });

  it('look early for something to probe with, and then at every five minutes, where nothing is held', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await tenant.send(leads(10));
    await isPaused(id);
    for (const wait of [10 * SECOND, 30 * SECOND, 2 * MINUTE, 5 * MINUTE, 5 * MINUTE]) {
      expect((await tenant.subscription(id)).nextProbeAt).toBe(time(clock.now() + wait));
      await pass(id, wait, 0, 0);
    }
    await tenant.send(leads(1));
    await heldAre(1);
    await pass(id, 5 * MINUTE, 1, 1);
  });

  it('pause nothing before pauseAfterSeconds lie between the first and the last', async () => {
    const { id } = await tenant.subscribe(receiver.url, { pauseAfterSeconds: 60, retrySchedule: [] });
    await tenant.send(leads(15));
    await eventually(async () =>
      expect(await tenant.deliveries('?status=failed&limit=250')).toHaveLength(15),
    );
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 15 });
    clock.advance(MINUTE - 1);
    await tenant.send(leads(1));
    await eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ failureCount: 16 }));
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active' });
    clock.advance(1);
    await tenant.send(leads(1));
    await isPaused(id);
    // One success and all of it counts no more.
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    await tenant.send(leads(1));
    await eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ failureCount: 1 }));
    status = 200;
    await tenant.send(leads(1));
    await eventually(async () =>
      expect(await tenant.subscription(id)).toMatchObject({ failureCount: 0, firstFailureAt: null }),
    );
  });

  it('are judged by rules within bounds, and by a provider’s own rule under its profile', async () => {
    const create = async (fields: object) => {
      const answer = await engine.call<Problem>('POST', tenant.path('/subscriptions'), {
        url: receiver.url,
        ...fields,
      });
      return answer.status === 201 ? 201 : answer.body.errors?.map(({ path, code }) => `${path}: ${code}`);
    };
    for (const pauseAfterSeconds of [0, 1, 604_800]) expect(await create({ pauseAfterSeconds })).toBe(201);
    for (const pauseAfterSeconds of [-1, 604_801, 1.5, '60', null])
      expect(await create({ pauseAfterSeconds })).toEqual([expect.stringMatching(/^pauseAfterSeconds: /)]);
    for (const onExhausted of ['drop', null, 1])
      expect(await create({ onExhausted })).toEqual([expect.stringMatching(/^onExhausted: /)]);
    for (const profile of ['lemlist', 'smartlead', 'breakcold', 'leadlex']) {
      const url = 'http://localhost/hook';
      expect(await create({ url, profile, onExhausted: 'hold', pauseAfterSeconds: 5 })).toEqual([
        'onExhausted: not_in_profile',
        'pauseAfterSeconds: not_in_profile',
      ]);
    }
  });
});
