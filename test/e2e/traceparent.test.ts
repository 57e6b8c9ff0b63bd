import { useStory } from '../support/story.js';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const TRACEPARENT = `00-${TRACE}-00f067aa0ba902b7-01`;
const lead = { type: 'lead.create', data: { id: '1' } };

interface Event {
  id: string;
  traceId?: string;
}

describe("a publisher's traceparent, while nothing is traced", () => {
  const { engine, tenant, receiver } = useStory();

  const publish = async (headers: Record<string, string>, body: unknown = lead) => {
    const { status, body: published } = await engine.call<Event & { data: Event[] }>(
      'POST',
      tenant.path('/events'),
      body,
      { headers },
    );
    expect(status).toBe(202);
    return published;
  };
  const eventOf = ({ id }: Event) => engine.ok<Event>('GET', tenant.path(`/events/${id}`));

  it('is passed on to endpoints whose subscription asks for it, with the tracestate, and to no others', async () => {
    await tenant.subscribe(`${receiver.url}/traced`, { passTraceparent: true });
    await tenant.subscribe(`${receiver.url}/plain`);
    await publish({ traceparent: TRACEPARENT, tracestate: 'vendor=abc' });
    await receiver.received(2);
    const headersOf = (path: string) => receiver.requests.find((one) => one.path.endsWith(path))?.headers;
    expect(headersOf('/traced')).toMatchObject({ traceparent: TRACEPARENT, tracestate: 'vendor=abc' });
    expect(headersOf('/plain')).not.toHaveProperty('traceparent');
    expect(headersOf('/plain')).not.toHaveProperty('tracestate');
  });

  it('stands for all events of an array, and is the traceId of each; a repeated id keeps the first one', async () => {
    const withId = { ...lead, id: 'order-1' };
    const { data } = await publish({ traceparent: TRACEPARENT }, [withId, lead]);
    for (const event of data) expect((await eventOf(event)).traceId).toBe(TRACE);
    const again = await publish({ traceparent: TRACEPARENT.replace(TRACE, 'a'.repeat(32)) }, withId);
    expect(again.id).toBe(data[0]?.id);
    expect((await eventOf(again)).traceId).toBe(TRACE);
    const { data: listed } = await engine.ok<{ data: Event[] }>('GET', tenant.path('/events'));
    expect(listed.map(({ traceId }) => traceId)).toEqual([TRACE, TRACE]);
  });

  it.each(['', 'nonsense', `00-${'0'.repeat(32)}-00f067aa0ba902b7-01`, `${TRACEPARENT}-more`])(
    'is ignored where it is invalid: %j',
    async (traceparent) => {
      await tenant.subscribe(receiver.url, { passTraceparent: true });
      const event = await publish({ traceparent, tracestate: 'vendor=abc' });
      const [request] = await receiver.received(1);
      expect(request?.headers).not.toHaveProperty('traceparent');
      expect(request?.headers).not.toHaveProperty('tracestate');
      expect(await eventOf(event)).not.toHaveProperty('traceId');
    },
  );

  it("does not replace a subscription's own header of that name", async () => {
    const headers = { Traceparent: 'mine' };
    await tenant.subscribe(receiver.url, { passTraceparent: true, headers });
    await publish({ traceparent: TRACEPARENT });
    const [request] = await receiver.received(1);
    expect(request?.rawHeaders.filter((text) => text.toLowerCase() === 'traceparent')).toHaveLength(1);
    expect(request?.headers.traceparent).toBe('mine');
  });

  it('is passed on by each retry and replay, and no longer once the subscription says so', async () => {
    const { id } = await tenant.subscribe(receiver.url, { passTraceparent: true, retrySchedule: [0] });
    receiver.answer = () => ({ status: receiver.requests.length === 1 ? 500 : 200 });
    await publish({ traceparent: TRACEPARENT });
    const requests = await receiver.received(2);
    expect(requests.map(({ headers }) => headers.traceparent)).toEqual([TRACEPARENT, TRACEPARENT]);
    const path = tenant.path(`/subscriptions/${id}`);
    expect(await engine.ok('PATCH', path, { passTraceparent: false })).toMatchObject({
      passTraceparent: false,
    });
    await publish({ traceparent: TRACEPARENT });
    expect((await receiver.received(3))[2]?.headers).not.toHaveProperty('traceparent');
    expect((await engine.call('PATCH', path, { passTraceparent: 'yes' })).status).toBe(422);
    expect((await engine.call('PATCH', path, { passTraceparent: null })).status).toBe(422);
  });
});
