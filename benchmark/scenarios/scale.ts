import type { Figures, Scenario } from '../scenario.js';
import { measure } from './throughput.js';

/** More worker processes on the same machine: where the curve bends. */
export const scale: Scenario = {
  name: 'scale',
  about: 'the end-to-end rate with 1, 2 and 4 worker processes on Redis',
  isLong: true,
  onlyQueue: 'redis',
  targets: {},
  play: async (stage) => {
    const figures: Figures = {};
    for (const workers of [1, 2, 4]) {
      const engine = await stage.startEngine({ workers });
      try {
        const own = { ...stage, engine };
        const plan = { endpoints: 4, batch: 100, connections: 8 };
        await measure(plan, own, 4_000);
        const reached = await measure(plan, own, stage.isQuick ? 4_000 : 15_000);
        const label = `${workers} worker${workers > 1 ? 's' : ''}`;
        figures[`${label} deliveries/s`] = reached['deliveries/s'] ?? NaN;
        figures[`${label} cpu s/10k`] = reached['cpu s/10k'] ?? NaN;
      } finally {
        await engine.close();
      }
    }
    return figures;
  },
};
