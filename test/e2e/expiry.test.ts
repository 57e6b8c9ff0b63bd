import { Logger } from '@nestjs/common';
import { Expirer } from '../../src/dispatcher/upkeep/expirer.js';
import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const DAY = 86_400_000;
const lead = { type: 'lead.create', data: {} };

describe('what ends by itself', () => {
  const clock = new ManualClock();
  let status: number;
  const { engine, tenant, receiver } = useStory({
    clock,
    settings: { retentionDays: 90, heldDays: 30, heldMax: 8 },
    engineFor: 'test',
    answer: () => ({ status }),
  });
  beforeEach(() => {
    status = 500;
  });

  const expirer = () => engine.workers[0]?.get(Expirer) as Expirer;
  const statuses = async () => (await tenant.deliveries('?order=asc')).map((one) => one.status);
  const statusesBecome = (all: string[]) => eventually(async () => expect(await statuses()).toEqual(all));
  const paused = async (fields: object = {}) => {
    const { id } = await tenant.subscribe(receiver.url, fields);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    return id;
  };

  it('an event that has ended is not tried again, and its delivery expires', async () => {
    await tenant.subscribe(receiver.url, { retrySchedule: [30] });
    const { id } = await tenant.publish({ ...lead, ttlSeconds: 20 });
    await eventually(async () => expect((await tenant.deliveries())[0]).toMatchObject({ attemptCount: 1 }));
    clock.advance(31_000);
    await engine.sweep();
    await statusesBecome(['expired']);
    const finished = async () => (await engine.metrics.counters.deliveriesFinished.get()).values;
    const expired = (await finished()).filter(({ labels }) => labels.outcome === 'expired');
    expect(expired.map(({ value }) => value)).toEqual([1]);
    expect(receiver.requests).toHaveLength(1);
    expect((await tenant.deliveries())[0]).toMatchObject({ attemptCount: 1, nextAttemptAt: null });
    expect((await tenant.deliveries())[0]?.finishedAt).not.toBeNull();
    expect(await tenant.deliveries('?status=expired')).toHaveLength(1);
    const event = await engine.ok('GET', tenant.path(`/events/${id}`));
    expect(Date.parse(event.expiresAt as string) - Date.parse(event.createdAt as string)).toBe(20_000);
  });

  it('one that has not is sent as ever', async () => {
    status = 204;
    await tenant.subscribe(receiver.url);
    await tenant.publish({ ...lead, expiresAt: new Date(clock.now() + DAY).toISOString() });
    await statusesBecome(['succeeded']);
    clock.advance(2 * DAY);
    await expirer().events();
    expect(await statuses()).toEqual(['succeeded']);
  });

  it('expires while it is held; others that are held stay', async () => {
    const id = await paused();
    await tenant.send([{ ...lead, ttlSeconds: 60 }, lead]);
    clock.advance(61_000);
    await statusesBecome(['expired', 'held']);
    await expect(
      engine.ok('GET', tenant.path(`/deliveries?subscription=${id}&status=expired`)),
    ).resolves.toMatchObject({ data: [{ status: 'expired' }] });
  });

  it('with an end that is past it is stored, and its deliveries are expired from the beginning', async () => {
    await tenant.subscribe(receiver.url);
    const { deliveries } = await tenant.publish({ ...lead, expiresAt: '2020-01-01T00:00:00Z' });
    expect(deliveries).toBe(1);
    expect(await statuses()).toEqual(['expired']);
    await engine.sweep();
    expect(receiver.requests).toHaveLength(0);
  });

  it('is sent when a person asks for it: by a retry, and by a replay', async () => {
    status = 200;
    const { id } = await tenant.subscribe(receiver.url);
    await tenant.publish({ ...lead, expiresAt: '2020-01-01T00:00:00Z' });
    clock.advance(1_000);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/replay`), { since: '2020-01-01T00:00:00Z' });
    await eventually(async () => {
      // A job rests between its slices.
      clock.advance(1_000);
      expect(await statuses()).toEqual(['expired', 'succeeded']);
    });
    const [first] = await tenant.deliveries('?order=asc');
    await engine.ok('POST', tenant.path(`/deliveries/${first?.id}/retry`));
    await statusesBecome(['succeeded', 'succeeded']);
  });

  it.each([
    [{ ttlSeconds: 0 }, 'ttlSeconds', 'min'],
    [{ ttlSeconds: 1.5 }, 'ttlSeconds', 'is_integer'],
    [{ ttlSeconds: 31_536_001 }, 'ttlSeconds', 'max'],
    [{ ttlSeconds: '60' }, 'ttlSeconds', 'is_integer'],
    [{ expiresAt: 'tomorrow' }, 'expiresAt', 'is_iso8601'],
    [{ expiresAt: '2031-02-30T00:00:00Z' }, 'expiresAt', 'is_iso8601'],
    [{ expiresAt: '2031-01-01T00:00:00Z', ttlSeconds: 60 }, 'ttlSeconds', 'expires_twice'],
  ])('%j is refused', async (fields, path, code) => {
    const { status: answered, body } = await tenant.send<Problem>({ ...lead, ...fields });
    expect(answered).toBe(422);
    expect(body.errors).toMatchObject([{ path, code }]);
  });

  it('the same id with another end is another body', async () => {
    await tenant.publish({ ...lead, id: 'a', ttlSeconds: 60 });
    expect(await tenant.publish({ ...lead, id: 'a', ttlSeconds: 60 })).toMatchObject({ duplicate: true });
    expect((await tenant.send({ ...lead, id: 'a', ttlSeconds: 61 })).status).toBe(409);
  });

  it('what is held expires after 30 days, or as many as its subscription says, and is announced once by the fleet a day before', async () => {
    // Nest's logger is off in a new worker, and in all others with it.
    const other = await engine.startWorker(clock);
    const lines: { msg: string }[] = [];
    const ignore = () => undefined;
    Logger.overrideLogger({ log: ignore, error: ignore, warn: (line: { msg: string }) => lines.push(line) });
    const linesOf = (msg: string) => lines.filter((line) => line.msg === msg);
    try {
      const short = await paused({ heldDays: 2 });
      const long = await paused();
      await tenant.publish(lead);
      await tenant.publish(lead);
      expect(await engine.ok('GET', tenant.path(`/subscriptions/${short}`))).toMatchObject({
        heldDays: 2,
        heldMax: null,
      });
      await expirer().held();
      expect(linesOf('held.expiring')).toEqual([]);

      clock.advance(1.5 * DAY);
      await expirer().held();
      expect(linesOf('held.expiring')).toMatchObject([{ subscription: short, deliveries: 2, heldDays: 2 }]);
      for (const worker of [other, engine.workers[0]]) await worker?.get(Expirer).held();
      expect(linesOf('held.expiring')).toHaveLength(1);
      const { body } = await engine.call<string>('GET', '/metrics');
      expect(body).toContain('posthorn_held_expiring_deliveries 2\n');

      clock.advance(DAY);
      await expirer().held();
      const bySubscription = async (id: string) =>
        (await tenant.deliveries(`?subscription=${id}`)).map((one) => one.status);
      expect(await bySubscription(short)).toEqual(['expired', 'expired']);
      expect(await bySubscription(long)).toEqual(['held', 'held']);
      expect(linesOf('held.expired')).toMatchObject([{ subscription: short, deliveries: 2 }]);

      clock.advance(28 * DAY);
      await expirer().held();
      expect(await bySubscription(long)).toEqual(['expired', 'expired']);
    } finally {
      Logger.overrideLogger(false);
    }
  });

  it('of more than may be held the oldest expire', async () => {
    const [three, eight] = [await paused({ heldMax: 3 }), await paused()];
    const events = Array.from({ length: 10 }, () => lead);
    await tenant.send(events);
    await expirer().held();
    const held = async (id: string) =>
      (await tenant.deliveries(`?subscription=${id}&order=asc`)).map((one) => one.status);
    expect(await held(three)).toEqual([
      ...Array<string>(7).fill('expired'),
      ...Array<string>(3).fill('held'),
    ]);
    expect(await held(eight)).toEqual([
      ...Array<string>(2).fill('expired'),
      ...Array<string>(8).fill('held'),
    ]);
  });
});

describe('after everything stood still', () => {
  const clock = new ManualClock();
  const { engine, tenant, receiver } = useStory({ clock, workers: 0 });

  it('nothing leaves that has ended meanwhile, before any look for it', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.send([{ ...lead, ttlSeconds: 60 }, lead]);
    clock.advance(61_000);
    // A look that never comes.
    engine.settings.sweepIntervalMs = 3_600_000;
    await engine.startWorker();
    await engine.sweep();
    await eventually(async () => {
      const all = await tenant.deliveries('?order=asc');
      expect(all.map(({ status }) => status)).toEqual(['expired', 'succeeded']);
    });
    expect(receiver.requests).toHaveLength(1);
  });
});
