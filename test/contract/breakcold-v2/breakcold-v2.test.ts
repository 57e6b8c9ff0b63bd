import { createHmac } from 'node:crypto';
import { eventually } from '../../support/condition.js';
import { golden } from '../../support/golden.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useStory } from '../../support/story.js';
import type { Problem } from '../../support/tenant.js';

const sample = golden<{ data: object; timestamp: string }>('payloads-docs/breakcold/record.created');

describe("Breakcold's present webhooks (B2)", () => {
  const clock = new ManualClock();
  let status = 200;
  const { engine, tenant, receiver } = useStory({
    clock,
    profile: 'breakcold-v2',
    answer: () => ({ status }),
  });
  beforeEach(() => (status = 200));

  const publish = () =>
    tenant.publish({ type: 'record.created', occurredAt: sample.timestamp, data: sample.data });

  it('B2 sends the documented envelope with its headers and a signature over time and body', async () => {
    const { secret } = await tenant.subscribe(receiver.url);
    const { id } = await publish();
    const [request] = await receiver.received(1);
    const body = request?.body.toString() ?? '';
    const [delivery] = await tenant.deliveries();
    const space = await engine.ok<{ id: string }>('GET', `/v1/spaces/${tenant.uid}`);
    const sent = JSON.parse(body) as { workspaceId: string };

    expect(body).toBe(JSON.stringify({ ...sample, eventId: id, workspaceId: sent.workspaceId }));
    expect(sent.workspaceId.replaceAll('-', '')).toBe(space.id.slice(4));
    const timestamp = String(Math.floor(clock.now() / 1000));
    const hex = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'Breakcold-Webhooks/1.0',
      'x-webhook-signature': `sha256=${hex}`,
      'x-webhook-event': 'record.created',
      'x-webhook-timestamp': timestamp,
    });
    expect(String(request?.headers['x-webhook-delivery-id']).replaceAll('-', '')).toBe(delivery?.id.slice(4));
  });

  it('B2 tries three times: at once, after 5 s and after 30 s', async () => {
    status = 503;
    await tenant.subscribe(receiver.url);
    await publish();
    for (const [index, seconds] of [5, 30].entries()) {
      const delivery = await eventually(async () => {
        const [found] = await tenant.deliveries();
        return found?.attemptCount === index + 1 && found;
      });
      expect(Date.parse(delivery.nextAttemptAt ?? '') - clock.now()).toBe(seconds * 1_000);
      clock.advance(seconds * 1_000);
      await engine.sweep();
    }
    await eventually(async () =>
      expect(await tenant.deliveries()).toMatchObject([{ status: 'failed', attemptCount: 3 }]),
    );
  });

  it('B2 is switched off after 50 failures in a row, with a time limit of 10 s', async () => {
    expect(await tenant.subscribe(receiver.url)).toMatchObject({
      pauseAfter: 50,
      pauseMode: 'consecutive',
      recovery: 'manual',
      timeoutMs: 10_000,
    });
  });

  it('B2 takes https only', async () => {
    const answer = await engine.call('POST', tenant.path('/subscriptions'), { url: 'http://example.com/' });
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ path: 'url' }] } });
  });

  it('B2 filters by object type', async () => {
    await tenant.subscribe(receiver.url, { profileOptions: { objectTypes: ['company'] } });
    expect(await publish()).toMatchObject({ deliveries: 0 });
    await tenant.subscribe(receiver.url, { profileOptions: { objectTypes: ['company', 'person'] } });
    expect(await publish()).toMatchObject({ deliveries: 1 });
  });

  it.each([
    ['too many', Array(101).fill('person')],
    ['too long', ['x'.repeat(129)]],
    ['no list', 'person'],
    ['no text', [1]],
  ])('B2 refuses object types that are %s', async (_what, objectTypes) => {
    const { status, body } = await engine.call<Problem>('POST', tenant.path('/subscriptions'), {
      url: receiver.url,
      profile: 'breakcold-v2',
      profileOptions: { objectTypes },
    });
    expect([status, body.errors]).toEqual([
      422,
      [expect.objectContaining({ path: 'profileOptions.objectTypes', code: 'invalid_option' })],
    ]);
  });
});
