import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';
import { Fleet } from './fleet.js';
import { expectNothingLost } from './invariants.js';
import { Redis } from 'ioredis';

const describeWithRedis = redisIsInstalled() ? describe : describe.skip;

describeWithRedis('Redis that fails (skipped where redis-server is not installed)', () => {
  let redis: RedisServer;
  let fleet: Fleet;
  beforeEach(async () => {
    redis = await RedisServer.start();
    fleet = await Fleet.start({ redisUrl: redis.url });
  });
  afterEach(async () => {
    await fleet.close();
    await redis.close();
  });

  /** Publishes one event every `everyMs` for `ms`, and expects each to be taken in under a second. */
  async function publishFor(ms: number, everyMs: number): Promise<void> {
    const end = performance.now() + ms;
    for (let n = 0; performance.now() < end; n += 1) {
      const started = performance.now();
      expect(await fleet.publish(10_000 + n)).toBe(202);
      expect(performance.now() - started).toBeLessThan(1_000);
      await sleep(everyMs);
    }
  }

  async function command(...args: [string, ...string[]]): Promise<void> {
    const client = new Redis(redis.url);
    await client.call(...args);
    client.disconnect();
  }

  it('emptied with work waiting, delayed and active loses nothing', async () => {
    let failing = true;
    const receiver = await fleet.subscribe(() => ({ status: failing ? 500 : 200, delayMs: 20 }));
    await fleet.publishMany(200);
    await eventually(() => receiver.requests.length > 100);
    await command('FLUSHALL');
    failing = false;
    await fleet.publishMany(50, 1_000);
    await expectNothingLost(fleet, receiver);
  });

  it('killed and started again empty loses nothing', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 10 }));
    const publishing = fleet.publishMany(300);
    await eventually(() => receiver.requests.length > 20);
    await redis.stop();
    await publishing;
    await redis.start();
    await expectNothingLost(fleet, receiver);
    expect(fleet.accepted).toHaveLength(300);
  });

  it('down for a minute hinders no publish', async () => {
    const receiver = await fleet.subscribe();
    await redis.stop();
    await publishFor(60_000, 200);
    await redis.start();
    await expectNothingLost(fleet, receiver);
  });

  it('hung hinders no publish', async () => {
    const receiver = await fleet.subscribe();
    redis.signal('SIGSTOP');
    await publishFor(10_000, 100);
    redis.signal('SIGCONT');
    await expectNothingLost(fleet, receiver);
  });

  it('out of memory hinders no publish', async () => {
    const receiver = await fleet.subscribe();
    await command('CONFIG', 'SET', 'maxmemory', '1');
    await publishFor(5_000, 100);
    await command('CONFIG', 'SET', 'maxmemory', '0');
    await expectNothingLost(fleet, receiver);
  });
});
