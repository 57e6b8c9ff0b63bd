import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { startReceiver, type ReceivedRequest } from '../support/receiver.js';
import { useStory } from '../support/story.js';

const SECOND = 1_000;

describe('the retry schedule', () => {
  const clock = new ManualClock();
  const { engine, tenant, receiver } = useStory({
    clock,
    engineFor: 'test',
    answer: () => ({ status: 500 }),
  });

  /** Waits until the only delivery has this many attempts in the log. */
  const settled = (attempts: number) =>
    eventually(async () => {
      const [delivery] = await tenant.deliveries();
      expect(delivery?.attemptCount).toBe(attempts);
      return delivery as NonNullable<typeof delivery>;
    });

  /** Turns the clock to the next attempt, after making sure that nothing leaves a moment before. */
  async function untilNextAttempt(attempts: number): Promise<number> {
    const { nextAttemptAt } = await settled(attempts);
    const wait = Date.parse(nextAttemptAt ?? '') - clock.now();
    clock.advance(wait - 1);
    await engine.sweep();
    expect(receiver.requests).toHaveLength(attempts);
    clock.advance(1);
    await engine.sweep();
    await settled(attempts + 1);
    return wait;
  }

  it('tries at 0, 5 s, 35 s, 5 min 35 s, 1 h 5 min 35 s and 7 h 5 min 35 s, at most 10 % later, then fails', async () => {
    await tenant.subscribe(receiver.url, { pauseAfter: null });
    const { id } = await tenant.publish({ type: 'lead.create', data: {} });
    const starts = [clock.now()];
    for (const [index, seconds] of [5, 30, 300, 3_600, 21_600].entries()) {
      const wait = await untilNextAttempt(index + 1);
      expect(wait).toBeGreaterThanOrEqual(seconds * SECOND);
      expect(wait).toBeLessThanOrEqual(seconds * SECOND * 1.1);
      starts.push(clock.now());
    }
    const delivery = await settled(6);
    expect(delivery).toMatchObject({
      status: 'failed',
      nextAttemptAt: null,
      maxAttempts: 6,
      lastError: 'http_500',
    });
    expect(delivery.finishedAt).not.toBeNull();
    const { attempts } = await tenant.delivery(delivery.id);
    expect(attempts?.map(({ n, startedAt }) => [n, Date.parse(startedAt)])).toEqual(
      starts.map((at, index) => [index + 1, at]),
    );
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id']))).toEqual(new Set([id]));
    clock.advance(24 * 3_600 * SECOND);
    await engine.sweep();
    expect(receiver.requests).toHaveLength(6);
  });

  it('survives a restart of the workers between any two attempts', async () => {
    await tenant.subscribe(receiver.url, { pauseAfter: null });
    await tenant.publish({ type: 'lead.create', data: {} });
    for (const attempts of [1, 2]) {
      await settled(attempts);
      await engine.stopWorkers();
      await engine.startWorker();
      await untilNextAttempt(attempts);
    }
    expect(receiver.requests).toHaveLength(3);
  });

  it('sends the next attempt to a changed url, signed with a changed secret, by a changed schedule', async () => {
    const other = await startReceiver();
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [60, 60] });
    await tenant.publish({ type: 'lead.create', data: {} });
    await settled(1);
    const { secret } = await engine.ok<{ secret: string }>(
      'POST',
      tenant.path(`/subscriptions/${id}/secret/rotate`),
      { overlapSeconds: 0 },
    );
    await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { url: other.url, retrySchedule: [60] });
    clock.advance(70 * SECOND);
    await engine.sweep();
    const [request] = await other.received(1);
    const { headers, body } = request as ReceivedRequest;
    const sentAt = new Date(Number(headers['webhook-timestamp']) * SECOND);
    expect(headers['webhook-signature']).toBe(
      new Webhook(secret).sign(String(headers['webhook-id']), sentAt, body.toString()),
    );
    expect(await settled(2)).toMatchObject({ status: 'succeeded', maxAttempts: 2 });
    expect(receiver.requests).toHaveLength(1);
    await other.close();
  });

  it('cancels what is pending when the subscription is deleted, and sends nothing any more', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [1, 1] });
    await tenant.publish({ type: 'lead.create', data: {} });
    await settled(1);
    expect((await engine.call('DELETE', tenant.path(`/subscriptions/${id}`))).status).toBe(204);
    expect(await tenant.deliveries()).toMatchObject([{ status: 'cancelled', nextAttemptAt: null }]);
    clock.advance(3_600 * SECOND);
    await engine.sweep();
    await tenant.publish({ type: 'lead.create', data: {} });
    await engine.sweep();
    expect(receiver.requests).toHaveLength(1);
  });

  it('makes one attempt when it is empty', async () => {
    await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await tenant.publish({ type: 'lead.create', data: {} });
    expect(await settled(1)).toMatchObject({ status: 'failed', maxAttempts: 1 });
  });
});

describe('a retry in real time', () => {
  const { tenant, receiver } = useStory({ settings: { sweepIntervalMs: 60_000 } });

  it('leaves after its second, sent by the queue and not found by the sweeper', async () => {
    receiver.answer = () => ({ status: receiver.requests.length < 2 ? 500 : 200 });
    await tenant.subscribe(receiver.url, { retrySchedule: [1] });
    await tenant.publish({ type: 'lead.create', data: {} });
    const [first, second] = await receiver.received(2);
    const wait = (second?.receivedAt ?? 0) - (first?.receivedAt ?? 0);
    expect(wait).toBeGreaterThanOrEqual(1_000);
    expect(wait).toBeLessThan(4_000);
    await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ status: 'succeeded' }]));
  });
});
