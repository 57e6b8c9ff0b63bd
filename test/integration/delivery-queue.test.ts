import { Queue } from 'bullmq';
import { randomUUID } from 'node:crypto';
import { Settings } from '../../src/config/settings.js';
import { connectQueue, type QueueConnection } from '../../src/queue/connections.js';
import { QUEUE_NAME } from '../../src/queue/deliver-job.js';
import { DeliveryQueue } from '../../src/queue/delivery-queue.js';
import { FIRST_PREFIX } from '../../src/queue/shards.js';
import { eventually } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';

const describeWithRedis = redisIsInstalled() ? describe : describe.skip;

describeWithRedis('a delivery queue of three shards (skipped without redis-server)', () => {
  const clock = new ManualClock();
  let redis: RedisServer;
  let connection: QueueConnection;
  let queue: DeliveryQueue;

  beforeAll(async () => {
    redis = await RedisServer.start();
    const settings = Object.assign(new Settings(), { redisUrl: redis.url, queueShards: 3 });
    connection = connectQueue(settings, 'producer');
    const options = { connection: connection.connection, prefix: FIRST_PREFIX, skipVersionCheck: true };
    queue = new DeliveryQueue(new Queue(QUEUE_NAME, options), settings, clock);
  });
  afterAll(async () => {
    await queue.close();
    await connection.close();
    await redis.close();
  });

  /** Enqueues a delivery. Resolves in a later millisecond than that of its job. */
  async function enqueue(shard: number, at?: number): Promise<void> {
    queue.enqueue([{ id: randomUUID(), subscriptionId: `00000000-0000-7000-8000-00000000000${shard}` }], at);
    await queue.flush();
    const added = Date.now();
    await eventually(() => Date.now() > added);
  }

  it('knows when the oldest job that waits in any of them was enqueued', async () => {
    await enqueue(0, clock.now() + 3_600_000);
    expect(await queue.oldestWaiting()).toBeNull();
    const before = Date.now();
    await enqueue(1);
    const after = Date.now();
    for (const shard of [1, 0, 2]) await enqueue(shard);
    expect(await queue.depth()).toBe(5);
    const oldest = await queue.oldestWaiting();
    expect(oldest).toBeGreaterThanOrEqual(before);
    expect(oldest).toBeLessThan(after);
  });
});
