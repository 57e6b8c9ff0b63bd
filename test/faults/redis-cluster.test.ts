import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { startReceiver } from '../support/receiver.js';
import { RedisCluster } from '../support/redis-cluster.js';
import { redisIsInstalled } from '../support/redis.js';
import { Tenant } from '../support/tenant.js';

const describeWithRedis = redisIsInstalled() ? describe : describe.skip;

const ENDPOINTS = 8;
const OUTAGES: [nodes: number[], how: 'kill' | 'hang'][] = [
  [[0, 1, 2], 'kill'],
  [[1], 'kill'],
  [[2], 'kill'],
  [[0, 1, 2], 'hang'],
  [[2], 'hang'],
];

describeWithRedis('A Redis Cluster whose nodes come and go (skipped without redis-server)', () => {
  // BullMQ's workers alone were deaf for good after some of these, most often the third.
  it('is heard again within seconds, each time', async () => {
    const cluster = await RedisCluster.start();
    const receiver = await startReceiver();
    const engine = await Engine.start({ redisUrl: cluster.url, settings: { queueShards: 4 } });
    const tenant = await Tenant.create(engine);
    for (let n = 0; n < ENDPOINTS; n += 1) await tenant.subscribe(`${receiver.url}/${n}`);
    let sent = 0;
    for (const ms of [500, 2_500, 5_000]) {
      for (const [nodes, how] of OUTAGES) {
        for (const n of nodes) {
          if (how === 'hang') cluster.nodes[n]?.signal('SIGSTOP');
          else await cluster.nodes[n]?.stop();
        }
        const end = performance.now() + ms;
        while (performance.now() < end) {
          await tenant.publish({ type: 'lead.create', data: { id: '1' } });
          sent += 1;
          await sleep(250);
        }
        for (const n of nodes) cluster.nodes[n]?.signal('SIGCONT');
        await cluster.startAgain();
        await eventually(() => receiver.requests.length >= sent * ENDPOINTS, { timeoutMs: 15_000 });
      }
    }
    expect(receiver.requests).toHaveLength(sent * ENDPOINTS);
    await engine.close();
    await receiver.close();
    await cluster.close();
  });
});
