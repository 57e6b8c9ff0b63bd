import { monotonicMs } from '../monotonic.js';
import type { Scenario } from '../scenario.js';
import { seedDeliveries } from '../seed-deliveries.js';
import { measure } from './throughput.js';

const DRAIN_MS = 900_000;

/** A million deliveries that wait at once: what they cost in memory, and how fast they go. */
export const backlog: Scenario = {
  name: 'backlog',
  about: '1,000,000 pending deliveries (quick: 50,000) for one endpoint: memory and drain rate',
  isLong: 'once',
  targets: { 'share of end-to-end': { atLeast: 0.8 }, 'added node MB': { atMost: 50 } },
  play: async (stage) => {
    const rows = stage.isQuick ? 50_000 : 1_000_000;
    const plan = { endpoints: 1, batch: 100, connections: 8 };
    await measure(plan, stage, 4_000);
    const usual = await measure(plan, stage, 40_000);

    const { engine, receiver } = stage;
    const tenant = await engine.tenant([`${stage.receiverUrl}/backlog`]);
    const secret = tenant.subscriptions[0]?.secret ?? '';
    await receiver.call('reset', { '/backlog': { secret } });
    await seedDeliveries(engine, tenant, { rows, status: 'pending', progress: stage.progress });
    engine.forgetPeakMemory();
    const from = await receiver.call('count', undefined);
    const startedAt = monotonicMs();
    const timer = setInterval(() => {
      void receiver.call('count', undefined).then((count) => {
        const memory = engine.costs().node.memoryMb.toFixed(0);
        stage.progress(`${count} of ${rows} drained, ${memory} MB`);
      });
    }, 5_000);
    await receiver.call('received', { count: rows, timeoutMs: DRAIN_MS });
    clearInterval(timer);
    const { at, statuses } = await engine.settled(tenant.spaceId, DRAIN_MS);
    if (statuses.succeeded !== rows) throw new Error(`The deliveries are ${JSON.stringify(statuses)}`);
    const drained = ((rows - from) * 1_000) / (at - startedAt);
    return {
      'drained/s': drained,
      'end-to-end/s': usual['deliveries/s'] ?? 0,
      'share of end-to-end': drained / (usual['deliveries/s'] ?? NaN),
      'added node MB': engine.peakNodeMemory() - (usual['node MB'] ?? 0),
    };
  },
};
