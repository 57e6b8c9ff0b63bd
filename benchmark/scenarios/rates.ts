import { DiskProbe } from '../disk-probe.js';
import type { Engine, EngineOptions, Tenant } from '../engine.js';
import type { LeastProgramCommands } from '../least-program.js';
import { Peer } from '../process-commands.js';
import { cpuFigures, readCosts, type Cost, type Group } from '../process-costs.js';
import type { Figures, Scenario, Stage, Target } from '../scenario.js';

/** Events a second, and for how many seconds. */
const RATES = [
  { rate: 20, seconds: 8 },
  { rate: 50, seconds: 6 },
  { rate: 200, seconds: 6 },
  { rate: 500, seconds: 5 },
  { rate: 1_000, seconds: 4 },
  { rate: 2_000, seconds: 3 },
] as const;
/** As fast as the answers come, over so many connections. */
const FLAT_OUT = { events: 12_000, connections: 64 };
/**
 * Until V8 has compiled what an event runs through, each takes twice the CPU: in Node 18 s for 10,000 in the first
 * seconds at 200 events a second, and 10 after 5,000 events.
 */
const WARM_UP = { rate: 500, events: 6_000, quick: 2_000 };
const DRAIN_MS = 30_000;

export interface TopologySet {
  name: string;
  about: string;
  engine: Partial<EngineOptions>;
  targets: Record<string, Target>;
}

/** One event a request at the rates of most installations, in every way to run the engine. */
export const SETS: TopologySet[] = [
  {
    name: 'one',
    about: 'one process with its embedded database',
    engine: { queue: 'postgres' },
    targets: targets({ cpu: 15, p50: 2.5, p99: 8 }),
  },
  {
    name: 'all',
    about: 'one process of the role all, PostgreSQL and Redis',
    engine: { queue: 'redis', topology: 'all', workers: 1 },
    targets: targets({ cpu: 15, p50: 2.5, p99: 8 }),
  },
  {
    name: 'two',
    about: 'two processes of the role all, PostgreSQL and Redis',
    engine: { queue: 'redis', topology: 'all', workers: 2 },
    targets: targets({ cpu: 18, p50: 3.5, p99: 12 }),
  },
  {
    name: 'apart',
    about: 'an API, a worker, PostgreSQL and Redis',
    engine: { queue: 'redis', topology: 'apart', workers: 1 },
    targets: targets({ cpu: 28, p50: 3.5, p99: 12 }),
  },
];

export const rates: Scenario[] = SETS.map(({ name, about, engine, targets: wanted }) => ({
  name: `rates-${name}`,
  about: `20 to 2,000 events/s and flat out, one event a request: ${about}`,
  targets: wanted,
  isLong: 'three times',
  onlyQueue: engine.queue ?? 'postgres',
  play: async (stage) => {
    // As the stage started it, where that is the same.
    if (name === 'one') return playBesideLeast(stage);
    const own = await stage.startEngine(engine);
    try {
      return await playRates(stage, own);
    } finally {
      await own.close();
    }
  },
}));

function targets({ cpu, p50, p99 }: { cpu: number; p50: number; p99: number }): Record<string, Target> {
  return {
    '200/s cpu s/10k': { atMost: cpu },
    '200/s p50 ms': { atMost: p50 },
    '200/s p99 ms': { atMost: p99 },
  };
}

/** What the least program takes for the same events on the same database is the floor of what they can cost here. */
async function playBesideLeast(stage: Stage): Promise<Figures> {
  const figures = await playRates(stage, stage.engine);
  for (const [name, least] of Object.entries(await playLeast(stage))) {
    figures[`${name} of the least program`] = least;
    if (name.includes('cpu')) figures[`${name} to the least program`] = (figures[name] ?? NaN) / least;
  }
  return figures;
}

async function playLeast({ engine, receiver, receiverUrl, generator, isQuick }: Stage): Promise<Figures> {
  const peer = Peer.start<LeastProgramCommands>('least-program.ts');
  try {
    const plan = { databaseUrl: engine.databaseUrl, receiverUrl: `${receiverUrl}/least` };
    const [url, pid] = [await peer.call('start', plan), await peer.call('pid', undefined)];
    const costs = (): Record<Group, Cost> => ({ ...readCosts([pid]), postgres: engine.costs().postgres });
    const play = async (rate: number, events: number): Promise<Figures> => {
      await receiver.call('reset', { '/least': {} });
      const before = costs();
      await generator.call('publish', {
        url,
        key: '',
        space: 'any',
        events,
        batch: 1,
        connections: 16,
        rate,
      });
      await receiver.call('received', { count: events, timeoutMs: DRAIN_MS });
      const { 'cpu s/10k': cpu = NaN } = cpuFigures(before, costs(), events);
      const { latency } = (await receiver.call('report', undefined))['/least'] ?? {};
      return { 'cpu s/10k': cpu, 'p50 ms': latency?.p50 ?? NaN, 'p99 ms': latency?.p99 ?? NaN };
    };
    await play(WARM_UP.rate, isQuick ? WARM_UP.quick : WARM_UP.events);
    const figures: Figures = {};
    for (const { rate, seconds } of RATES)
      for (const [name, value] of Object.entries(await play(rate, rate * seconds)))
        figures[`${rate}/s ${name}`] = value;
    return figures;
  } finally {
    await peer.stop();
  }
}

async function playRates(stage: Stage, engine: Engine): Promise<Figures> {
  const tenant = await engine.tenant([`${stage.receiverUrl}/steady`]);
  const figures: Figures = {};
  await atRate(stage, engine, tenant, WARM_UP.rate, stage.isQuick ? WARM_UP.quick : WARM_UP.events);
  for (const { rate, seconds } of RATES) {
    const events = rate * (stage.isQuick ? Math.ceil(seconds / 2) : seconds);
    const measured = await atRate(stage, engine, tenant, rate, events);
    for (const [name, value] of Object.entries(measured)) figures[`${rate}/s ${name}`] = value;
  }
  const { events } = FLAT_OUT;
  const flatOut = await atRate(stage, engine, tenant, undefined, stage.isQuick ? events / 2 : events);
  for (const [name, value] of Object.entries(flatOut)) figures[`flat out ${name}`] = value;
  return figures;
}

async function atRate(
  { receiver, generator }: Stage,
  engine: Engine,
  { url, urls, key, space, spaceId, subscriptions }: Tenant,
  rate: number | undefined,
  events: number,
): Promise<Figures> {
  await receiver.call('reset', { '/steady': { secret: subscriptions[0]?.secret ?? '' } });
  const disk = await DiskProbe.start();
  const [before, counted] = [engine.costs(), await engine.counts()];
  const pace = rate === undefined ? { connections: FLAT_OUT.connections } : { connections: 16, rate };
  const load = { url, ...(urls && { urls }), key, space, events, batch: 1, ...pace };
  const published = await generator.call('publish', load);
  await receiver.call('received', { count: events, timeoutMs: DRAIN_MS });
  const [after, counts] = [engine.costs(), await engine.counts()];
  const { 'disk p99 ms': diskP99 = 0 } = await disk.stop();
  await engine.settled(spaceId, DRAIN_MS);
  const report = (await receiver.call('report', undefined))['/steady'];
  if (report?.latency.count !== events || published.accepted !== events)
    throw new Error(`${report?.latency.count} of ${events} came, ${published.accepted} were accepted`);
  return {
    'deliveries/s': (events * 1_000) / (report.lastAt - published.startedAt),
    'p50 ms': report.latency.p50,
    'p99 ms': report.latency.p99,
    'disk p99 ms': diskP99,
    ...cpuFigures(before, after, events),
    'node MB (PSS)': after.node.pssMb,
    transactions: (counts.transactions - counted.transactions) / events,
    'WAL bytes': (counts.walBytes - counted.walBytes) / events,
    'node wake-ups': (after.node.wakeUps - before.node.wakeUps) / events,
    ...(counts.redisCommands > 0 && {
      'redis commands': (counts.redisCommands - counted.redisCommands) / events,
    }),
  };
}
