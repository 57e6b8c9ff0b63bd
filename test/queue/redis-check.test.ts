import { Redis } from 'ioredis';
import { checkRedis } from '../../src/queue/redis-check.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { RedisServer } from '../support/redis.js';

describe('a Redis that cannot be used', () => {
  let redis: RedisServer;
  let admin: Redis;
  beforeAll(async () => {
    redis = await RedisServer.start({ databases: '4' });
    admin = new Redis(redis.url);
  });
  afterAll(async () => {
    admin.disconnect();
    await redis.close();
  });

  const as = (user: string, ...rules: string[]) =>
    admin.acl('SETUSER', user, 'reset', 'on', '>secret', ...rules);
  const urlOf = (user: string, rest = '') => redis.url.replace('//', `//${user}:secret@`) + rest;

  it.each([
    ['has no rights', []],
    ['may only connect', ['+@connection']],
    ['has the commands, but not the keys', ['+@all', '~other:*']],
    ['has the keys, but may not run scripts', ['~*', '+@all', '-@scripting']],
    ['may not write', ['~*', '+@all', '-@write']],
    ['may not wait for jobs', ['~*', '+@all', '-bzpopmin']],
    ['may use no streams', ['~*', '+@all', '-@stream']],
  ])('is one line at the start when its user %s', async (_what, rules) => {
    await as('limited', ...rules);
    await expect(checkRedis(urlOf('limited'))).rejects.toThrow(
      /^The Redis at \S+ does not let the user "limited" do what the queue does: it needs all .* keys \{posthorn\*/,
    );
  });

  it('is one line when its user is unknown or switched off', async () => {
    await expect(checkRedis(urlOf('nobody'))).rejects.toThrow(/refused the login: WRONGPASS/);
    await as('asleep', 'off', '~*', '+@all');
    await expect(checkRedis(urlOf('asleep'))).rejects.toThrow(/refused the login: WRONGPASS/);
  });

  it('is one line when it has no database of that number, and none when it has', async () => {
    await expect(checkRedis(`${redis.url}/9`)).rejects.toThrow(/^The Redis at \S+ has no database 9\. Check/);
    await expect(checkRedis(`${redis.url}/3`)).resolves.toBeUndefined();
  });

  it('is none for a user with what docs/operating.md says, and leaves no key', async () => {
    await as('posthorn', '~{posthorn*', '&{posthorn}:*', '+@all', '-@admin');
    await expect(checkRedis(urlOf('posthorn'))).resolves.toBeUndefined();
    expect(await admin.dbsize()).toBe(0);
  });

  it('is one line when it is no Cluster, and none while it is full', async () => {
    await expect(checkRedis(redis.url.replace('redis:', 'redis+cluster:'))).rejects.toThrow(
      /^The Redis at \S+ is no node of a Cluster: the address must begin with redis or rediss\. Check/,
    );
    await admin.config('SET', 'maxmemory', '1');
    await expect(checkRedis(redis.url)).resolves.toBeUndefined();
    await admin.config('SET', 'maxmemory', '0');
  });
});

it('a Cluster is one line when the address takes it for a single Redis, and none when it does not', async () => {
  const cluster = await RedisCluster.start();
  try {
    const [{ password }] = [new URL(cluster.url.replace('redis+cluster', 'redis').replace(/,.*/, ''))];
    const single = cluster.nodes.map(({ port }) => checkRedis(`redis://:${password}@127.0.0.1:${port}`));
    const results = await Promise.allSettled(single);
    const refused = results.flatMap((result) =>
      result.status === 'rejected' ? [String(result.reason)] : [],
    );
    // The node that has the queue's keys could be used, until they are moved.
    expect(refused).toHaveLength(2);
    for (const message of refused)
      expect(message).toMatch(/is a node of a Cluster: the address must begin with redis\+cluster/);
    await expect(checkRedis(cluster.url)).resolves.toBeUndefined();
  } finally {
    await cluster.close();
  }
});
