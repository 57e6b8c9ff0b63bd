import { Expirer } from '../../src/dispatcher/upkeep/expirer.js';
import { eventually, staysSo } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import type { Delivery, Problem } from '../support/tenant.js';

const MINUTE = 60_000;
const DAY = 86_400_000;

interface Scheduled extends Delivery {
  deliverAt?: string;
  waitsFor?: string;
}

describe('an event with deliverAt', () => {
  const clock = new ManualClock();
  const { engine, tenant, receiver } = useStory({
    clock,
    settings: { retentionDays: 90, heldDays: 30 },
  });

  const inMs = (ms: number) => new Date(clock.now() + ms).toISOString();
  const lead = (ms: number, fields: object = {}) => ({
    type: 'lead.create',
    data: {},
    deliverAt: inMs(ms),
    ...fields,
  });
  const deliveries = () => tenant.deliveries('?order=asc') as Promise<Scheduled[]>;
  const first = async () => (await deliveries())[0] as Scheduled;
  const nothingComes = () =>
    staysSo(() => receiver.requests.length === 0, { forMs: 300, because: 'what is due leaves at once' });

  it.each([
    ['soon, with a job of its own', 5 * MINUTE],
    ['late, found by the sweeper', 3 * DAY],
  ])('is sent then, and shown with the reason until then: %s', async (_what, ms) => {
    await tenant.subscribe(receiver.url);
    const event = lead(ms);
    const { id, deliveries: count } = await tenant.publish(event);
    expect(count).toBe(1);
    expect(await first()).toMatchObject({
      ...{ status: 'pending', attemptCount: 0, waitsFor: 'deliver_at' },
      ...{ deliverAt: event.deliverAt, nextAttemptAt: event.deliverAt },
    });
    expect(await engine.ok('GET', tenant.path(`/events/${id}`))).toMatchObject({
      deliverAt: event.deliverAt,
    });
    clock.advance(ms - 500);
    await engine.sweep();
    await nothingComes();
    clock.advance(500);
    await engine.sweep();
    await eventually(() => receiver.requests.length === 1);
    await eventually(async () => expect(await first()).toMatchObject({ status: 'succeeded' }));
    expect((await first()).waitsFor).toBeUndefined();
  });

  it('is delivered at once when its time is past', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.publish(lead(-DAY));
    await eventually(() => receiver.requests.length === 1);
    expect((await first()).deliverAt).toBeUndefined();
  });

  it('can be cancelled, and sent before its time by a person', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.send([lead(DAY), lead(DAY)]);
    const [one, two] = (await deliveries()) as [Scheduled, Scheduled];
    await engine.ok('POST', tenant.path(`/deliveries/${one.id}/cancel`));
    await engine.ok('POST', tenant.path(`/deliveries/${two.id}/retry`));
    // Its outcome is written before the clock moves: after a day without one, a lease is over and it is sent again.
    await eventually(async () =>
      expect((await deliveries()).map(({ status }) => status)).toEqual(['cancelled', 'succeeded']),
    );
    clock.advance(DAY);
    await engine.sweep();
    await staysSo(() => receiver.requests.length === 1, {
      forMs: 300,
      because: 'what is due leaves at once',
    });
  });

  it('waits for its time also after a pause, and is no probe', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await tenant.publish(lead(DAY));
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await tenant.publish(lead(2 * DAY));
    expect((await deliveries()).map(({ status }) => status)).toEqual(['held', 'held']);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    await eventually(async () =>
      expect((await deliveries()).map(({ waitsFor }) => waitsFor)).toEqual(['deliver_at', 'deliver_at']),
    );
    await engine.sweep();
    await nothingComes();
    clock.advance(DAY);
    await engine.sweep();
    await eventually(() => receiver.requests.length === 1);
  });

  it('does not expire while it is held and its time has not come', async () => {
    const { id } = await tenant.subscribe(receiver.url, { status: 'paused' });
    await tenant.send([lead(60 * DAY), { type: 'lead.create', data: {} }]);
    clock.advance(31 * DAY);
    await (engine.workers[0]?.get(Expirer) as Expirer).held();
    expect((await deliveries()).map(({ status }) => status)).toEqual(['held', 'expired']);
    expect(await tenant.subscription(id)).toMatchObject({ status: 'paused' });
  });

  it('keeps its time in a replay for a newer subscription', async () => {
    await tenant.publish(lead(DAY));
    clock.advance(10);
    const { id } = await tenant.subscribe(receiver.url);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/replay`), { since: inMs(-DAY) });
    await eventually(async () => {
      // The job rests between its slices.
      clock.advance(100);
      expect(await deliveries()).toMatchObject([{ waitsFor: 'deliver_at' }]);
    });
    await nothingComes();
  });

  it.each<[string, object, string]>([
    ['a time too far ahead', { ms: 366 * DAY }, 'too_far_ahead'],
    ['a time after its end', { ms: DAY, ttlSeconds: 60 }, 'deliver_after_expiry'],
    ['no zone', { deliverAt: '2026-01-31T09:00:00' }, 'is_iso8601'],
    ['no time', { deliverAt: 'tomorrow' }, 'is_iso8601'],
    ['a number', { deliverAt: 5 }, 'is_string'],
  ])('is refused with %s', async (_what, { ms = DAY, ...fields }: { ms?: number }, code) => {
    const { status, body } = await tenant.send<Problem>([lead(0), lead(ms, fields)]);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: '[1].deliverAt', code }]);
  });

  it('is the same event again only with the same time', async () => {
    const event = lead(DAY, { id: 'o-1' });
    await tenant.publish(event);
    expect(await tenant.send(event)).toMatchObject({ status: 202, body: { duplicate: true } });
    expect(await tenant.send({ ...event, deliverAt: inMs(2 * DAY) })).toMatchObject({ status: 409 });
  });
});
