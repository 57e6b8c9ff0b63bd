import { monotonicMs } from '../monotonic.js';
import { cpuFigures } from '../process-costs.js';
import type { Figures, Scenario, Stage } from '../scenario.js';
import { seedDeliveries } from '../seed-deliveries.js';
import { END_TO_END, measure, measureInTurns } from './throughput.js';

const DRAIN_MS = 900_000;

/** A million deliveries that wait at once: what they cost in memory, and how fast they go. */
export const backlog: Scenario = {
  name: 'backlog',
  about: '1,000,000 pending deliveries (quick: 50,000) for one endpoint: memory and drain rate',
  isLong: 'once',
  targets: { 'share of end-to-end': { atLeast: 0.8 }, 'added node MB': { atMost: 50 } },
  play: async (stage) => {
    const rows = stage.isQuick ? 50_000 : 1_000_000;
    const events = stage.isQuick ? 8_000 : 40_000;
    const { engine } = stage;
    await measure(END_TO_END, stage, 4_000);
    const [before = {}] = await measureInTurns([stage], events);
    const drained = await drain(stage, rows);
    const peak = engine.peakNodeMemory();
    await engine.tidyUp();
    const [after = {}] = await measureInTurns([stage], events);
    // The drain takes minutes, in which a machine speeds up or slows down.
    const usual = (name: string) => ((before[name] ?? NaN) + (after[name] ?? NaN)) / 2;
    return {
      'drained/s': drained['drained/s'] ?? NaN,
      'end-to-end/s': usual('deliveries/s'),
      'share of end-to-end': (drained['drained/s'] ?? NaN) / usual('deliveries/s'),
      'end-to-end/s before': before['deliveries/s'] ?? NaN,
      'end-to-end/s after': after['deliveries/s'] ?? NaN,
      'added node MB': peak - (before['node MB'] ?? NaN),
      ...drained,
      'end-to-end cpu s/10k': usual('cpu s/10k'),
    };
  },
};

/** Writes the deliveries, and waits until all of them are settled. */
async function drain(stage: Stage, rows: number): Promise<Figures> {
  const { engine, receiver, progress } = stage;
  const tenant = await engine.tenant([`${stage.receiverUrl}/backlog`]);
  const secret = tenant.subscriptions[0]?.secret ?? '';
  await receiver.call('reset', { '/backlog': { secret } });
  await seedDeliveries(engine, tenant, { rows, status: 'pending', progress });
  engine.forgetPeakMemory();
  const costs = engine.costs();
  const from = await receiver.call('count', undefined);
  const startedAt = monotonicMs();
  const timer = setInterval(() => {
    void receiver.call('count', undefined).then((count) => {
      const memory = engine.costs().node.memoryMb.toFixed(0);
      progress(`${count} of ${rows} drained, ${memory} MB`);
    });
  }, 5_000);
  await receiver.call('received', { count: rows, timeoutMs: DRAIN_MS });
  clearInterval(timer);
  const { at, statuses } = await engine.settled(tenant.spaceId, DRAIN_MS);
  const count = rows - from;
  const figures = {
    'drained/s': (count * 1_000) / (at - startedAt),
    ...cpuFigures(costs, engine.costs(), count),
  };
  if (statuses.succeeded !== rows) throw new Error(`The deliveries are ${JSON.stringify(statuses)}`);
  return figures;
}
