import { setTimeout as sleep } from 'node:timers/promises';
import { Database } from '../../src/database/database.js';
import { eventually } from '../support/condition.js';
import { lead } from '../support/lead.js';
import { useStory } from '../support/story.js';
import { Tenant, type Problem, type Published } from '../support/tenant.js';

interface EventView {
  id: string;
  uid: string | null;
  type: string;
  occurredAt: string;
  createdAt: string;
  scope: object;
}

const HEX = '0190f3a4b5c67d8e9fa0b1c2d3e4f506';
const RENAME = 'UPDATE posthorn.event_keys SET key = $2 WHERE event_id = $1::text::uuid';

const { engine, tenant, receiver } = useStory();

describe('the log of events', () => {
  it('lists newest first, and narrows by type and time', async () => {
    const { body } = await tenant.send<{ data: Published[] }>([
      { ...lead('1'), id: 'order-1', scope: { clientId: 'c', campaignId: 'k', leadId: 'l' } },
      { type: 'tag.create', data: {} },
    ]);
    const cut = await eventually(async () => {
      const now = new Date();
      const { data } = await engine.ok<{ data: EventView[] }>(
        'GET',
        tenant.path(`/events?since=${now.toISOString()}`),
      );
      return data.length === 0 && now.toISOString();
    });
    // The engine's clock is the database's, some milliseconds off this one.
    await sleep(50);
    const { id: later } = await tenant.publish(lead('2'));
    const [first, second] = body.data;
    const ids = async (query: string) =>
      (await engine.ok<{ data: EventView[] }>('GET', tenant.path(`/events${query}`))).data.map(
        ({ id }) => id,
      );
    expect(await ids('')).toEqual([later, second?.id, first?.id]);
    expect(await ids('?order=asc')).toEqual([first?.id, second?.id, later]);
    expect(await ids('?type=lead.create')).toEqual([later, first?.id]);
    expect(await ids(`?since=${cut}`)).toEqual([later]);
    expect(await ids(`?until=${cut}&type=tag.create`)).toEqual([second?.id]);
    const { data } = await engine.ok<{ data: EventView[] }>('GET', tenant.path('/events?order=asc&limit=1'));
    expect(data).toEqual([
      {
        id: first?.id,
        uid: 'order-1',
        type: 'lead.create',
        occurredAt: expect.stringMatching(/Z$/) as string,
        createdAt: expect.stringMatching(/Z$/) as string,
        subjectId: 'l',
        scope: { clientId: 'c', campaignId: 'k', leadId: 'l' },
        tags: { client: 'c', campaign: 'k', lead: 'l' },
        version: 1,
      },
    ]);
  });

  it("finds an event by our id and by the publisher's", async () => {
    const uid = 'order/2026 #1?é';
    const { id } = await tenant.publish({ ...lead('1'), id: uid });
    for (const ref of [id, encodeURIComponent(uid)]) {
      expect(await engine.ok('GET', tenant.path(`/events/${ref}`))).toMatchObject({
        id,
        uid,
        data: { id: '1' },
      });
    }
    const other = await Tenant.create(engine);
    for (const ref of [id, encodeURIComponent(uid), 'evt_nonsense']) {
      expect((await engine.call('GET', other.path(`/events/${ref}`))).status).toBe(404);
    }
  });

  it.each([
    ['of the longest name', '😀'.repeat(256)],
    ['of the longest name that a path escapes', '/'.repeat(256)],
  ])('finds an event by an id %s', async (_kind, uid) => {
    await tenant.subscribe(receiver.url);
    const { id } = await tenant.publish({ ...lead('1'), id: uid });
    const ref = encodeURIComponent(uid);
    expect(await engine.ok('GET', tenant.path(`/events/${ref}`))).toMatchObject({ id, uid });
    const routing = await engine.ok<{ data: object[] }>('GET', tenant.path(`/events/${ref}/routing`));
    expect(routing.data).toMatchObject([{ matched: true }]);
    expect(await tenant.deliveries(`?event=${ref}`)).toMatchObject([{ eventId: id }]);
  });

  it.each([
    ...['spc', 'key', 'sub', 'evt', 'dlv', 'att', 'job', 'lnk', 'rcv', 'req', 'lgh'].map(
      (kind) => `${kind}_${HEX}`,
    ),
    `evt_${HEX.toUpperCase()}`,
    `EVT_${HEX}`,
    `Evt_${HEX.slice(0, 31)}F`,
    '.',
    '..',
  ])('refuses an id that looks like one of ours: %s', async (id) => {
    for (const body of [{ ...lead('1'), id }, [lead('0'), { ...lead('1'), id }]]) {
      const { status, body: problem } = await tenant.send<Problem>(body);
      const path = Array.isArray(body) ? '[1].id' : 'id';
      expect([status, problem.errors]).toMatchObject([422, [{ path, code: 'reserved_id' }]]);
    }
    expect(await engine.ok('GET', tenant.path('/events'))).toMatchObject({ data: [] });
  });

  it.each([
    `evt_${HEX}0`,
    `evt_${HEX.slice(1)}`,
    `evt-${HEX}`,
    `xevt_${HEX}`,
    'evt_1NG8Du2eZvKYlo2CUI79vXWy',
    HEX,
  ])('takes an id that only resembles ours: %s', async (uid) => {
    const { id } = await tenant.publish({ ...lead('1'), id: uid });
    expect(await engine.ok('GET', tenant.path(`/events/${uid}`))).toMatchObject({ id, uid });
  });

  it('finds an event of before by an id that looks like ours, and our own first', async () => {
    await tenant.subscribe(receiver.url);
    const ours = await tenant.publish(lead('1'));
    const theirs = await tenant.publish({ ...lead('2'), id: 'theirs' });
    const call = (key: string) => database.sql({ name: 'key', text: RENAME }, [theirs.id.slice(4), key]);
    const database = engine.apis[0]?.get(Database) as Database;
    await call(`evt_${HEX}`);
    expect(await engine.ok('GET', tenant.path(`/events/evt_${HEX}`))).toMatchObject({ id: theirs.id });
    expect(await tenant.deliveries(`?event=evt_${HEX}`)).toMatchObject([{ eventId: theirs.id }]);
    await call(ours.id);
    expect(await engine.ok('GET', tenant.path(`/events/${ours.id}`))).toMatchObject({ id: ours.id });
    expect(await tenant.deliveries(`?event=${ours.id}`)).toMatchObject([{ eventId: ours.id }]);
  });

  it.each([
    ['2016-12-31t23:59:60z', '2017-01-01T00:00:00.000Z'],
    ['2026-01-31t10:00:00.123456789123+01:00', '2026-01-31T09:00:00.123Z'],
  ])('takes the time %s', async (occurredAt, moment) => {
    const { id } = await tenant.publish({ ...lead('1'), occurredAt });
    expect(await engine.ok('GET', tenant.path(`/events/${id}`))).toMatchObject({ occurredAt: moment });
    for (const list of ['/events', '/deliveries'])
      await engine.ok(
        'GET',
        tenant.path(`${list}?since=${encodeURIComponent(occurredAt)}&until=2999-12-31t23:59:60z`),
      );
  });

  it.each(['2016-12-31T23:58:60Z', '2016-12-31T23:59:60', '2016-12-31 23:59:59Z', 'x'.repeat(100_000)])(
    'refuses the time %.30s',
    async (occurredAt) => {
      const { status, body } = await tenant.send<Problem>({ ...lead('1'), occurredAt });
      expect([status, body.errors]).toMatchObject([422, [{ path: 'occurredAt', code: 'is_iso8601' }]]);
      expect(JSON.stringify(body).length).toBeLessThan(1_000);
    },
  );

  it('takes JSON behind a byte order mark, of which nothing is sent on', async () => {
    await tenant.subscribe(receiver.url);
    const data = '{"id":"\ufeff1","score":1.0}';
    await tenant.publish(`\ufeff{"type":"lead.create","data":${data}}`);
    const [request] = await receiver.received(1);
    expect(request?.body.toString()).toContain(`"data":${data}}`);
    expect(request?.body.toString().startsWith('{')).toBe(true);
  });
});
