import { staysSo } from '../support/condition.js';
import { lead } from '../support/lead.js';
import { useStory } from '../support/story.js';
import type { Problem } from '../support/tenant.js';

const { engine, tenant, receiver } = useStory();

/** No more than these requests come. */
const nothingLeaves = (count: number) =>
  staysSo(() => expect(receiver.requests).toHaveLength(count), {
    forMs: 600,
    because: 'what is due leaves at once, or with the next sweep after 200 ms',
  });

describe('a retry', () => {
  it('of a succeeded delivery sends it once more', async () => {
    await tenant.subscribe(receiver.url);
    const { id } = await tenant.newDelivery({ status: 'succeeded' });
    const { status, body } = await tenant.call('POST', `/deliveries/${id}/retry`);
    expect(status).toBe(202);
    expect(body).toMatchObject({ id, trigger: 'event' });
    await tenant.onlyDelivery({ status: 'succeeded', attemptCount: 2, trigger: 'event' });
    const { attempts } = await tenant.delivery(id);
    expect(attempts?.map(({ trigger }) => trigger)).toEqual(['schedule', 'manual']);
    expect(await tenant.deliveries('?trigger=manual')).toMatchObject([{ id }]);
    expect(await tenant.deliveries('?trigger=replay')).toEqual([]);
    const [first, second] = await receiver.received(2);
    expect(second?.body).toEqual(first?.body);
    expect(second?.headers['webhook-id']).toBe(first?.headers['webhook-id']);
  });

  it('of a failed delivery is one attempt, whatever comes of it', async () => {
    receiver.answer = () => ({ status: 500 });
    await tenant.subscribe(receiver.url, { retrySchedule: [] });
    const { id } = await tenant.newDelivery({ status: 'failed', attemptCount: 1 });
    await tenant.call('POST', `/deliveries/${id}/retry`);
    await tenant.onlyDelivery({ status: 'failed', attemptCount: 2, lastError: 'http_500' });
    receiver.answer = () => ({});
    await tenant.call('POST', `/deliveries/${id}/retry`);
    await tenant.onlyDelivery({ status: 'succeeded', attemptCount: 3, lastStatusCode: 200, lastError: null });
    expect((await tenant.delivery(id)).attempts).toMatchObject([
      { n: 1, statusCode: 500 },
      { n: 2 },
      { n: 3, statusCode: 200 },
    ]);
  });

  it('of a pending delivery does not wait for its time', async () => {
    receiver.answer = () => ({ status: 500 });
    await tenant.subscribe(receiver.url, { retrySchedule: [3_600, 7_200] });
    const { id } = await tenant.newDelivery({ status: 'pending', attemptCount: 1 });
    await tenant.call('POST', `/deliveries/${id}/retry`);
    // The schedule goes on from there.
    const again = await tenant.onlyDelivery({ status: 'pending', attemptCount: 2, trigger: 'event' });
    expect(Date.parse(again.nextAttemptAt ?? '') - Date.parse(again.createdAt)).toBeGreaterThan(7_000_000);
    receiver.answer = () => ({});
    await tenant.call('POST', `/deliveries/${id}/retry`);
    await tenant.onlyDelivery({ status: 'succeeded', attemptCount: 3 });
  });

  it('of a held delivery leaves although its subscription is paused, which stays so', async () => {
    const { id: subscription } = await tenant.subscribe(receiver.url);
    await tenant.call('POST', `/subscriptions/${subscription}/pause`);
    const { id } = await tenant.newDelivery({ status: 'held' });
    await tenant.call('POST', `/deliveries/${id}/retry`);
    await tenant.onlyDelivery({ status: 'succeeded', attemptCount: 1 });
    expect(await tenant.subscription(subscription)).toMatchObject({
      status: 'paused',
      pausedReason: 'manual',
    });
  });

  it.each([
    ['that ends the delivery', [], { status: 'failed', attemptCount: 2 }],
    ['that will be repeated', [600, 600], { status: 'pending', attemptCount: 2 }],
  ])('while an attempt is under way %s makes one more when it fails', async (_what, retrySchedule, end) => {
    receiver.answer = () => ({ status: 500, delayMs: 400 });
    await tenant.subscribe(receiver.url, { retrySchedule });
    await tenant.publish(lead('1'));
    await receiver.received(1);
    const [delivery] = await tenant.deliveries();
    // A double click is one wish.
    await tenant.call('POST', `/deliveries/${delivery?.id}/retry`);
    await tenant.call('POST', `/deliveries/${delivery?.id}/retry`);
    await tenant.onlyDelivery({ lastStatusCode: 500, ...end });
    await nothingLeaves(2);
  });

  it('while an attempt is under way is content with its success', async () => {
    receiver.answer = () => ({ delayMs: 400 });
    await tenant.subscribe(receiver.url);
    await tenant.publish(lead('1'));
    await receiver.received(1);
    const [delivery] = await tenant.deliveries();
    await tenant.call('POST', `/deliveries/${delivery?.id}/retry`);
    await tenant.onlyDelivery({ status: 'succeeded', attemptCount: 1 });
    await nothingLeaves(1);
  });

  it('while an attempt is under way that pauses its subscription waits with the others', async () => {
    receiver.answer = () => ({ status: 500, delayMs: 400 });
    await tenant.subscribe(receiver.url, { pauseAfter: 1 });
    await tenant.publish(lead('1'));
    await receiver.received(1);
    const [delivery] = await tenant.deliveries();
    await tenant.call('POST', `/deliveries/${delivery?.id}/retry`);
    await tenant.onlyDelivery({ status: 'held', attemptCount: 1 });
  });

  it('of a cancelled delivery sends it', async () => {
    const { id: subscription } = await tenant.subscribe(receiver.url);
    await tenant.call('POST', `/subscriptions/${subscription}/pause`);
    const { id } = await tenant.newDelivery({ status: 'held' });
    await tenant.call('POST', `/deliveries/${id}/cancel`);
    await tenant.call('POST', `/deliveries/${id}/retry`);
    await tenant.onlyDelivery({ status: 'succeeded', attemptCount: 1 });
  });

  it('of one that was cancelled while its request was under way sends it again when that fails', async () => {
    let answer!: (reply: object) => void;
    const answered = new Promise<object>((resolve) => (answer = resolve));
    receiver.answer = () => answered;
    await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await tenant.publish(lead('1'));
    await receiver.received(1);
    const [delivery] = await tenant.deliveries();
    await tenant.call('POST', `/deliveries/${delivery?.id}/cancel`);
    const { body } = await tenant.call('POST', `/deliveries/${delivery?.id}/retry`);
    expect(body).toMatchObject({ status: 'pending', finishedAt: null });
    answer({ status: 500 });
    await tenant.onlyDelivery({ status: 'failed', attemptCount: 2, lastStatusCode: 500 });
    await nothingLeaves(2);
  });

  it('of a deleted subscription is refused', async () => {
    const { id: subscription } = await tenant.subscribe(receiver.url);
    const { id } = await tenant.newDelivery({ status: 'succeeded' });
    await tenant.call('DELETE', `/subscriptions/${subscription}`);
    const { status, body } = await tenant.call<Problem>('POST', `/deliveries/${id}/retry`);
    expect([status, body.code]).toEqual([409, 'subscription_deleted']);
    expect(await tenant.delivery(id)).toMatchObject({ status: 'succeeded', attempts: [{ n: 1 }] });
    const { request } = await engine.ok<{ request: { body: string } }>(
      'GET',
      tenant.path(`/deliveries/${id}/attempts/1`),
    );
    expect(request.body).toBe(receiver.requests[0]?.body.toString());
  });
});

describe('cancelling', () => {
  it.each(['pending', 'held'])('ends a %s delivery for good', async (state) => {
    receiver.answer = () => ({ status: 500 });
    const { id: subscription } = await tenant.subscribe(receiver.url, { retrySchedule: [1] });
    if (state === 'held') await tenant.call('POST', `/subscriptions/${subscription}/pause`);
    const { id } = await tenant.newDelivery({ status: state, attemptCount: state === 'held' ? 0 : 1 });
    const { status, body } = await tenant.call('POST', `/deliveries/${id}/cancel`);
    expect(status).toBe(200);
    expect(body).toMatchObject({ id, status: 'cancelled', nextAttemptAt: null });
    expect(body.finishedAt).not.toBeNull();
    // A later event's second attempt comes after the time of the one that is cancelled.
    if (state === 'held') await tenant.call('POST', `/subscriptions/${subscription}/resume`);
    const sent = receiver.requests.length;
    await tenant.publish(lead('later'));
    const all = await receiver.received(sent + 2);
    const later = all
      .slice(sent)
      .map(({ body }) => (JSON.parse(body.toString()) as { data: { id: string } }).data.id);
    expect(later).toEqual(['later', 'later']);
  });

  it.each([
    ['fails', 500, 'cancelled'],
    ['succeeds', 200, 'succeeded'],
  ])('while its request is under way and then %s', async (_what, code, end) => {
    receiver.answer = () => ({ status: code, delayMs: 400 });
    await tenant.subscribe(receiver.url, { retrySchedule: [1] });
    await tenant.publish(lead('1'));
    await receiver.received(1);
    const [delivery] = await tenant.deliveries();
    expect((await tenant.call('POST', `/deliveries/${delivery?.id}/cancel`)).body.status).toBe('cancelled');
    // What the receiver took was delivered, whatever was wished for meanwhile.
    await tenant.onlyDelivery({ status: end, attemptCount: 1, nextAttemptAt: null, lastStatusCode: code });
  });

  it('is refused for a finished delivery', async () => {
    receiver.answer = () => ({ status: 500 });
    await tenant.subscribe(receiver.url, { retrySchedule: [] });
    const { id } = await tenant.newDelivery({ status: 'failed' });
    const { status, body } = await tenant.call<Problem>('POST', `/deliveries/${id}/cancel`);
    expect([status, body.code]).toEqual([409, 'not_cancellable']);
    expect(body.detail).toContain('failed');
    receiver.answer = () => ({});
    await tenant.call('POST', `/deliveries/${id}/retry`);
    await tenant.onlyDelivery({ status: 'succeeded' });
    expect((await tenant.call('POST', `/deliveries/${id}/cancel`)).status).toBe(409);
  });
});
