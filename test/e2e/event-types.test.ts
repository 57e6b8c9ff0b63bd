import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem, type Published } from '../support/tenant.js';

interface EventType {
  name: string;
  family: string;
  schema: object;
  example: object;
  custom: boolean;
}

let otherApi: string;
const { engine, tenant, receiver } = useStory({ api: 2 });

beforeAll(async () => {
  otherApi = (await engine.apis[1]?.getUrl()) ?? '';
});

const define = (name: string, definition: object = {}) =>
  engine.ok('PUT', tenant.path(`/event-types/${name}`), definition);
const paid = { type: 'invoice.paid', data: { cents: 100 } };

describe('the catalogue', () => {
  it('can be published from beginning to end, by the examples it shows', async () => {
    const { data } = await engine.ok<{ data: EventType[] }>('GET', '/v1/event-types?profile=native');
    expect(data).toHaveLength(31);
    await tenant.subscribe(receiver.url);
    const answer = await tenant.send<{ data: Published[] }>(
      data.map(({ name, example }) => ({ type: name, data: example })),
    );
    expect(answer.status).toBe(202);
    const requests = await receiver.received(31);
    const bodies = requests.map(({ body }) => JSON.parse(body.toString()) as { type: string; data: object });
    for (const { name, example } of data) {
      expect(bodies.find(({ type }) => type === name)?.data).toEqual(example);
    }
  });
});

describe("a space's own event type", () => {
  it('is published, matched by name and by pattern, and delivered, through any process at once', async () => {
    // Warm, so that an outdated catalogue would show.
    expect((await tenant.send(paid, otherApi)).status).toBe(422);
    await define('invoice.paid');
    await tenant.subscribe(`${receiver.url}/name`, { events: ['invoice.paid'] });
    await tenant.subscribe(`${receiver.url}/pattern`, { events: ['invoice.*'] });
    await tenant.subscribe(`${receiver.url}/other`, { events: ['lead.*'] });
    const { status, body } = await tenant.send(paid, otherApi);
    expect([status, body.deliveries]).toEqual([202, 2]);
    const requests = await receiver.received(2);
    expect(requests.map(({ path }) => path).toSorted()).toEqual(['/hook/name', '/hook/pattern']);
    expect(JSON.parse(requests[0]?.body.toString() ?? '')).toMatchObject(paid);
  });

  it('is refused as soon as it is deleted, while what was published goes on', async () => {
    await define('invoice.paid');
    await tenant.subscribe(receiver.url, { uid: 'hook', events: ['invoice.*', 'lead.*'] });
    await engine.ok('POST', tenant.path('/subscriptions/hook/pause'));
    await tenant.send(paid, otherApi);
    await engine.ok('DELETE', tenant.path('/event-types/invoice.paid'));
    const { status, body } = await tenant.send<Problem>(paid, otherApi);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: 'type', code: 'unknown_event_type' }]);
    await engine.ok('POST', tenant.path('/subscriptions/hook/resume'));
    await receiver.received(1);
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(1));
  });

  it('answers a repetition with the first event after it was deleted, and refuses any other', async () => {
    const send = <T>(body: unknown, key?: string) =>
      engine.call<T>('POST', tenant.path('/events'), body, {
        headers: key ? { 'idempotency-key': key } : {},
      });
    await define('invoice.paid');
    await tenant.subscribe(receiver.url, { events: ['invoice.*'] });
    const withId = await send<Published>({ ...paid, id: 'i-1' });
    const withKey = await send<Published>([paid, { ...paid, data: { cents: 2 } }], 'k-1');
    await engine.ok('DELETE', tenant.path('/event-types/invoice.paid'));
    const again = await send({ ...paid, id: 'i-1' });
    expect(again).toMatchObject({ status: 202, body: { ...withId.body, duplicate: true } });
    const { data } = withKey.body as unknown as { data: Published[] };
    const both = await send([paid, { ...paid, data: { cents: 2 } }], 'k-1');
    expect(both).toMatchObject({
      status: 202,
      body: { data: data.map((one) => ({ ...one, duplicate: true })) },
    });
    expect(await send({ ...paid, id: 'i-2' })).toMatchObject({ status: 422 });
    expect(await send([{ ...paid, id: 'i-1' }, paid])).toMatchObject({ status: 422 });
    expect(await send({ ...paid, id: 'i-1', data: {} })).toMatchObject({ status: 422 });
    expect(await tenant.deliveries()).toHaveLength(3);
  });

  it('is not known to any other space', async () => {
    await define('invoice.paid');
    const other = await Tenant.create(engine);
    expect((await other.send(paid)).status).toBe(422);
    const subscription = { url: receiver.url, events: ['invoice.paid'] };
    const { status, body } = await engine.call<Problem>('POST', other.path('/subscriptions'), subscription);
    expect(status).toBe(422);
    expect(body.errors).toMatchObject([{ path: 'events[0]', code: 'unknown_event_type' }]);
  });
});
