import type { Figures, Scenario } from '../scenario.js';
import { measure } from './throughput.js';

/** Worker processes, and the queues they listen to. */
const STEPS = [
  { workers: 1, queues: 1 },
  { workers: 2, queues: 1 },
  { workers: 4, queues: 1 },
  { workers: 4, queues: 4 },
];

/** More worker processes on the same machine: where the curve bends. */
export const scale: Scenario = {
  name: 'scale',
  about: 'the end-to-end rate with 1, 2 and 4 worker processes on Redis, and with 4 on 4 queues',
  isLong: 'once',
  onlyQueue: 'redis',
  targets: {},
  play: async (stage) => {
    const figures: Figures = {};
    for (const { workers, queues } of STEPS) {
      const engine = await stage.startEngine({ workers, queues });
      try {
        const own = { ...stage, engine };
        const plan = { endpoints: 4, batch: 100, connections: 8 };
        await measure(plan, own, 4_000);
        const reached = await measure(plan, own, stage.isQuick ? 4_000 : 15_000);
        const label = `${workers} worker${workers > 1 ? 's' : ''}${queues > 1 ? ` on ${queues} queues` : ''}`;
        figures[`${label} deliveries/s`] = reached['deliveries/s'] ?? NaN;
        figures[`${label} cpu s/10k`] = reached['cpu s/10k'] ?? NaN;
      } finally {
        await engine.close();
      }
    }
    return figures;
  },
};
