import { LastingRedis } from '../../src/queue/lasting-redis.js';
import { eventually, staysSo } from '../support/condition.js';
import { RedisServer } from '../support/redis.js';

describe('a lasting connection to Redis', () => {
  let server: RedisServer;
  let redis: LastingRedis;
  beforeAll(async () => {
    server = await RedisServer.start();
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    redis = new LastingRedis(server.url, { retryStrategy: () => 50, lazyConnect: true });
    redis.on('error', () => undefined);
    await redis.connect();
  });
  afterEach(() => {
    redis.disconnect();
  });

  /** What ioredis does when the Sentinels report a new master while it connects. */
  async function giveUp(one: LastingRedis): Promise<void> {
    const { connector } = one as unknown as { connector: { connect: () => Promise<unknown> } };
    const connect = connector.connect.bind(connector);
    connector.connect = () => Promise.reject(new Error('Connection is closed.'));
    one.disconnect(true);
    await eventually(() => one.status === 'end');
    connector.connect = connect;
  }

  it('comes back after ioredis has given up', async () => {
    await giveUp(redis);
    await eventually(() => redis.status === 'ready');
    expect(await redis.ping()).toBe('PONG');
  });

  it('has copies that come back, too', async () => {
    const copy = redis.duplicate();
    copy.on('error', () => undefined);
    try {
      await copy.connect();
      await giveUp(copy);
      await eventually(() => copy.status === 'ready');
    } finally {
      copy.disconnect();
    }
  });

  it.each(['disconnect', 'quit'] as const)('stays closed after %s', async (close) => {
    await redis[close]();
    await eventually(() => redis.status === 'end');
    await staysSo(() => redis.status === 'end', { forMs: 700, because: 'it would come back after 500 ms' });
  });
});
