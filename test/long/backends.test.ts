import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { lead } from '../support/lead.js';
import { startReceiver, type Receiver, type Reply } from '../support/receiver.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';
import { Tenant } from '../support/tenant.js';

const HOUR_MS = 3_600_000;

let receiver: Receiver;
let reply: Reply;
beforeEach(async () => {
  reply = {};
  receiver = await startReceiver(() => reply);
});
afterEach(() => receiver.close());

function idsOf(requests: Receiver['requests']): string[] {
  return requests.map(({ body }) => (JSON.parse(body.toString()) as { data: { id: string } }).data.id);
}

/** What must hold whatever the queue is kept in. */
function story(start: () => Promise<Engine>): void {
  let engine: Engine;
  let tenant: Tenant;
  beforeAll(async () => {
    engine = await start();
  });
  afterAll(() => engine.close());
  beforeEach(async () => {
    tenant = await Tenant.create(engine);
  });

  it('delivers at once', async () => {
    await tenant.subscribe(receiver.url);
    for (let id = 1; id <= 5; id += 1) {
      const publishedAt = performance.now();
      await tenant.publish(lead(String(id)));
      const request = (await receiver.received(id)).at(-1);
      expect((request?.receivedAt ?? Infinity) - publishedAt).toBeLessThan(1_000);
    }
  });

  it('tries again when the schedule says', async () => {
    reply = { status: 500 };
    await tenant.subscribe(receiver.url, { retrySchedule: [1, 2] });
    await tenant.publish(lead('1'));
    const [first, second, third] = await receiver.received(3);
    const waits = [second, third].map(
      (request, index) => (request?.receivedAt ?? 0) - ([first, second][index]?.receivedAt ?? 0),
    );
    // Jitter lengthens by a tenth at the most; the rest is the machine's own.
    expect(waits[0]).toBeGreaterThanOrEqual(999);
    expect(waits[0]).toBeLessThan(1_100 + 2_000);
    expect(waits[1]).toBeGreaterThanOrEqual(1_999);
    expect(waits[1]).toBeLessThan(2_200 + 2_000);
    await eventually(async () =>
      expect(await tenant.deliveries()).toMatchObject([{ status: 'failed', attemptCount: 3 }]),
    );
  });

  it('pauses after ten failures, holds what comes, and delivers all of it when resumed', async () => {
    reply = { status: 500 };
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [HOUR_MS / 1_000] });
    const names = Array.from({ length: 25 }, (_, index) => String(index));
    await tenant.send(names.map(lead));
    await eventually(async () =>
      expect(await tenant.subscription(id)).toMatchObject({
        status: 'paused',
        pausedReason: 'failures',
        failureCount: 10,
      }),
    );
    await tenant.publish(lead('late'));
    await eventually(async () => expect(await tenant.deliveries('?status=held')).toHaveLength(26));
    expect(receiver.requests).toHaveLength(10);
    reply = {};
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(26));
    expect(idsOf(receiver.requests.slice(10)).toSorted()).toEqual([...names, 'late'].toSorted());
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
  });

  it('stops while requests are in flight, and starts again', async () => {
    reply = { delayMs: 400 };
    await tenant.subscribe(receiver.url);
    await tenant.send(['1', '2', '3'].map(lead));
    await receiver.received(1);
    await engine.stopWorkers();
    await tenant.publish(lead('4'));
    await engine.startWorker();
    await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(4));
    expect(idsOf(receiver.requests).toSorted()).toEqual(['1', '2', '3', '4']);
  });
}

// Far between: what these tests see came through the queue.
const RARE_SWEEPS = { settings: { sweepIntervalMs: 60_000 } };

describe('with the queue in PostgreSQL', () => {
  story(() => Engine.start(RARE_SWEEPS));
});

if (!redisIsInstalled()) {
  describe.skip('with the queue in Redis (redis-server is not installed)', () => {
    it('cannot be tried here', () => undefined);
  });
} else {
  describe('with the queue in Redis', () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await RedisServer.start();
    });
    afterAll(() => redis.close());
    story(() => Engine.start({ ...RARE_SWEEPS, redisUrl: redis.url }));
  });

  describe('when Redis is away', () => {
    let redis: RedisServer;
    let engine: Engine | undefined;
    afterEach(async () => {
      await engine?.close();
      engine = undefined;
      await redis.close();
    });

    async function publishTen(tenant: Tenant): Promise<void> {
      for (let id = 0; id < 10; id += 1) {
        const before = performance.now();
        const { status } = await tenant.send(lead(String(id)));
        expect(status).toBe(202);
        expect(performance.now() - before).toBeLessThan(1_000);
      }
    }

    async function deliveredTen(tenant: Tenant): Promise<void> {
      await eventually(async () => expect(await tenant.deliveries('?status=succeeded')).toHaveLength(10), {
        timeoutMs: 15_000,
      });
      expect(idsOf(receiver.requests).toSorted()).toEqual([...'0123456789']);
    }

    it('takes publishes all the same, and delivers when it is back, empty', async () => {
      redis = await RedisServer.start();
      engine = await Engine.start({ redisUrl: redis.url });
      const tenant = await Tenant.create(engine);
      await tenant.subscribe(receiver.url);
      await redis.stop();
      await publishTen(tenant);
      expect(receiver.requests).toHaveLength(0);
      await redis.start();
      await deliveredTen(tenant);
    });

    it('makes up for the retries that were lost with it', async () => {
      redis = await RedisServer.start();
      engine = await Engine.start({ redisUrl: redis.url });
      const tenant = await Tenant.create(engine);
      reply = { status: 500 };
      await tenant.subscribe(receiver.url, { retrySchedule: [2] });
      await tenant.publish(lead('1'));
      await eventually(async () => expect(await tenant.deliveries()).toMatchObject([{ attemptCount: 1 }]));
      await redis.stop();
      await redis.start();
      reply = {};
      const [first, second] = await receiver.received(2);
      expect((second?.receivedAt ?? 0) - (first?.receivedAt ?? 0)).toBeGreaterThanOrEqual(1_999);
      await eventually(async () =>
        expect(await tenant.deliveries()).toMatchObject([{ status: 'succeeded' }]),
      );
    });

    it('starts all the same, and delivers when it comes', async () => {
      redis = await RedisServer.reserve();
      engine = await Engine.start({ redisUrl: redis.url });
      const tenant = await Tenant.create(engine);
      await tenant.subscribe(receiver.url);
      await publishTen(tenant);
      await redis.start();
      await deliveredTen(tenant);
    });

    it('stops all the same, without waiting for it', async () => {
      redis = await RedisServer.start();
      engine = await Engine.start({ redisUrl: redis.url });
      const tenant = await Tenant.create(engine);
      await tenant.subscribe(receiver.url);
      await redis.stop();
      await tenant.publish(lead('1'));
      const before = performance.now();
      await engine.close();
      engine = undefined;
      expect(performance.now() - before).toBeLessThan(5_000);
    });

    it('stops all the same when it never was there', async () => {
      redis = await RedisServer.reserve();
      engine = await Engine.start({ redisUrl: redis.url });
      const before = performance.now();
      await engine.close();
      engine = undefined;
      expect(performance.now() - before).toBeLessThan(5_000);
    });
  });
}
