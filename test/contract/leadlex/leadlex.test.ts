import { createHmac } from 'node:crypto';
import { leadlexProfile } from '../../../src/profiles/leadlex/leadlex.profile.js';
import { eventually } from '../../support/condition.js';
import { documentedEvents, golden } from '../../support/golden.js';
import { ManualClock } from '../../support/manual-clock.js';
import { useStory } from '../../support/story.js';

const sample = golden<{ timestamp: string; data: object }>('payloads-docs/leadlex/contact.created');

describe('LeadLex deliveries', () => {
  const clock = new ManualClock();
  let status = 200;
  const { engine, tenant, receiver } = useStory({
    clock,
    profile: 'leadlex',
    answer: () => ({ status, body: 'the answer' }),
  });
  beforeEach(() => (status = 200));

  const publish = () =>
    tenant.publish({ type: 'contact.created', occurredAt: sample.timestamp, data: sample.data });
  const settled = (attempts: number) =>
    eventually(async () => {
      const [delivery] = await tenant.deliveries();
      expect(delivery?.attemptCount).toBe(attempts);
      return delivery as NonNullable<typeof delivery>;
    });

  it('X03 X04 knows the 16 events of its document, by family', () => {
    expect(leadlexProfile.catalogue.map(({ name, family }) => ({ name, family }))).toEqual(
      documentedEvents('leadlex'),
    );
  });

  it('X05 POSTs the documented body', async () => {
    await tenant.subscribe(receiver.url);
    await publish();
    const [request] = await receiver.received(1);
    const body = request?.body.toString() ?? '';
    const { workspace_id } = JSON.parse(body) as { workspace_id: string };

    expect(request?.method).toBe('POST');
    expect(body).toBe(JSON.stringify({ ...sample, workspace_id }));
    expect(workspace_id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  });

  it('X06 B3 signs the raw body with HMAC-SHA256 in X-LeadLex-Signature, beside a time and a delivery id', async () => {
    const { secret } = await tenant.subscribe(receiver.url);
    await publish();
    const [request] = await receiver.received(1);
    const [delivery] = await tenant.deliveries();
    const hex = createHmac('sha256', secret)
      .update(request?.body ?? '')
      .digest('hex');

    expect(request?.headers).toMatchObject({
      'content-type': 'application/json',
      'user-agent': 'LeadLex-Webhook/1.0',
      'x-leadlex-signature': `sha256=${hex}`,
      'x-leadlex-timestamp': clock.date().toISOString(),
    });
    const id = String(request?.headers['x-leadlex-delivery-id']);
    expect(id).toMatch(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    expect(id.replaceAll('-', '')).toBe(delivery?.id.slice('dlv_'.length));
  });

  it('X07 X08 E04 E13 tries six times, 5 s, 30 s, 5 min, 1 h and 6 h after the failure before, with the same bytes', async () => {
    status = 500;
    const { id } = await tenant.subscribe(receiver.url);
    await publish();
    for (const [index, seconds] of [5, 30, 300, 3_600, 21_600].entries()) {
      const { nextAttemptAt } = await settled(index + 1);
      expect(Date.parse(nextAttemptAt ?? '') - clock.now()).toBe(seconds * 1_000);
      clock.advance(seconds * 1_000);
      await engine.sweep();
    }
    expect(await settled(6)).toMatchObject({ status: 'failed', maxAttempts: 6, nextAttemptAt: null });
    clock.advance(7 * 86_400_000);
    await engine.sweep();

    expect(receiver.requests).toHaveLength(6);
    const { requests } = receiver;
    expect(new Set(requests.map(({ body }) => body.toString())).size).toBe(1);
    for (const name of ['x-leadlex-signature', 'x-leadlex-delivery-id'])
      expect(new Set(requests.map(({ headers }) => headers[name])).size).toBe(1);
    expect(new Set(requests.map(({ headers }) => headers['x-leadlex-timestamp'])).size).toBe(6);
    // E03: one failed delivery is one failure, and none pauses.
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 1 });
  });

  it.each([301, 404, 410, 429, 503])(
    'X09 E09 retries after a %i as after any other refusal',
    async (answer) => {
      status = answer;
      const { id } = await tenant.subscribe(receiver.url);
      await publish();

      expect(await settled(1)).toMatchObject({ status: 'pending', lastStatusCode: answer });
      expect(await tenant.subscription(id)).toMatchObject({ status: 'active' });
      expect(receiver.requests).toHaveLength(1);
    },
  );

  it.each([200, 201, 204, 299])('X09 takes a %i for a delivery', async (answer) => {
    status = answer;
    await tenant.subscribe(receiver.url);
    await publish();

    expect(await settled(1)).toMatchObject({ status: 'succeeded' });
  });

  it('E10 waits 10 s for an answer', async () => {
    expect(await tenant.subscribe(receiver.url)).toMatchObject({ timeoutMs: 10_000, pauseAfter: null });
  });
});
