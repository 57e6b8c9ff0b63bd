import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import { eventually } from '../support/condition.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';
import { Fleet, type Member } from './fleet.js';
import { expectNothingLost } from './invariants.js';

const describeWithRedis = redisIsInstalled() ? describe : describe.skip;
const EVERY_MS = 5;

describeWithRedis('deliveries that are handed over (skipped where redis-server is not installed)', () => {
  let redis: RedisServer;
  let fleet: Fleet;
  let admin: Redis;
  let published: number;
  beforeEach(async () => {
    published = 0;
    redis = await RedisServer.start();
    admin = new Redis(redis.url, { maxRetriesPerRequest: null });
    admin.on('error', () => undefined);
    fleet = await Fleet.start({ redisUrl: redis.url });
  });
  afterEach(async () => {
    await fleet.close();
    admin.disconnect();
    await redis.close();
  });

  /** Publishes one event after the other, as fast as an ordinary application, while `work` goes on. */
  async function publishDuring(work: () => Promise<unknown>): Promise<void> {
    const over = new AbortController();
    const working = work().finally(() => over.abort());
    while (!over.signal.aborted) {
      await fleet.publish((published += 1)).catch(() => undefined);
      await sleep(EVERY_MS);
    }
    await working;
  }

  /** Lets events come until they bypass the queue. */
  async function untilHandedOver(): Promise<void> {
    await publishDuring(() => handedOver(20));
  }

  /** Waits for so many messages between the processes: pulses are two a second, all others are handovers. */
  async function handedOver(count: number): Promise<void> {
    const before = await publishes();
    await eventually(async () => (await publishes()) >= before + count, { timeoutMs: 20_000 });
  }
  const publishes = async () =>
    Number(/cmdstat_publish:calls=(\d+)/.exec(await admin.info('commandstats'))?.[1] ?? 0);

  async function kill(members: Member[]): Promise<void> {
    const [member] = members.splice(0, 1);
    member?.child.kill('SIGKILL');
    await member?.ended;
  }

  it('are most of a flood that begins before the worker knows the endpoint', async () => {
    const receiver = await fleet.subscribe();
    const path = `/v1/spaces/${fleet.space}/events`;
    const batch = Array.from({ length: 100 }, (_, id) => ({ type: 'lead.create', data: { id } }));
    const publish = async () => {
      for (let n = 0; n < 15; n += 1) expect((await fleet.call('POST', path, batch)).status).toBe(202);
    };
    await Promise.all(Array.from({ length: 8 }, publish));
    await receiver.received(12_000);
    const metrics = await (await fetch(`${fleet.apis[0]?.url}/metrics`)).text();
    expect(Number(/^posthorn_handed_over_total(?:{.*})? (\d+)/m.exec(metrics)?.[1])).toBeGreaterThan(6_000);
  });

  it('survive a worker that is killed with some on their way, and are sent by another one', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 5 }));
    await untilHandedOver();
    await publishDuring(async () => {
      await kill(fleet.workers);
      await fleet.startWorker();
      await handedOver(50);
    });
    await expectNothingLost(fleet, receiver);
    expect(fleet.accepted).toHaveLength(published);
  });

  it('survive an API that is killed between writing and telling', async () => {
    const receiver = await fleet.subscribe();
    await untilHandedOver();
    // What it writes from now on nobody is told of.
    redis.signal('SIGSTOP');
    for (let n = 0; n < 50; n += 1) await fleet.publish((published += 1));
    await kill(fleet.apis);
    redis.signal('SIGCONT');
    await expectNothingLost(fleet, receiver, { timeoutMs: 20_000 });
    expect(fleet.accepted).toHaveLength(published);
  });

  it('survive a Redis that is killed and started again, with nothing sent twice', async () => {
    const receiver = await fleet.subscribe();
    await untilHandedOver();
    await publishDuring(async () => {
      await redis.stop();
      await sleep(2_000);
      await redis.start();
      await handedOver(50);
    });
    await expectNothingLost(fleet, receiver);
    expect(fleet.accepted).toHaveLength(published);
    expect(receiver.requests).toHaveLength(published);
  });

  it('survive a worker and a Redis that are killed together', async () => {
    const receiver = await fleet.subscribe();
    await untilHandedOver();
    await publishDuring(async () => {
      await Promise.all([kill(fleet.workers), redis.stop()]);
      await redis.start();
      await fleet.startWorker();
    });
    await expectNothingLost(fleet, receiver);
    expect(fleet.accepted).toHaveLength(published);
  });

  it('are few in the hands of a worker that freezes: others send what comes after', async () => {
    await fleet.startWorker();
    const receiver = await fleet.subscribe();
    await untilHandedOver();
    const frozen = fleet.workers[0];
    frozen?.child.kill('SIGSTOP');
    // Nothing more is handed over to a worker that is silent for two and a half seconds.
    await sleep(4_000);
    const from = published;
    await publishDuring(() => sleep(2_000));
    const late = fleet.accepted.slice(from);
    await eventually(
      () => {
        const seen = new Set(receiver.requests.map(({ headers }) => String(headers['webhook-id'])));
        expect(late.filter((id) => !seen.has(id))).toEqual([]);
      },
      { timeoutMs: 4_000 },
    );
    frozen?.child.kill('SIGCONT');
    await expectNothingLost(fleet, receiver);
    expect(receiver.requests).toHaveLength(published);
  });
});
