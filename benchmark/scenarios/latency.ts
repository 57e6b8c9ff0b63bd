import { DiskProbe } from '../disk-probe.js';
import { cpuFigures } from '../process-costs.js';
import type { Figures, Scenario, Stage } from '../scenario.js';

const DRAIN_MS = 30_000;
const LIMITS = { 'p50 ms': { atMost: 8 }, 'p99 ms': { atMost: 30 } };

/** Single events at even intervals; each one's time counts from when it was meant to be sent. */
export function latencyAtRate(rate: number): Scenario {
  return {
    name: 'latency',
    about: `from the intended send time to the arrival, at a steady ${rate} events/s`,
    targets: LIMITS,
    warmUp: async (stage) => {
      await measure(stage, rate, rate);
    },
    play: (stage) => measure(stage, rate, Math.ceil(rate * stage.seconds)),
  };
}

/** So rare that the engine has gone to rest before each: what polls shows. */
export const latencyFromIdle: Scenario = {
  name: 'latency-idle',
  about: 'the same with nearly half a second of rest before each event',
  targets: LIMITS,
  play: (stage) => measure(stage, 2.3, Math.ceil(2.3 * stage.seconds)),
};

async function measure(stage: Stage, rate: number, events: number): Promise<Figures> {
  const { engine, receiver, generator } = stage;
  const tenant = await engine.tenant([`${stage.receiverUrl}/steady`]);
  await receiver.call('reset', { '/steady': { secret: tenant.subscriptions[0]?.secret ?? '' } });
  const { url, key, space } = tenant;
  const disk = await DiskProbe.start();
  const before = engine.costs();
  const published = await generator.call('publish', {
    url,
    key,
    space,
    events,
    batch: 1,
    connections: Math.min(64, events),
    rate,
  });
  await receiver.call('received', { count: events, timeoutMs: DRAIN_MS });
  const after = engine.costs();
  const diskFigures = await disk.stop();
  const { statuses } = await engine.settled(tenant.spaceId, DRAIN_MS);
  const report = (await receiver.call('report', undefined))['/steady'];
  if (!report || report.latency.count !== events || statuses.succeeded !== events) {
    throw new Error(`${report?.latency.count} of ${events} came; deliveries are ${JSON.stringify(statuses)}`);
  }
  return {
    'p50 ms': report.latency.p50,
    'p90 ms': report.latency.p90,
    'p99 ms': report.latency.p99,
    'max ms': report.latency.max,
    'answer p50 ms': published.answer.p50,
    ...diskFigures,
    'generator late p99 ms': published.lateness.p99,
    ...cpuFigures(before, after, events),
  };
}
