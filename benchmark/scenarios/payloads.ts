import type { Scenario } from '../scenario.js';
import { besideBystander, BYSTANDER } from './bystander.js';
import { measure } from './throughput.js';

/** One event a request with a large body: published, stored, signed, sent and settled. */
function payload(name: string, bytes: number, events: number): Scenario {
  const plan = { endpoints: 1, batch: 1, connections: 16, bytes };
  return {
    name,
    about: `one event of ${bytes / 1_000} KB a request over ${plan.connections} connections, one endpoint`,
    isLong: 'three times',
    compared: 'deliveries/s',
    bytes,
    targets: { 'ratio to pool loop': { atLeast: 0.15 }, 'node MB': { atMost: 400 }, ...BYSTANDER },
    warmUp: async (stage) => {
      await measure(plan, stage, Math.ceil(events / 4));
    },
    play: async (stage) => {
      const count = stage.isQuick ? Math.ceil(events / 4) : events;
      const alone = await measure(plan, stage, count);
      const beside = await besideBystander(stage, () => measure(plan, stage, count));
      const bystander = Object.entries(beside).filter(([figure]) => figure.startsWith('bystander'));
      return {
        ...alone,
        'MB/s': ((alone['deliveries/s'] ?? 0) * bytes) / 1e6,
        'deliveries/s beside others': beside['deliveries/s'] ?? NaN,
        ...Object.fromEntries(bystander),
      };
    },
  };
}

export const payloads = [payload('payload-64k', 64_000, 4_000), payload('payload-256k', 256_000, 1_000)];
