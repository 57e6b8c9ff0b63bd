import type { INestApplicationContext } from '@nestjs/common';
import { CertificateWatch } from '../../src/dispatcher/upkeep/certificate-watch.js';
import { Expirer } from '../../src/dispatcher/upkeep/expirer.js';
import { Database } from '../../src/database/database.js';
import type { Sql } from '../../src/database/sql.js';
import { noteCertificates } from '../../src/endpoints/certificates.js';
import { OPERATIONAL_TYPES } from '../../src/operational-events/operational-types.js';
import { parsePublicId } from '../../src/core/ids.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { ManualClock } from '../support/manual-clock.js';
import { Receiver } from '../support/receiver.js';
import { useStory } from '../support/story.js';
import { Tenant } from '../support/tenant.js';

const DAY = 86_400_000;
const OPS = '/v1/spaces/ops';
const lead = { type: 'lead.create', data: {} };
const leads = (count: number) => Array.from({ length: count }, () => lead);

interface Body {
  type: string;
  data: { space: object; subscription: { id: string; url: string } } & Record<string, unknown>;
}

describe('operational events', () => {
  const clock = new ManualClock();
  const operator = new Receiver();
  let status: number;
  const { engine, tenant, receiver } = useStory({
    clock,
    settings: { operationalSpace: 'ops', heldDays: 30 },
    engineFor: 'test',
    answer: () => ({ status }),
  });
  beforeEach(async () => {
    status = 500;
    await operator.open();
    await engine.ok('POST', `${OPS}/subscriptions`, {
      url: operator.url,
      events: ['posthorn.subscription.*'],
    });
  });
  afterEach(() => operator.close());

  const bodies = () => operator.requests.map(({ body }) => JSON.parse(body.toString()) as Body);
  const arrived = (types: string[]) =>
    eventually(() => expect(bodies().map(({ type }) => type.split('.').at(-1))).toEqual(types));
  const worker = () => engine.workers[0];
  const look = () => worker()?.get(CertificateWatch).look();
  /** A worker sees a certificate that ends in so many days. Gives when. */
  const see = async (id: string, inDays: number) => {
    const sql: Sql = (...given) => (worker() as INestApplicationContext).get(Database).sql(...given);
    const validTo = new Date(clock.now() + inDays * DAY);
    await noteCertificates(
      sql,
      [{ subscriptionId: parsePublicId('sub', id) as string, validTo }],
      clock.date(),
    );
    return validTo.toISOString();
  };
  const pause = async (fields: object = {}) => {
    const { id } = await tenant.subscribe(receiver.url, fields);
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    return id;
  };

  it('tell that an endpoint was paused and has recovered, with what an operator wants to know', async () => {
    const { id } = await tenant.subscribe(receiver.url, { description: 'CRM' });
    await tenant.send(leads(10));
    await arrived(['paused']);
    const [paused] = bodies();
    const state = await tenant.subscription(id);
    expect(paused?.data).toEqual({
      summary: `${tenant.uid}: ${receiver.url} is ${state.pausedDetail}`,
      space: { id: expect.stringMatching(/^spc_/) as string, uid: tenant.uid, name: tenant.uid },
      subscription: { id, uid: null, url: receiver.url, description: 'CRM' },
      reason: 'failures',
      detail: state.pausedDetail,
      failureCount: 10,
      firstFailureAt: state.firstFailureAt,
      pausedAt: state.pausedAt,
      nextProbeAt: state.nextProbeAt,
      lastAttempt: { statusCode: 500, errorCode: 'http_500', at: expect.any(String) as string },
    });

    status = 200;
    clock.advance(60_000);
    await engine.sweep();
    await arrived(['paused', 'recovered']);
    expect(bodies()[1]?.data).toMatchObject({ subscription: { id }, pausedAt: state.pausedAt });
  });

  it('tell of a 410, and of nothing that a person did', async () => {
    const id = await pause();
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    status = 410;
    await tenant.publish(lead);
    await arrived(['paused']);
    expect(bodies()[0]?.data).toMatchObject({ reason: 'gone', nextProbeAt: null, failureCount: 0 });
  });

  it('have a tag with the uid of the space that they are about, so that an endpoint can ask for some', async () => {
    const own = { level: 'tags', tags: { space: tenant.uid } };
    const [all] = (await engine.ok<{ data: { id: string }[] }>('GET', `${OPS}/subscriptions`)).data;
    await engine.ok('PATCH', `${OPS}/subscriptions/${all?.id}`, { scope: own });
    status = 410;
    const other = await Tenant.create(engine);
    await other.subscribe(receiver.url);
    await other.publish(lead);
    await eventually(async () => expect((await other.deliveries())[0]?.status).toBe('failed'));
    await tenant.subscribe(receiver.url);
    await tenant.publish(lead);
    await arrived(['paused']);
    expect(bodies()[0]?.data.space).toMatchObject({ uid: tenant.uid });
  });

  it('tell how many deliveries were lost once their endpoint has recovered', async () => {
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [], pauseAfter: null });
    await tenant.send(leads(3));
    await eventually(async () =>
      expect((await tenant.deliveries('?status=failed')).map((one) => one.subscriptionId)).toEqual([
        id,
        id,
        id,
      ]),
    );
    status = 200;
    clock.advance(1_000);
    await tenant.publish(lead);
    await arrived(['lost_deliveries']);
    expect(bodies()[0]?.data).toMatchObject({ subscription: { id }, deliveries: 3 });
  });

  it('tell a day before held deliveries expire, and when they have', async () => {
    const id = await pause({ heldDays: 2 });
    await tenant.send(leads(2));
    clock.advance(1.5 * DAY);
    await worker()?.get(Expirer).held();
    await worker()?.get(Expirer).held();
    await arrived(['held_expiring']);
    clock.advance(DAY);
    await worker()?.get(Expirer).held();
    await arrived(['held_expiring', 'held_expired']);
    expect(bodies().map(({ data }) => data)).toMatchObject([
      { subscription: { id }, deliveries: 2, heldDays: 2 },
      { subscription: { id }, deliveries: 2 },
    ]);
  });

  it('tell once a week that a certificate expires within 14 days, if it was seen lately and is in use', async () => {
    const certificate = async (days: number) => {
      const { id } = await tenant.subscribe(receiver.url);
      await see(id, days);
      return id;
    };
    const [soon, , paused] = [await certificate(13), await certificate(15), await certificate(5)];
    await engine.ok('POST', tenant.path(`/subscriptions/${paused}/pause`));
    await look();
    await look();
    await arrived(['certificate_expiring']);
    expect(bodies()[0]?.data).toMatchObject({ subscription: { id: soon } });
    // Nobody has seen either of them since.
    clock.advance(8 * DAY);
    await look();
    const again = await certificate(2);
    await look();
    await arrived(['certificate_expiring', 'certificate_expiring']);
    expect(bodies()[1]?.data).toMatchObject({ subscription: { id: again } });
  });

  it('tell of one certificate a week later again, and at once when it was renewed and expires again', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    const end = async (inDays: number) => {
      const validTo = await see(id, inDays);
      await look();
      return validTo;
    };
    const first = await end(13);
    clock.advance(6.9 * DAY);
    await end(6);
    clock.advance(0.2 * DAY);
    const aWeekLater = await end(5);
    clock.advance(DAY);
    const { id: other } = await tenant.subscribe(receiver.url);
    const others = await see(other, 10);
    await end(90);
    const renewed = await end(4);
    await arrived(Array<string>(4).fill('certificate_expiring'));
    expect(bodies().map(({ data }) => data.validTo)).toEqual([first, aWeekLater, others, renewed]);
  });

  it('can be had for one space only, by the tag "space"', async () => {
    const only = new Receiver();
    await only.open();
    try {
      await engine.ok('POST', `${OPS}/subscriptions`, {
        url: only.url,
        scope: { level: 'tags', tags: { space: 'another' } },
      });
      await tenant.subscribe(receiver.url);
      await tenant.send(leads(10));
      await arrived(['paused']);
      expect(only.requests).toHaveLength(0);
    } finally {
      await only.close();
    }
  });

  it('of the space that gets them are no endless chain', async () => {
    await engine.ok('POST', `${OPS}/subscriptions`, { url: receiver.url, pauseAfter: 1 });
    await tenant.subscribe(receiver.url);
    await tenant.send(leads(10));
    await arrived(['paused', 'paused']);
    const { data } = await engine.ok<{ data: object[] }>('GET', `${OPS}/events`);
    expect(data).toHaveLength(2);
  });

  it('prevent nothing while their space is missing', async () => {
    await engine.ok('DELETE', OPS);
    const { id } = await tenant.subscribe(receiver.url);
    await tenant.send(leads(10));
    await eventually(async () => expect(await tenant.subscription(id)).toMatchObject({ status: 'paused' }));
    expect(operator.requests).toHaveLength(0);
  });
});

describe('the space of operational events', () => {
  const paused = 'posthorn.subscription.paused';
  const typeOf = (engine: Engine) => engine.ok('GET', `${OPS}/event-types/${paused}`);

  it('is made once with its types, and keeps what an operator changes', async () => {
    const engine = new Engine({ settings: { operationalSpace: 'ops' } });
    await engine.open();
    try {
      expect(await typeOf(engine)).toMatchObject({ family: 'Posthorn', custom: true });
      const { data } = await engine.ok<{ data: { name: string }[] }>('GET', `${OPS}/event-types`);
      expect(data.map(({ name }) => name)).toEqual(Object.keys(OPERATIONAL_TYPES).sort());
      await engine.ok('PATCH', `${OPS}/catalogue`, { builtInEvents: true });
      await engine.ok('PUT', `${OPS}/event-types/${paused}`, { description: 'Call the customer' });
      await engine.ok('PATCH', OPS, { name: 'Operations' });
      await engine.startApi();
      expect(await typeOf(engine)).toMatchObject({ description: 'Call the customer' });
      expect(await engine.ok('GET', OPS)).toMatchObject({ name: 'Operations' });
      expect(await engine.ok('GET', `${OPS}/catalogue`)).toMatchObject({ builtInEvents: true });
    } finally {
      await engine.close();
    }
  });

  it('is not made without the setting, and a process starts where it cannot be made', async () => {
    const engine = new Engine();
    await engine.open();
    try {
      expect((await engine.call('GET', OPS)).status).toBe(404);
      // Its types are fixed.
      await engine.ok('POST', '/v1/spaces', { name: 'ops', uid: 'ops', profile: 'lemlist' });
      engine.settings.operationalSpace = 'ops';
      await engine.startApi();
      expect((await engine.call('GET', `${OPS}/event-types/${paused}`)).status).toBe(404);
    } finally {
      await engine.close();
    }
  });
});
