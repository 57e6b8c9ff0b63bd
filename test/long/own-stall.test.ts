import { eventually } from '../support/condition.js';
import { standStill, startDistantReceivers } from '../support/stall.js';
import { useStory } from '../support/story.js';

describe('while the engine stands still', () => {
  let distant: Awaited<ReturnType<typeof startDistantReceivers>>;
  const { engine, tenant } = useStory();
  beforeAll(async () => {
    distant = await startDistantReceivers();
  });
  afterAll(() => distant.close());

  /** Publishes `count` events and stops the engine once all their first requests have arrived. */
  async function stallWith(count: number, requests: number): Promise<void> {
    const before = distant.asked();
    for (let n = 0; n < count; n += 1) await tenant.publish({ type: 'lead.create', data: { n } });
    await eventually(() => distant.asked() === before + requests);
    standStill(3_000);
  }

  it('no endpoint that answers fails, whatever its deadline', async () => {
    const ids: string[] = [];
    for (let n = 0; n < 10; n += 1) {
      const { id } = await tenant.subscribe(`${distant.urls.plain}/${n}/900`, {
        timeoutMs: 1_000,
        pauseAfter: 1,
      });
      ids.push(id);
    }
    await stallWith(1, 10);
    await eventually(async () => {
      const all = await tenant.deliveries('?limit=100');
      expect(all.map(({ status, attemptCount }) => [status, attemptCount])).toEqual(
        Array(10).fill(['succeeded', 1]),
      );
    });
    for (const id of ids)
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
  });

  it('an attempt that gets no answer is put down to us once, repeated at once, and spends nothing', async () => {
    // One that counted would end the delivery together with the next, and two failures pause the endpoint.
    const rules = { timeoutMs: 1_000, retrySchedule: [3_600], pauseAfter: 2 };
    const { id } = await tenant.subscribe(distant.urls.hanging, rules);
    await stallWith(1, 1);
    const first = await eventually(async () => {
      const [delivery] = await tenant.deliveries();
      expect(delivery).toMatchObject({ attemptCount: 1 });
      return delivery as NonNullable<typeof delivery>;
    });
    expect(first).toMatchObject({ status: 'pending', lastError: 'interrupted', finishedAt: null });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
    await eventually(async () => {
      expect(await tenant.delivery(first.id)).toMatchObject({ status: 'pending', lastError: 'timeout' });
    });
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 1 });
    const { attempts = [] } = await tenant.delivery(first.id);
    expect(attempts.map(({ errorCode }) => errorCode)).toEqual(['interrupted', 'timeout']);
    const attempt = `/deliveries/${first.id}/attempts/1`;
    const shown = await engine.ok<{ errorDetail: string }>('GET', tenant.path(attempt));
    expect(shown.errorDetail).toMatch(/^Posthorn itself was stalled for \d/);
    const [earlier, later] = attempts.map(({ startedAt }) => Date.parse(startedAt));
    // The stall, the rest of its time, and no step of a schedule.
    expect(Number(later) - Number(earlier)).toBeLessThan(3_000 + 1_000 + 2_500);
  });

  it('a retry that somebody asked for is repeated, too', async () => {
    await tenant.subscribe(distant.urls.hanging, { timeoutMs: 1_000, retrySchedule: [], pauseAfter: null });
    await tenant.publish({ type: 'lead.create', data: {} });
    const [delivery] = await eventually(async () => {
      const failed = await tenant.deliveries('?status=failed');
      expect(failed).toHaveLength(1);
      return failed;
    });
    const id = delivery?.id ?? '';
    const before = distant.asked();
    await engine.ok('POST', tenant.path(`/deliveries/${id}/retry`));
    await eventually(() => distant.asked() === before + 1);
    standStill(3_000);
    await eventually(async () => {
      const { status, attempts = [] } = await tenant.delivery(id);
      expect(status).toBe('failed');
      expect(attempts.map(({ errorCode }) => errorCode)).toEqual(['timeout', 'interrupted', 'timeout']);
    });
  });
});
