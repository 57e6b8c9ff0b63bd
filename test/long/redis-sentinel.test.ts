import { checkRedis } from '../../src/queue/redis-check.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { startReceiver } from '../support/receiver.js';
import { RedisServer } from '../support/redis.js';
import { RedisSentinels } from '../support/redis-sentinel.js';
import { Tenant } from '../support/tenant.js';

/** A Sentinel whose process was stalled for two seconds waits for 30 s before it acts. */
const FAILOVER_MS = 60_000;

describe('Redis behind Sentinels', () => {
  let redis: RedisSentinels;
  beforeAll(async () => {
    redis = await RedisSentinels.start();
  }, 30_000);
  afterAll(() => redis.close());

  it('says at the start which password or name is wrong', async () => {
    await expect(checkRedis(redis.url())).resolves.toBeUndefined();
    await expect(checkRedis(redis.url('wrong'))).rejects.toThrow(
      `The Redis at 127.0.0.1:${redis.master.port} refused the login: WRONGPASS invalid username-password pair or user is disabled. Check REDIS_URL.`,
    );
    await expect(checkRedis(redis.url(undefined, 'other'))).rejects.toThrow(
      `The Sentinel at 127.0.0.1:${redis.port} does not know the master "other". Check REDIS_URL.`,
    );
    await expect(checkRedis('redis+sentinel://127.0.0.1:1/main')).resolves.toBeUndefined();
  });

  it(
    'is followed to the new master',
    async () => {
      const receiver = await startReceiver();
      const engine = await Engine.start({ redisUrl: redis.url(), settings: { sweepIntervalMs: 600_000 } });
      const tenant = await Tenant.create(engine);
      await tenant.subscribe(receiver.url);
      await tenant.publish({ type: 'lead.create', data: {} });
      await receiver.received(1);
      await redis.master.stop();
      // Jobs that are lost meanwhile are the sweeper's, which does not run here.
      await eventually(
        async () => {
          const seen = receiver.requests.length;
          await tenant.publish({ type: 'lead.create', data: {} });
          await eventually(() => receiver.requests.length > seen, { timeoutMs: 300 });
          return true;
        },
        { timeoutMs: FAILOVER_MS },
      );
      await engine.close();
      await receiver.close();
    },
    2 * FAILOVER_MS,
  );
});

it('a wrong password for a single Redis is one line at the start, and one that is away is none', async () => {
  const redis = await RedisServer.start({ requirepass: 'right' });
  await expect(checkRedis(redis.url)).rejects.toThrow(/refused the login: NOAUTH/);
  await expect(checkRedis(redis.url.replace('//', '//:wrong@'))).rejects.toThrow(/WRONGPASS/);
  // A Sentinel's login is checked by the same command.
  const sentinel = redis.url
    .replace('redis:', 'redis+sentinel:')
    .replace(/\/?$/, '/main?sentinelPassword=wrong');
  await expect(checkRedis(sentinel)).rejects.toThrow(
    /^The Sentinel at \S+ refused the login: WRONGPASS .* Check sentinelUsername and sentinelPassword in REDIS_URL/,
  );
  await expect(checkRedis(redis.url.replace('//', '//:right@'))).resolves.toBeUndefined();
  await redis.close();
  await expect(checkRedis(redis.url)).resolves.toBeUndefined();
});
