import pg from 'pg';
import type { EntityManager } from 'typeorm';
import { eventually } from '../../support/condition.js';
import { HostApp } from '../../support/host-app.js';
import { useStory } from '../../support/story.js';
import type { Published } from '../../support/tenant.js';
import { SpacesService, Subscriptions } from '../../../src/index.js';

const opened = (leadId: string, more: object = {}) => ({
  type: 'emailsOpened',
  data: { leadId, campaignId: 'cam_1', ...more },
});

describe('L04 L32 isFirst', () => {
  let second: string;
  let rows: pg.Client;
  const { engine, tenant, receiver } = useStory({ api: 2, profile: 'lemlist' });
  beforeAll(async () => {
    second = (await engine.apis[1]?.getUrl()) ?? '';
    rows = new pg.Client(engine.settings.databaseUrl);
    await rows.connect();
    engine.beforeClose(() => rows.end());
  });

  const hook = async (fields: object = {}, isFirst = true) =>
    (
      await tenant.subscribe(receiver.url, {
        events: ['emailsOpened'],
        profileOptions: { isFirst },
        ...fields,
      })
    ).id;
  const deliveriesOf = async (...events: object[]) => {
    const counts: number[] = [];
    for (const event of events) counts.push((await tenant.publish(event)).deliveries);
    return counts;
  };
  const reasonOf = async (event: string, subscription: string) => {
    const { data } = await engine.ok<{ data: { subscriptionId: string; reason: string | null }[] }>(
      'GET',
      tenant.path(`/events/${event}/routing`),
    );
    return data.find(({ subscriptionId }) => subscriptionId === subscription)?.reason;
  };
  const onceKeys = async () => {
    const { rows: found } = await rows.query<{ count: number }>('SELECT count(*)::int FROM posthorn.firsts');
    return found[0]?.count ?? 0;
  };

  it('tells the first of each type for each lead in each campaign', async () => {
    await hook();
    expect(
      await deliveriesOf(
        opened('lea_1'),
        opened('lea_1'),
        opened('lea_2'),
        opened('lea_1', { campaignId: 'cam_2' }),
        { ...opened('lea_1'), type: 'emailsClicked' },
      ),
    ).toEqual([1, 0, 1, 1, 0]);
  });

  it('without it sends all of them, and every webhook has once-keys of its own', async () => {
    await hook({}, false);
    await hook();
    expect(await deliveriesOf(opened('lea_1'), opened('lea_1'))).toEqual([2, 1]);
    await hook();
    expect(await deliveriesOf(opened('lea_1'), opened('lea_1'))).toEqual([2, 1]);
  });

  it('tells a lead state once, whichever activity led to it', async () => {
    await hook({ events: ['hooked'] });
    const linkedin = { ...opened('lea_1'), type: 'linkedinOpened' };
    expect(await deliveriesOf(opened('lea_1'), linkedin, opened('lea_1'))).toEqual([1, 0, 0]);
  });

  it('believes a product that says that it was not the first', async () => {
    const id = await hook();
    const late = await tenant.publish(opened('lea_1', { isFirst: false }));
    expect(late.deliveries).toBe(0);
    expect(await reasonOf(late.id, id)).toBe('profile:not_first');
    expect(
      await deliveriesOf(opened('lea_1', { isFirst: true }), opened('lea_1', { isFirst: true })),
    ).toEqual([1, 0]);
  });

  it('knows a lead by another name where it has no id, and what is about no lead by its campaign', async () => {
    await hook({ events: ['*'] });
    const event = (data: object) => ({ type: 'paused', data });
    expect(
      await deliveriesOf(
        event({ leadEmail: 'a@example.com' }),
        event({ leadEmail: 'b@example.com' }),
        event({ leadEmail: 'A@example.com' }),
        event({ leadId: 4 }),
        event({ leadId: 5 }),
        event({ leadId: '4' }),
        { type: 'campaignComplete', data: { campaignId: 'cam_1' } },
        { type: 'campaignComplete', data: { campaignId: 'cam_2' } },
        { type: 'campaignComplete', data: { campaignId: 'cam_1' } },
      ),
    ).toEqual([1, 1, 0, 1, 1, 0, 1, 1, 0]);
  });

  it('is exact when several processes publish at once, and within one request', async () => {
    await hook();
    const many = Array.from({ length: 40 }, (_, n) =>
      tenant.send(opened(`lea_${n % 4}`), n % 2 ? second : engine.url),
    );
    const alone = (await Promise.all(many)).map(({ body }) => body);
    expect(alone.filter(({ deliveries }) => deliveries === 1)).toHaveLength(4);
    const batches = Array.from({ length: 10 }, (_, n) =>
      tenant.send<{ data: Published[] }>(
        Array.from({ length: 20 }, (_, m) => opened(`lea_b${n % 2 ? m % 5 : 4 - (m % 5)}`)),
        n % 2 ? second : engine.url,
      ),
    );
    const together = (await Promise.all(batches)).flatMap(({ body }) => body.data);
    expect(together).toHaveLength(200);
    expect(together.filter(({ deliveries }) => deliveries === 1)).toHaveLength(5);

    const delivered = await tenant.deliveries('?limit=250');
    const first = [...alone, ...together].filter(({ deliveries }) => deliveries === 1).map(({ id }) => id);
    expect(delivered.map(({ eventId }) => eventId).sort()).toEqual(first.sort());
  });

  it('of events in one request the one that stands first is the first', async () => {
    await hook();
    const { body } = await tenant.send<{ data: Published[] }>([opened('lea_1'), opened('lea_1')]);
    expect(body.data.map(({ deliveries }) => deliveries)).toEqual([1, 0]);
  });

  it('a repeated publish consumes nothing and hears the same count; a refused one leaves nothing', async () => {
    await hook();
    const late = { ...opened('lea_1'), id: 'late' };
    expect(await deliveriesOf({ ...opened('lea_1'), id: 'first' }, late)).toEqual([1, 0]);
    expect(await tenant.publish({ ...opened('lea_1'), id: 'first' })).toMatchObject({
      duplicate: true,
      deliveries: 1,
    });
    expect(await tenant.publish(late)).toMatchObject({ duplicate: true, deliveries: 0 });
    const refused = [opened('lea_2'), { ...opened('lea_3'), id: 'first' }];
    expect(await tenant.send(refused)).toMatchObject({ status: 409 });
    expect(await deliveriesOf(opened('lea_2'))).toEqual([1]);
    const twice = [1, 2].map(() => ({ ...opened('lea_4'), id: 'twice' }));
    const { body } = await tenant.send<{ data: Published[] }>([opened('lea_4'), ...twice]);
    expect(body.data).toMatchObject([
      { deliveries: 1 },
      { deliveries: 0, duplicate: false },
      { deliveries: 0, duplicate: true },
    ]);
  });

  it('the routing answer says that another one was the first', async () => {
    const id = await hook();
    const first = await tenant.publish(opened('lea_1'));
    const late = await tenant.publish(opened('lea_1'));
    expect(await reasonOf(first.id, id)).toBeNull();
    expect(await reasonOf(late.id, id)).toBe('not_first');
    const other = await tenant.publish({ ...opened('lea_1'), type: 'emailsClicked' });
    expect(await reasonOf(other.id, id)).toBe('event_type');
    await engine.ok('PATCH', tenant.path(`/subscriptions/${id}`), { profileOptions: { isFirst: false } });
    expect(await reasonOf(late.id, id)).toBe('changed_later');
  });

  it('a replay sends the first again and never a later one; for a younger webhook the oldest is the first', async () => {
    const since = new Date(Date.now() - 60_000).toISOString();
    const old = await hook();
    const [first] = [await tenant.publish(opened('lea_1')), await tenant.publish(opened('lea_1'))];
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(1));
    const replay = async (subscription: string) => {
      const statuses = ['none', 'succeeded'];
      const path = tenant.path(`/subscriptions/${subscription}/replay`);
      const { id } = await engine.ok<{ id: string }>('POST', path, { since, statuses });
      await eventually(async () =>
        expect(await engine.ok('GET', tenant.path(`/jobs/${id}`))).toMatchObject({ status: 'completed' }),
      );
      const delivered = await tenant.deliveries(`?subscription=${subscription}`);
      return delivered.map(({ eventId }) => eventId);
    };

    expect(await replay(old)).toEqual([first.id, first.id]);
    expect(await replay(await hook())).toEqual([first.id]);
  });

  it('costs other spaces nothing, and a deleted webhook leaves nothing behind', async () => {
    const before = await onceKeys();
    await hook({}, false);
    await deliveriesOf(opened('lea_1'));
    expect(await onceKeys()).toBe(before);
    const id = await hook();
    await deliveriesOf(opened('lea_1'), opened('lea_2'));
    expect(await onceKeys()).toBe(before + 2);
    await engine.ok('DELETE', tenant.path(`/subscriptions/${id}`));
    expect(await onceKeys()).toBe(before);
    await hook();
    await deliveriesOf(opened('lea_1'));
    await engine.ok('DELETE', `/v1/spaces/${tenant.uid}`);
    expect(await onceKeys()).toBe(before);
  });

  it("is taken back with the host's own transaction", async () => {
    const host = await HostApp.start({ worker: false });
    const space = await host.app.get(SpacesService).create({ name: 'Acme', uid: 'acme' });
    await host.app.get(Subscriptions).create(space, {
      url: receiver.url,
      profile: 'lemlist',
      events: ['emailsOpened'],
      profileOptions: { isFirst: true },
    });
    const data = { lead: { id: 'l1' }, campaign: null, email: { id: 'e1' } };
    const emit = (manager?: EntityManager) =>
      host.emitter.emit({ space: 'acme', ...(manager && { manager }) }, { type: 'email.open', data });
    const failing = host.source.transaction(async (manager) => {
      expect(await emit(manager)).toMatchObject({ deliveries: 1 });
      expect(await emit(manager)).toMatchObject({ deliveries: 0 });
      throw new Error('No.');
    });
    await expect(failing).rejects.toThrow('No.');
    // Waits for the end of the other transaction, and then knows who was the first.
    const holding = host.source.transaction(async (manager) => {
      expect(await emit(manager)).toMatchObject({ deliveries: 1 });
      const waiting = emit();
      await eventually(async () => {
        const [blocked] = await host.source.query<{ count: string }[]>(
          `SELECT count(*) FROM pg_locks WHERE NOT granted`,
        );
        return blocked?.count !== '0';
      });
      return { waiting };
    });
    expect(await (await holding).waiting).toMatchObject({ deliveries: 0 });
    await host.close();
  });
});
