import { PartitionKeeper } from '../../src/retention/partition-keeper.js';
import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem } from '../support/tenant.js';

const DAY = 86_400_000;
const lead = { type: 'lead.create', data: { n: 1 } };

interface Body {
  body: string | null;
  removed?: { reason: string; afterDays: number | null; message: string };
}
interface Space {
  retention: { eventsDays: number; attemptsDays: number; bodiesDays: number };
}

describe('the retention of a space', () => {
  const clock = new ManualClock();
  const { engine, tenant, receiver } = useStory({
    clock,
    settings: { retentionDays: 30, heldDays: 60 },
    engineFor: 'test',
    answer: () => ({ status: 200, body: 'thanks' }),
  });

  const keeper = () => engine.workers[0]?.get(PartitionKeeper) as PartitionKeeper;
  const keep = (retention: object) => engine.ok<Space>('PATCH', tenant.path(''), { retention });
  const after = async (days: number) => {
    clock.advance(days * DAY);
    await keeper().keep();
  };
  const event = (id: string) =>
    engine.call<{ data: object | null } & Body>('GET', tenant.path(`/events/${id}`));
  const attempts = async (delivery: string) => (await tenant.delivery(delivery)).attempts ?? [];
  const exchange = (delivery: string) =>
    engine.ok<{ request: Body; response: Body }>('GET', tenant.path(`/deliveries/${delivery}/attempts/1`));
  const sent = async (count = 1) => {
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(count));
    return (await tenant.deliveries('?status=succeeded'))[0]?.id ?? '';
  };

  it('is the instance’s, until the space has its own', async () => {
    const read = async () => (await engine.ok<Space>('GET', tenant.path(''))).retention;
    expect(await read()).toEqual({ eventsDays: 30, attemptsDays: 30, bodiesDays: 30 });
    await keep({ eventsDays: 10, bodiesDays: 2 });
    expect(await read()).toEqual({ eventsDays: 10, attemptsDays: 10, bodiesDays: 2 });
    await keep({ eventsDays: null, attemptsDays: 5 });
    expect(await read()).toEqual({ eventsDays: 30, attemptsDays: 5, bodiesDays: 2 });
  });

  it.each([
    [{ eventsDays: 31 }, 'retention.eventsDays', 'max'],
    [{ eventsDays: 10, bodiesDays: 11 }, 'retention.bodiesDays', 'max'],
    [{ bodiesDays: 0 }, 'retention.bodiesDays', 'min'],
    [{ attemptsDays: 1.5 }, 'retention.attemptsDays', 'is_int'],
    [{ days: 1 }, 'retention.days', 'unknown_field'],
  ])('%j is refused', async (retention, path, code) => {
    const { status, body } = await engine.call<Problem>('PATCH', tenant.path(''), { retention });
    expect([status, body.errors?.[0]]).toEqual([422, expect.objectContaining({ path, code })]);
  });

  it('removes bodies before rows, and says so', async () => {
    const other = await Tenant.create(engine);
    await tenant.subscribe(receiver.url);
    await keep({ bodiesDays: 2 });
    const { id } = await tenant.publish(lead);
    const kept = await other.publish(lead);
    const delivery = await sent();
    await after(1);
    expect((await event(id)).body.data).toEqual({ n: 1 });
    expect((await exchange(delivery)).response.body).toBe('thanks');
    await after(2);
    const removed = {
      reason: 'retention',
      afterDays: 2,
      message: "Body removed after 2 days by the space's retention.",
    };
    expect((await event(id)).body).toMatchObject({ data: null, removed });
    expect(await exchange(delivery)).toMatchObject({
      request: { body: null, removed },
      response: { statusCode: 200, body: null, removed },
    });
    expect(await attempts(delivery)).toMatchObject([{ n: 1, statusCode: 200 }]);
    const theirs = await engine.ok<{ data: object }>('GET', other.path(`/events/${kept.id}`));
    expect(theirs.data).toEqual({ n: 1 });
    const retry = await engine.call<Problem>('POST', tenant.path(`/deliveries/${delivery}/retry`));
    expect([retry.status, retry.body.code]).toEqual([409, 'body_removed']);
    expect(retry.body.detail).toContain("Body removed after 2 days by the space's retention.");
  });

  it('removes attempts before deliveries', async () => {
    await tenant.subscribe(receiver.url);
    await keep({ attemptsDays: 2 });
    await tenant.publish(lead);
    const delivery = await sent();
    await after(3);
    expect(await tenant.delivery(delivery)).toMatchObject({
      attemptCount: 1,
      lastStatusCode: 200,
      attempts: [],
    });
  });

  it('removes events with their deliveries before the instance does, and nothing of other spaces', async () => {
    const other = await Tenant.create(engine);
    await tenant.subscribe(receiver.url);
    await keep({ eventsDays: 2 });
    const { id } = await tenant.publish(lead);
    const kept = await other.publish(lead);
    await sent();
    await after(3);
    expect((await event(id)).status).toBe(404);
    expect(await tenant.deliveries()).toEqual([]);
    expect((await engine.call('GET', other.path(`/events/${kept.id}`))).status).toBe(200);
  });

  it('leaves what is held with its event and data, and removes it a day after it has ended', async () => {
    const { id: subscription } = await tenant.subscribe(receiver.url);
    await keep({ eventsDays: 2, bodiesDays: 1 });
    await engine.ok('POST', tenant.path(`/subscriptions/${subscription}/pause`));
    const { id } = await tenant.publish(lead);
    await after(5);
    expect((await event(id)).body.data).toEqual({ n: 1 });
    await engine.ok('POST', tenant.path(`/subscriptions/${subscription}/resume`));
    await sent();
    expect(receiver.requests[0]?.body.toString()).toContain('"n":1');
    await after(1);
    expect((await event(id)).status).toBe(404);
    expect(await tenant.deliveries()).toEqual([]);
  });
});

describe('a legal hold', () => {
  const clock = new ManualClock();
  const { engine, tenant, receiver } = useStory({
    clock,
    settings: { retentionDays: 10 },
    engineFor: 'test',
  });

  const after = async (days: number) => {
    clock.advance(days * DAY);
    await engine.workers[0]?.get(PartitionKeeper).keep();
  };
  const hold = (input: object, reason = 'Case 4711') =>
    engine.ok<{ id: string; setBy: string }>('POST', tenant.path('/holds'), { reason, ...input });
  const erase = (input: object) => engine.call<Problem>('POST', tenant.path('/erasures'), input);
  const status = async (id: string) => (await engine.call('GET', tenant.path(`/events/${id}`))).status;
  const about = (subjectId: string) => tenant.publish({ ...lead, subjectId });
  const succeeded = (count: number) =>
    eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(count));

  it('on a space refuses erasures with a sentence that names it, and the deletion of the space', async () => {
    const { id } = await hold({});
    const { status: refused, body } = await erase({ subjectId: 'jane' });
    expect([refused, body.code]).toEqual([409, 'legal_hold']);
    expect(body.detail).toMatch(
      new RegExp(`^Legal hold ${id}, set by admin on \\d{4}-\\d\\d-\\d\\d, keeps this: "Case 4711".`),
    );
    const deletion = await engine.call<Problem>('DELETE', tenant.path(''));
    expect([deletion.status, deletion.body.code]).toEqual([409, 'legal_hold']);
    await engine.ok('POST', tenant.path(`/holds/${id}/release`));
    expect((await erase({ subjectId: 'jane' })).status).toBe(202);
    const released = await engine.ok<{ data: object[] }>('GET', tenant.path('/holds'));
    expect(released.data).toMatchObject([{ id, reason: 'Case 4711', setBy: 'admin', releasedBy: 'admin' }]);
    expect((await engine.call<Problem>('POST', tenant.path(`/holds/${id}/release`))).body.code).toBe(
      'hold_released',
    );
    expect((await engine.call('DELETE', tenant.path(''))).status).toBe(204);
  });

  it.each([
    ['subject', () => Promise.resolve({ subjectId: 'jane' })],
    ['event', (id: string) => Promise.resolve({ event: id })],
    [
      'time range',
      async (id: string) => {
        const { createdAt } = await engine.ok<{ createdAt: string }>('GET', tenant.path(`/events/${id}`));
        return { since: createdAt, until: new Date(Date.parse(createdAt) + 1).toISOString() };
      },
    ],
  ])('on a %s refuses only the erasures that would meet it', async (_name, inputOf) => {
    const { id } = await about('jane');
    clock.advance(10);
    const other = await about('john');
    await hold(await inputOf(id));
    for (const input of [
      { subjectId: 'jane' },
      { events: [id, other.id] },
      { all: true },
      { since: '2020-01-01' },
    ])
      expect((await erase(input)).status).toBe(409);
    expect((await erase({ subjectId: 'john' })).status).toBe(202);
    expect((await erase({ events: [other.id] })).status).toBe(202);
  });

  it('ends an erasure that is under way', async () => {
    await engine.stopWorkers();
    await about('jane');
    const { id } = (await erase({ subjectId: 'jane' })).body as unknown as { id: string };
    const held = await hold({ subjectId: 'jane' });
    await engine.startWorker(clock);
    await eventually(async () => {
      clock.advance(100);
      expect(await engine.ok('GET', tenant.path(`/erasures/${id}`))).toMatchObject({
        status: 'cancelled',
        stopped: expect.stringContaining(held.id) as string,
        counts: { events: 0 },
      });
    });
    const { data } = await engine.ok<{ data: { data?: object }[] }>(
      'GET',
      tenant.path('/events?subjectId=jane'),
    );
    expect(data).toHaveLength(1);
  });

  it('keeps what the instance’s retention would drop, and nothing else of those days, until it is released', async () => {
    const other = await Tenant.create(engine);
    await tenant.subscribe(receiver.url);
    const [jane, john] = [await about('jane'), await about('john')];
    const theirs = await other.publish(lead);
    await succeeded(2);
    const held = await hold({ subjectId: 'jane' });
    await after(12);
    expect(await status(jane.id)).toBe(200);
    expect(await tenant.deliveries()).toMatchObject([{ eventId: jane.id, status: 'succeeded' }]);
    const [delivery] = await tenant.deliveries();
    expect((await tenant.delivery(delivery?.id ?? '')).attempts).toHaveLength(1);
    expect(await status(john.id)).toBe(404);
    expect((await engine.call('GET', other.path(`/events/${theirs.id}`))).status).toBe(404);
    await engine.ok('POST', tenant.path(`/holds/${held.id}/release`));
    await after(0);
    expect(await status(jane.id)).toBe(404);
    expect(await tenant.deliveries()).toEqual([]);
  });

  it('keeps deliveries that were made on later days of an event that it is on', async () => {
    const { id: subscription } = await tenant.subscribe(receiver.url);
    const { id } = await about('jane');
    await succeeded(1);
    await hold({ subjectId: 'jane' });
    await after(3);
    const since = new Date(clock.now() - 10 * DAY).toISOString();
    const input = { since, statuses: ['succeeded'] };
    await engine.ok('POST', tenant.path(`/subscriptions/${subscription}/replay`), input);
    await eventually(async () => {
      clock.advance(100);
      expect(await tenant.deliveries('?status=succeeded')).toHaveLength(2);
    });
    await after(12);
    expect(await tenant.deliveries()).toMatchObject([{ eventId: id }, { eventId: id }]);
  });

  it('keeps what the space’s retention would remove', async () => {
    await tenant.subscribe(receiver.url);
    await engine.ok('PATCH', tenant.path(''), { retention: { eventsDays: 3, bodiesDays: 1 } });
    const [jane, john] = [await about('jane'), await about('john')];
    await succeeded(2);
    await hold({ subjectId: 'jane' });
    await after(5);
    expect(await engine.ok('GET', tenant.path(`/events/${jane.id}`))).toMatchObject({ data: { n: 1 } });
    expect(await status(john.id)).toBe(404);
    expect(await tenant.deliveries()).toHaveLength(1);
  });

  it('of the operator is released by the operator only', async () => {
    const key = await tenant.key('manage');
    const { id } = await hold({});
    expect((await engine.call('POST', tenant.path(`/holds/${id}/release`), undefined, { key })).status).toBe(
      403,
    );
    const own = await engine.call<{ id: string; setBy: string }>(
      'POST',
      tenant.path('/holds'),
      { reason: 'r' },
      { key },
    );
    expect(own.body.setBy).toMatch(/^key_/);
    expect(
      (await engine.call('POST', tenant.path(`/holds/${own.body.id}/release`), undefined, { key })).status,
    ).toBe(200);
  });

  it.each([
    [{}, 'reason', 'required'],
    [{ reason: '' }, 'reason', 'is_length'],
    [{ reason: 'r', event: 'nobody' }, 'event', 'unknown_event'],
    [{ reason: 'r', since: 'yesterday' }, 'since', 'is_iso8601'],
  ])('%j is refused', async (input, path, code) => {
    const { status: refused, body } = await engine.call<Problem>('POST', tenant.path('/holds'), input);
    expect([refused, body.errors?.[0]?.path]).toEqual([422, path]);
    expect(body.errors?.map((issue) => issue.code)).toContain(code);
  });
});
