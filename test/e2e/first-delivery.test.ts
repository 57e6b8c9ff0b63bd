import { Webhook } from 'standardwebhooks';
import { eventually } from '../support/condition.js';
import { startReceiver } from '../support/receiver.js';
import { useStory } from '../support/story.js';

describe('a published event', () => {
  const { engine } = useStory();

  it('delivers a published event, signed, and has it in the log', async () => {
    const receiver = await startReceiver();
    await engine.ok('POST', '/v1/spaces', { name: 'Acme', uid: 'acme' });
    const { secret } = await engine.ok<{ secret: string }>('POST', '/v1/spaces/acme/subscriptions', {
      url: receiver.url,
    });
    const event = await engine.ok(
      'POST',
      '/v1/spaces/acme/events',
      '{"type":"lead.create","data":{"n":1.0,"a":2}}',
    );
    const [request] = await eventually(() => receiver.requests.length > 0 && receiver.requests);
    const body = request?.body.toString() ?? '';
    expect(body).toMatch(/^\{"type":"lead\.create","timestamp":"[^"]+","data":\{"n":1\.0,"a":2\}\}$/);
    expect(request?.headers['webhook-id']).toBe(event.id);
    expect(new Webhook(secret).verify(body, request?.headers as Record<string, string>)).toBeTruthy();
    await eventually(async () => {
      const { data } = await engine.ok<{ data: { status: string }[] }>('GET', '/v1/spaces/acme/deliveries');
      expect(data).toMatchObject([
        { eventId: event.id, status: 'succeeded', attemptCount: 1, lastStatusCode: 200 },
      ]);
    });
    await receiver.close();
  });
});
