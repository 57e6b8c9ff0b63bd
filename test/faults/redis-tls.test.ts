import { randomBytes } from 'node:crypto';
import { checkRedis } from '../../src/queue/redis-check.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { NodeProcess } from '../support/node-process.js';
import { Receiver, tlsFile } from '../support/receiver.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { RedisSentinels } from '../support/redis-sentinel.js';
import { RedisServer } from '../support/redis.js';

/** A Sentinel whose process was stalled for two seconds waits for 30 s before it acts. */
const FAILOVER_MS = 60_000;

const KEY = 'phk_admin_0123456789abcdef';

/** An API and a worker in processes of their own, which trust the tests' authority. They meet in this Redis only. */
describe('the queue on a Redis that speaks TLS', () => {
  const running: NodeProcess[] = [];
  const receiver = new Receiver();
  let database: TestDatabase;
  let url = '';
  beforeEach(async () => {
    await receiver.open();
    database = await createTestDatabase();
  });
  afterEach(async () => {
    for (const main of running) main.kill('SIGKILL');
    for (const main of running.splice(0)) await main.ended;
    await receiver.close();
    await database.drop();
  });

  async function start(redisUrl: string): Promise<void> {
    const env = {
      DATABASE_URL: database.url,
      REDIS_URL: redisUrl,
      NODE_EXTRA_CA_CERTS: tlsFile('ca.pem'),
      PORT: '0',
      POSTHORN_ADMIN_KEY: KEY,
      POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
      // What is lost in Redis would be found after an hour.
      POSTHORN_SWEEP_INTERVAL_MS: '3600000',
    };
    const api = NodeProcess.run('dist/src/main.js', [], { ...env, POSTHORN_ROLE: 'api' });
    const roles = { POSTHORN_ROLE: 'worker', POSTHORN_HEALTH_PORT: '0' };
    const worker = NodeProcess.run('dist/src/main.js', [], { ...env, ...roles });
    running.push(api, worker);
    const options = { timeoutMs: 30_000 };
    url = await eventually(() => /listens on (\S+)/.exec(api.stdout)?.[1] ?? null, options);
    await eventually(() => worker.stdout.includes('Posthorn delivers (role worker)'), options);
    await post('/v1/spaces', { name: 'Acme', uid: 'acme' });
    await post('/v1/spaces/acme/subscriptions', { url: receiver.url });
  }

  async function post(path: string, body: object): Promise<number> {
    const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
    const answer = await fetch(url + path, { method: 'POST', headers, body: JSON.stringify(body) });
    await answer.arrayBuffer();
    return answer.status;
  }
  const publish = () => post('/v1/spaces/acme/events', { type: 'lead.create', data: {} });
  async function expectDelivery(): Promise<void> {
    const seen = receiver.requests.length;
    expect(await publish()).toBe(202);
    await receiver.received(seen + 1);
  }
  /** Publishes until one is delivered within a moment. */
  const expectDeliveryAgain = () =>
    eventually(
      async () => {
        const seen = receiver.requests.length;
        await publish();
        return eventually(() => receiver.requests.length > seen, { timeoutMs: 300 });
      },
      { timeoutMs: FAILOVER_MS },
    );

  it(
    'carries deliveries',
    async () => {
      const redis = await RedisServer.start({ requirepass: 'right' }, { isTls: true });
      try {
        await start(redis.url.replace('//', '//:right@'));
        await expectDelivery();
      } finally {
        await redis.close();
      }
    },
    2 * FAILOVER_MS,
  );

  it(
    'carries them in a Cluster, also when its nodes are away one after the other',
    async () => {
      const redis = await RedisCluster.start({ isTls: true });
      try {
        await start(redis.url);
        // Over the shards, that is over the nodes, by their ids.
        for (let n = 0; n < 20; n += 1) await expectDelivery();
        for (const node of redis.nodes) {
          await node.stop();
          await publish();
          await redis.startAgain();
          await expectDeliveryAgain();
        }
      } finally {
        await redis.close();
      }
    },
    4 * FAILOVER_MS,
  );

  it(
    'carries them behind Sentinels, and after they have made another server the master',
    async () => {
      const redis = await RedisSentinels.start({ isTls: true });
      try {
        await start(redis.url());
        await expectDelivery();
        await redis.master.stop();
        await expectDeliveryAgain();
      } finally {
        await redis.close();
      }
    },
    2 * FAILOVER_MS,
  );
});

it('a certificate that is not trusted, and a wrong scheme, are one line at the start', async () => {
  const [secure, plain] = [
    await RedisServer.start({ requirepass: 'right' }, { isTls: true }),
    await RedisServer.start({ requirepass: 'right' }),
  ];
  const untrusted = /^The certificate of the Redis at 127\.0\.0\.1:\d+ is not trusted: .*NODE_EXTRA_CA_CERTS/;
  try {
    await expect(checkRedis(secure.url)).rejects.toThrow(untrusted);
    await expect(checkRedis(plain.url.replace('redis:', 'rediss:'))).rejects.toThrow(
      `The Redis at 127.0.0.1:${plain.port} does not speak TLS. Let the address in REDIS_URL begin with redis instead of rediss.`,
    );
    await expect(checkRedis(secure.url.replace('rediss:', 'redis:'))).rejects.toThrow(
      `The Redis at 127.0.0.1:${secure.port} speaks TLS. Let the address in REDIS_URL begin with rediss instead of redis.`,
    );
  } finally {
    await secure.close();
    await plain.close();
  }
  const cluster = await RedisCluster.start({ isTls: true });
  try {
    await expect(checkRedis(cluster.url)).rejects.toThrow(untrusted);
    await expect(checkRedis(cluster.url.replace('rediss+', 'redis+'))).rejects.toThrow('speaks TLS');
  } finally {
    await cluster.close();
  }
  const sentinels = await RedisSentinels.start({ isTls: true });
  try {
    await expect(checkRedis(sentinels.url())).rejects.toThrow(
      new RegExp(untrusted.source.replace('Redis', 'Sentinel')),
    );
    await expect(checkRedis(sentinels.url().replace('rediss+', 'redis+'))).rejects.toThrow('speaks TLS');
  } finally {
    await sentinels.close();
  }
}, 60_000);
