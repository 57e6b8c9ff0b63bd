import { eventually } from '../support/condition.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem, type Published } from '../support/tenant.js';

let urls: string[];
const { engine, tenant, receiver } = useStory({ api: 4 });

beforeAll(async () => {
  urls = await Promise.all(engine.apis.map((api) => api.getUrl()));
});
beforeEach(async () => {
  await tenant.subscribe(receiver.url);
});

const lead = (id: string, data: object = { name: 'Ann' }) => ({ type: 'lead.create', id, data });

/** Everything that was sent so far: a last event is published, and whatever came before it has come by then. */
async function sentEventIds(): Promise<string[]> {
  const { id: last } = await tenant.publish({ type: 'tag.create', data: {} });
  await eventually(async () => {
    const open = await tenant.deliveries('?status=pending');
    return open.length === 0 && receiver.requests.some(({ headers }) => headers['webhook-id'] === last);
  });
  return receiver.requests.map(({ headers }) => String(headers['webhook-id'])).filter((id) => id !== last);
}

describe("the publisher's event id", () => {
  it('answers the same event again with the first one, and sends it once', async () => {
    const first = await tenant.publish(
      '{"type":"lead.create","id":"o-1","occurredAt":"2026-01-31T09:00:00Z","scope":{"clientId":"c","leadId":"l"},"data":{"a":1.0,"b":{"x":[1,2],"y":"é"}}}',
    );
    const again = [
      '{"type":"lead.create","id":"o-1","occurredAt":"2026-01-31T09:00:00Z","scope":{"clientId":"c","leadId":"l"},"data":{"a":1.0,"b":{"x":[1,2],"y":"é"}}}',
      '{ "data": {"b": {"y":"\\u00e9", "x":[1, 2]}, "a": 1}, "scope":{"leadId":"l","clientId":"c"},\n "occurredAt":"2026-01-31T10:00:00.000+01:00", "id":"o-1", "type":"lead.create"}',
    ];
    for (const [index, body] of again.entries()) {
      const answer = await tenant.send(body, urls[index]);
      expect(answer.status).toBe(202);
      expect(answer.body).toEqual({ ...first, duplicate: true });
    }
    expect(first).toMatchObject({ duplicate: false, deliveries: 1 });
    expect(await sentEventIds()).toEqual([first.id]);
  });

  it.each([
    ['data', { data: { name: 'Bob' } }],
    ['type', { type: 'lead.update' }],
    ['time', { occurredAt: '2026-01-31T09:00:00Z' }],
    ['scope', { scope: { clientId: 'c' } }],
    ['order of a list', { data: { name: 'Ann', tags: ['b', 'a'] } }],
  ])('is refused for an event with another %s', async (_what, change) => {
    await tenant.publish(lead('o-1', { name: 'Ann', tags: ['a', 'b'] }));
    const { status, body } = await tenant.send<Problem>({
      ...lead('o-1', { name: 'Ann', tags: ['a', 'b'] }),
      ...change,
    });
    expect(status).toBe(409);
    expect(body.code).toBe('idempotency_conflict');
    expect(body.detail).toContain('o-1');
    expect(await sentEventIds()).toHaveLength(1);
  });

  it('is refused for a number that differs where a double ends', async () => {
    const body = (n: string) => `{"type":"lead.create","id":"o-1","data":{"n":${n}}}`;
    await tenant.publish(body('9007199254740993'));
    expect(await tenant.send(body('9007199254740992'))).toMatchObject({ status: 409 });
    expect(await tenant.send(body('9007199254740993'))).toMatchObject({ status: 202 });
  });

  it("is a space's own", async () => {
    const other = await Tenant.create(engine);
    const mine = await tenant.publish(lead('o-1'));
    const theirs = await other.publish(lead('o-1', { name: 'somebody else' }));
    expect(theirs).toMatchObject({ duplicate: false });
    expect(theirs.id).not.toBe(mine.id);
  });

  it('makes one event of fifty publishes at once through four processes', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) => tenant.send(lead('o-1'), urls[index % urls.length])),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.duplicate)).toHaveLength(1);
    expect(await sentEventIds()).toHaveLength(1);
  });

  it('gives one of two different bodies at once the id, and refuses the other', async () => {
    for (let round = 0; round < 10; round += 1) {
      const answers = await Promise.all(
        urls.map((url, index) => tenant.send(lead(`o-${round}`, { from: index }), url)),
      );
      expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 409, 409, 409]);
    }
  });

  it('counts inside one array, too', async () => {
    const { status, body } = await tenant.send<{ data: Published[] }>([
      lead('o-1'),
      lead('o-2'),
      lead('o-1'),
    ]);
    expect(status).toBe(202);
    expect(body.data.map(({ duplicate }) => duplicate)).toEqual([false, false, true]);
    expect(body.data[2]?.id).toBe(body.data[0]?.id);
    const clash = await tenant.send<Problem>([lead('o-3'), lead('o-3', { name: 'Bob' })]);
    expect(clash.status).toBe(409);
    expect(clash.body.detail).toMatch(/^\[1\]: The id "o-3"/);
    expect(await sentEventIds()).toHaveLength(2);
  });

  it('stores nothing of an array with one conflict, and leaves its other ids free', async () => {
    await tenant.publish(lead('taken'));
    const { status } = await tenant.send([lead('free-1'), lead('taken', { name: 'Bob' }), lead('free-2')]);
    expect(status).toBe(409);
    for (const id of ['free-1', 'free-2']) {
      expect((await engine.call('GET', tenant.path(`/events/${id}`))).status).toBe(404);
      expect(await tenant.publish(lead(id, { name: 'new' }))).toMatchObject({ duplicate: false });
    }
    expect(await sentEventIds()).toHaveLength(3);
  });

  it('does not touch other publishes of the same moment', async () => {
    await tenant.publish(lead('taken'));
    const bodies = Array.from({ length: 40 }, (_, index) =>
      index % 4 === 0 ? lead('taken', { name: 'Bob' }) : lead(`o-${index}`),
    );
    const answers = await Promise.all(bodies.map((body, index) => tenant.send(body, urls[index % 2])));
    expect(answers.map(({ status }) => status)).toEqual(bodies.map(({ id }) => (id === 'taken' ? 409 : 202)));
    expect(await sentEventIds()).toHaveLength(31);
  });

  it('is remembered after a restart', async () => {
    const first = await tenant.publish(lead('o-1'));
    await Promise.all(engine.apis.splice(0).map((api) => api.close()));
    engine.url = await engine.startApi();
    const { status, body } = await tenant.send(lead('o-1'));
    expect(status).toBe(202);
    expect(body).toEqual({ ...first, duplicate: true });
  });
});
