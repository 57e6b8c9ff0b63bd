import { eventually } from '../support/condition.js';
import type { Reply } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import type { Delivery, Problem } from '../support/tenant.js';

let reply: Reply;
const { engine, tenant, receiver } = useStory({ answer: () => reply });

beforeEach(() => {
  reply = {};
});

describe('a test send', () => {
  const send = <T = Delivery>(sub: string, body?: object) =>
    engine.call<T>('POST', tenant.path(`/subscriptions/${sub}/test`), body);
  const lastType = async (count: number) =>
    JSON.parse((await receiver.received(count)).at(-1)?.body.toString() ?? '') as {
      type: string;
      data: object;
    };

  it('sends the example of the type asked for, or of the first one that is wanted', async () => {
    await tenant.subscribe(receiver.url, { uid: 'hook', events: ['tag.*'] });
    await tenant.subscribe(receiver.url, { uid: 'bystander' });
    const { status, body } = await send('hook');
    expect(status).toBe(202);
    expect(body).toMatchObject({ eventType: 'tag.create', trigger: 'test', maxAttempts: 1 });
    expect((await lastType(1)).type).toBe('tag.create');
    await send('hook', { type: 'lead.create' });
    const { type, data } = await lastType(2);
    const { example } = await engine.ok<{ example: object }>('GET', tenant.path('/event-types/lead.create'));
    expect({ type, data }).toEqual({ type: 'lead.create', data: example });
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(2));
    expect(receiver.requests).toHaveLength(2);
  });

  it("sends a custom type's example", async () => {
    await tenant.subscribe(receiver.url, { uid: 'hook' });
    await engine.ok('PUT', tenant.path('/event-types/invoice.paid'), { example: { cents: 100 } });
    await send('hook', { type: 'invoice.paid' });
    expect(await lastType(1)).toMatchObject({ type: 'invoice.paid', data: { cents: 100 } });
  });

  it('sends data of one’s own as it was written', async () => {
    await tenant.subscribe(receiver.url, { uid: 'hook', events: ['lead.create'] });
    await fetch(`${engine.url}${tenant.path('/subscriptions/hook/test')}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${engine.adminKey}`, 'content-type': 'application/json' },
      body: '{"data": {"price":1.0,"big":12345678901234567890}}',
    });
    const [request] = await receiver.received(1);
    expect(String(request?.body)).toContain('"data":{"price":1.0,"big":12345678901234567890}');
  });

  it('goes to a paused endpoint, makes one attempt and pauses nothing', async () => {
    reply = { status: 500 };
    await tenant.subscribe(receiver.url, { uid: 'hook', pauseAfter: 1 });
    await engine.ok('POST', tenant.path('/subscriptions/hook/pause'));
    await send('hook');
    await eventually(async () =>
      expect(await tenant.deliveries()).toMatchObject([
        { status: 'failed', attemptCount: 1, trigger: 'test' },
      ]),
    );
    expect(await tenant.subscription('hook')).toMatchObject({ status: 'paused', pausedReason: 'manual' });
  });

  it('refuses a type that is not in the catalogue, and a subscription that is not there', async () => {
    await tenant.subscribe(receiver.url, { uid: 'hook' });
    const { status, body } = await send<Problem>('hook', { type: 'lead.invented' });
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: 'type', code: 'unknown_event_type' }]);
    expect(body.errors?.[0]?.message).toMatch(/^"lead\.invented" is not in the space's catalogue/);
    expect((await send('nobody')).status).toBe(404);
    expect((await send('hook', { colour: 'red' })).status).toBe(422);
    expect(await tenant.deliveries()).toEqual([]);
  });

  it('says that there is no type to send when the only one is deleted', async () => {
    await engine.ok('PUT', tenant.path('/event-types/invoice.paid'), {});
    await tenant.subscribe(receiver.url, { uid: 'hook', events: ['invoice.paid'] });
    await engine.ok('DELETE', tenant.path('/event-types/invoice.paid'));
    const { status, body } = await send<Problem>('hook');
    expect(status).toBe(422);
    expect(body.errors?.[0]?.message).toBe(
      'The subscription matches no existing event type. Name a type to send, or change its events.',
    );
  });
});
