import { setTimeout as sleep } from 'node:timers/promises';
import { shardOf } from '../../src/queue/shards.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { watchRedis } from '../support/planted-values.js';
import { startReceiver, type Receiver, type Reply } from '../support/receiver.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';
import { Tenant } from '../support/tenant.js';

const ENDPOINTS = 8;
const SHARDS = { queueShards: 4 };
/** So far between that what arrives came through the queue. */
const RARE_SWEEPS = { sweepIntervalMs: 60_000 };

const lead = (id: number) => ({
  type: 'lead.create',
  data: { id: String(id), phone: 'planted-in-a-payload' },
});

let receiver: Receiver;
let reply: Reply;
let engine: Engine;
let tenant: Tenant;
beforeEach(async () => {
  reply = {};
  receiver = await startReceiver(() => reply);
});
afterEach(async () => {
  await engine.close();
  await receiver.close();
});

/**
 * An engine with endpoints that go round the shards: left to chance, one start in ten had none on some shard. Gives the
 * endpoints' secrets.
 */
async function start(redisUrl: string, settings: object): Promise<string[]> {
  engine = await Engine.start({ redisUrl, settings: { ...SHARDS, ...settings } });
  tenant = await Tenant.create(engine);
  const secrets: string[] = [];
  while (secrets.length < ENDPOINTS) {
    const n = secrets.length;
    const { id, secret } = await tenant.subscribe(`${receiver.url}/${n}`, { retrySchedule: [1] });
    if (shardOf(id, SHARDS.queueShards) === n % SHARDS.queueShards) secrets.push(secret);
    else await engine.ok('DELETE', tenant.path(`/subscriptions/${id}`));
  }
  return secrets;
}

/** Publishes events one by one, each within a second. */
async function publish(count: number, from = 0): Promise<void> {
  for (let id = from; id < from + count; id += 1) {
    const before = performance.now();
    expect((await tenant.send(lead(id))).status).toBe(202);
    expect(performance.now() - before).toBeLessThan(1_000);
  }
}

/** The same, one every 50 ms for `ms`. Gives how many. */
async function publishFor(ms: number, from: number): Promise<number> {
  const end = performance.now() + ms;
  let id = from;
  for (; performance.now() < end; id += 1) {
    await publish(1, id);
    await sleep(50);
  }
  return id - from;
}

/** Every endpoint got each of the first `count` events, once. */
async function expectEachOnce(count: number, timeoutMs = 30_000): Promise<void> {
  await eventually(() => receiver.requests.length >= count * ENDPOINTS, { timeoutMs });
  await eventually(async () => expect(await tenant.deliveries('?status=pending')).toEqual([]));
  const heard = receiver.requests.map(({ path, headers }) => `${path} ${String(headers['webhook-id'])}`);
  expect(heard).toHaveLength(count * ENDPOINTS);
  expect(new Set(heard).size).toBe(count * ENDPOINTS);
}

/** What must hold on several queues, wherever they are. */
function story(url: () => string): void {
  it('delivers each event to each endpoint once', async () => {
    await start(url(), RARE_SWEEPS);
    await engine.startWorker();
    const events = Array.from({ length: 300 }, (_, id) => lead(id));
    await tenant.send(events.slice(0, 200));
    await publish(100, 200);
    await expectEachOnce(300);
  });

  it('tries again when the schedule says', async () => {
    await start(url(), RARE_SWEEPS);
    reply = { status: 500 };
    await publish(1);
    await receiver.received(ENDPOINTS);
    reply = {};
    const requests = await receiver.received(2 * ENDPOINTS);
    const waits = requests
      .slice(ENDPOINTS)
      .map(
        ({ path, receivedAt }) =>
          receivedAt - (requests.find((first) => first.path === path)?.receivedAt ?? Infinity),
      );
    for (const wait of waits) expect(wait).toBeGreaterThanOrEqual(999);
    await eventually(async () =>
      expect(await tenant.deliveries('?status=succeeded')).toHaveLength(ENDPOINTS),
    );
  });

  it('loses and repeats nothing when there are fewer queues, and then more', async () => {
    await start(url(), {});
    await engine.stopWorkers();
    await publish(20);
    engine.settings.queueShards = 2;
    await engine.startWorker();
    await expectEachOnce(20);
    // What the first queues still hold reaches a worker that knows them again.
    engine.settings.queueShards = 6;
    await engine.stopWorkers();
    await engine.startWorker();
    await publish(20, 20);
    await expectEachOnce(40);
  });
}

function onCluster(): void {
  describe('several queues on one Redis', () => {
    let redis: RedisServer;
    beforeAll(async () => {
      redis = await RedisServer.start();
    });
    afterAll(() => redis.close());
    story(() => redis.url);
  });

  describe('several queues on a Redis Cluster', () => {
    let cluster: RedisCluster;
    beforeAll(async () => {
      cluster = await RedisCluster.start();
    });
    afterAll(() => cluster.close());
    story(() => cluster.url);

    it('uses every node, and none of them hears a secret or a payload', async () => {
      const seen = await Promise.all([0, 1, 2].map((n) => watchRedis(cluster.urlOf(n))));
      const secrets = await start(cluster.url, RARE_SWEEPS);
      await publish(20);
      await expectEachOnce(20);
      for (const keys of await cluster.keys()) expect(keys).not.toEqual([]);
      const [delivery] = await tenant.deliveries();
      const queued = seen.map((read) => read()).join('\n');
      expect(queued).toContain(delivery?.subscriptionId.replace(/^sub_/, '').slice(-12));
      for (const secret of [...secrets, 'planted-in-a-payload']) expect(queued).not.toContain(secret);
    });
  });

  describe('a Redis Cluster that fails', () => {
    let cluster: RedisCluster;
    afterEach(() => cluster.close());

    /** Longer than a worker's blocking wait and all that BullMQ does about one that is overdue. */
    const AWAY_MS = 4_000;

    it.each<[string, number[], 'kill' | 'hang']>([
      ['killed', [0, 1, 2], 'kill'],
      ['without one node', [2], 'kill'],
      ['with a node that hangs', [2], 'hang'],
      ['hung', [0, 1, 2], 'hang'],
    ])('%s hinders no publish, and everything arrives when it is back', async (_how, nodes, how) => {
      cluster = await RedisCluster.start();
      await start(cluster.url, {});
      await publish(5);
      await expectEachOnce(5);
      for (const n of nodes) {
        if (how === 'hang') cluster.nodes[n]?.signal('SIGSTOP');
        else await cluster.nodes[n]?.stop();
      }
      const sent = 5 + (await publishFor(AWAY_MS, 5));
      for (const n of nodes) cluster.nodes[n]?.signal('SIGCONT');
      await cluster.startAgain();
      await expectEachOnce(sent, 15_000);
      // Every queue is heard at once again.
      await publish(5, sent);
      await expectEachOnce(sent + 5, 1_500);
    });

    it('without one node goes on delivering by the others', async () => {
      cluster = await RedisCluster.start({ isWhole: false });
      await start(cluster.url, RARE_SWEEPS);
      await cluster.nodes[0]?.stop();
      await publish(20);
      const reached = () => new Set(receiver.requests.map(({ path }) => path)).size;
      await eventually(() => reached() > 0 && receiver.requests.length === reached() * 20);
      expect(reached()).toBeLessThan(ENDPOINTS);
      await cluster.startAgain();
      await eventually(async () => {
        await engine.sweep();
        return reached() === ENDPOINTS;
      });
      await expectEachOnce(20);
    });

    it('stops all the same, without waiting for it', async () => {
      cluster = await RedisCluster.start();
      await start(cluster.url, {});
      await cluster.stop();
      await publish(1);
      const before = performance.now();
      await Promise.all([...engine.workers.splice(0), ...engine.apis.splice(0)].map((part) => part.close()));
      expect(performance.now() - before).toBeLessThan(5_000);
    });

    it('starts all the same, and delivers when it comes', async () => {
      cluster = await RedisCluster.start();
      await cluster.stop();
      await start(cluster.url, {});
      await publish(5);
      await cluster.startAgain();
      await expectEachOnce(5);
    });
  });
}

if (redisIsInstalled()) describe('with four queue shards', onCluster);
else {
  describe.skip('with four queue shards (redis-server is not installed)', () => {
    it('cannot be tried here', () => undefined);
  });
}
