import { Redis } from 'ioredis';
import { Database } from '../../src/database/database.js';
import { eventually, staysSo } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { Receiver } from '../support/receiver.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';
import { Tenant } from '../support/tenant.js';

const describeWithRedis = redisIsInstalled() ? describe : describe.skip;

describeWithRedis('an API that hands deliveries over to a worker (skipped without redis-server)', () => {
  let redis: RedisServer;
  let admin: Redis;
  let engine: Engine;
  let tenant: Tenant;
  let status: number;
  const receiver = new Receiver(() => ({ status }));

  beforeEach(async () => {
    status = 200;
    redis = await RedisServer.start();
    admin = new Redis(redis.url);
    // No sweep: what it would find is found without it, or not at all.
    engine = await Engine.start({ redisUrl: redis.url, settings: { sweepIntervalMs: 600_000 } });
    tenant = await Tenant.create(engine);
    await receiver.open();
  });
  afterEach(async () => {
    await engine.close();
    await receiver.close();
    admin.disconnect();
    await redis.close();
  });

  const lead = (n: number | string) => ({ type: 'lead.create', data: { n } });
  const query = async <Row extends object>(text: string): Promise<Row[]> =>
    (await engine.apis[0]?.get(Database).source.query<Row[]>(text)) ?? [];
  /** The number of the last job. */
  const jobs = async () => Number(await admin.get('{posthorn}:posthorn-deliveries:id'));
  const byStatus = () =>
    query<{ status: string; count: number; leased: number }>(
      `SELECT status, count(*)::int AS count, count(lease)::int AS leased FROM posthorn.deliveries
       GROUP BY status ORDER BY status`,
    );
  const allSucceed = (count: number) =>
    eventually(async () => expect(await byStatus()).toEqual([{ status: 'succeeded', count, leased: 0 }]));
  const repetitions = () =>
    receiver.requests.length - new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size;

  /** Publishes one event after the other until they bypass the queue. Returns how many it published. */
  async function untilHandedOver(): Promise<number> {
    let published = 0;
    await eventually(async () => {
      const before = await jobs();
      await tenant.publish(lead(published));
      published += 1;
      await receiver.received(published);
      return (await jobs()) === before;
    });
    return published;
  }

  it('makes no jobs for an endpoint that accepts its deliveries, and sends each once', async () => {
    await tenant.subscribe(receiver.url);
    const first = await untilHandedOver();
    const before = await jobs();
    for (let n = 0; n < 20; n += 1) await tenant.publish(lead(n));
    await tenant.send(Array.from({ length: 10 }, (_, n) => lead(n)));
    await receiver.received(first + 30);
    await allSucceed(first + 30);
    expect(await jobs()).toBe(before);
    expect(repetitions()).toBe(0);
    const { values } = await engine.metrics.counters.handedOver.get();
    expect(values[0]?.value).toBeGreaterThanOrEqual(30);
  });

  it('sends what is of another provider in its words, as the queue does', async () => {
    await tenant.subscribe(receiver.url, { profile: 'leadlex', events: ['contact.created'] });
    const first = await untilHandedOver();
    await tenant.publish(lead('last'));
    await receiver.received(first + 1);
    await allSucceed(first + 1);
    const types = receiver.requests.map(
      ({ body }) => (JSON.parse(body.toString()) as { event: string }).event,
    );
    expect(new Set(types)).toEqual(new Set(['contact.created']));
  });

  it('uses the queue for an endpoint that fails, and again none when it has recovered', async () => {
    await tenant.subscribe(receiver.url, { retrySchedule: [1, 1, 1, 1, 1], pauseAfter: null });
    const first = await untilHandedOver();
    status = 500;
    await tenant.publish(lead('fails'));
    await receiver.received(first + 1);
    status = 200;
    await allSucceed(first + 1);
    const before = receiver.requests.length;
    await eventually(async () => {
      const jobsBefore = await jobs();
      const seen = receiver.requests.length;
      await tenant.publish(lead('recovers'));
      await receiver.received(seen + 1);
      return (await jobs()) === jobsBefore;
    });
    expect(receiver.requests.length).toBeGreaterThan(before);
  });

  it('sends nothing more once a pause is answered', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    const first = await untilHandedOver();
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await tenant.publish(lead('held'));
    await eventually(async () =>
      expect(await byStatus()).toMatchObject([{ status: 'held', count: 1, leased: 0 }, { count: first }]),
    );
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    await allSucceed(first + 1);
  });

  it('looks again at an endpoint whose handover took long: a pause may have been answered since', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    const first = await untilHandedOver();
    await admin.client('PAUSE', 20_000, 'WRITE');
    await tenant.publish(lead('late'));
    const published = performance.now();
    await eventually(async () => expect(await byStatus()).toMatchObject([{ leased: 1 }, { count: first }]));
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    // The guarantee: a request may start up to 20 ms after the check.
    await eventually(() => performance.now() - published > 50);
    await admin.client('UNPAUSE');
    await eventually(async () =>
      expect(await byStatus()).toMatchObject([{ status: 'held', count: 1, leased: 0 }, { count: first }]),
    );
    expect(receiver.requests).toHaveLength(first);
  });

  it('finds deliveries whose message was lost: the sender cannot know whether it arrived', async () => {
    await tenant.subscribe(receiver.url);
    const first = await untilHandedOver();
    await admin.call('ACL', 'SETUSER', 'default', '-publish');
    await tenant.publish(lead('missed'));
    const [row] = await query<{ lease: string | null }>(
      `SELECT lease FROM posthorn.deliveries WHERE status = 'pending'`,
    );
    expect(row?.lease).not.toBeNull();
    await receiver.received(first + 1);
    await admin.call('ACL', 'SETUSER', 'default', '+publish');
    await allSucceed(first + 1);
    expect(repetitions()).toBe(0);
  });

  it('takes a lease back at once when its worker does not listen', async () => {
    await tenant.subscribe(receiver.url);
    const first = await untilHandedOver();
    await admin.call('ACL', 'SETUSER', 'default', '-subscribe');
    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await tenant.publish(lead('nobody listens'));
    await receiver.received(first + 1, 1_400);
    await allSucceed(first + 1);
    expect(repetitions()).toBe(0);
  });

  it('leaves to the queue what a worker gets while it stops', async () => {
    await tenant.subscribe(receiver.url);
    const first = await untilHandedOver();
    const publishing = Promise.all(Array.from({ length: 200 }, (_, n) => tenant.publish(lead(n))));
    await receiver.received(first + 20);
    await engine.stopWorkers();
    await publishing;
    await engine.startWorker();
    await allSucceed(first + 200);
    expect(repetitions()).toBe(0);
    expect(await query(`SELECT FROM posthorn.attempts WHERE error_code IS NOT NULL`)).toEqual([]);
  });

  it('tells Redis nothing of an event, and a message that is repeated or made up does nothing', async () => {
    await tenant.subscribe(receiver.url);
    const messages: [channel: string, message: Buffer][] = [];
    const spy = new Redis(redis.url);
    await spy.psubscribe('{posthorn}:*');
    spy.on('pmessageBuffer', (_pattern, channel: Buffer, message: Buffer) =>
      messages.push([channel.toString(), message]),
    );
    const first = await untilHandedOver();
    await tenant.publish(lead('a-marker-that-is-easy-to-find'));
    await receiver.received(first + 1);
    spy.disconnect();
    const mine = messages.filter(([channel]) => channel.includes(':worker:'));
    expect(mine.length).toBeGreaterThanOrEqual(2);
    for (const [, message] of messages) expect(message.toString('latin1')).not.toMatch(/marker|lead\.create/);
    const inbox = mine[0]?.[0] ?? '';
    for (const [, message] of messages) await admin.publish(inbox, message);
    await admin.publish(inbox, Buffer.from('{"lease":"0"}'));
    await admin.publish(inbox.replace(/worker:.*/, 'workers'), messages[0]?.[1] ?? '');
    await staysSo(() => receiver.requests.length === first + 1, {
      forMs: 300,
      because: 'a handover is sent within milliseconds',
    });
    await allSucceed(first + 1);
  });
});
