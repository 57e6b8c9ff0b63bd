import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { DiskProbe } from '../disk-probe.js';
import { Peer } from '../process-commands.js';
import { costOf, type Cost } from '../process-costs.js';
import type { ReceiverCommands } from '../receiver.js';
import type { Figures } from '../scenario.js';
import type { Adapter, EngineAddress, PublishRequest } from './adapter.js';
import { ADAPTERS } from './adapters.js';
import { publish, type Load } from './load.js';

const HELP = `node --import ./test/support/typescript.mjs benchmark/compare/run.ts \\
  --adapter NAME --url URL --key KEY [options]

  --adapter <name>       ${ADAPTERS.map(({ name }) => name).join(', ')}
  --value <NAME=value>   what the adapter needs besides; may be repeated
  --group <name=pid,…>   processes whose CPU and memory count, with all they start; may be repeated
  --fan-out <n>          endpoints of each event in the closed loop, default 1
  --connections <n>      of the closed loop, default 64
  --rates <n,n>          steady rates, default 20,200
  --seconds <n>          of each measurement, default 8
  --adapters             says what each adapter needs, and what its engine's answers mean
`;

const { values } = parseArgs({
  options: {
    adapter: { type: 'string' },
    url: { type: 'string', default: '' },
    key: { type: 'string', default: '' },
    value: { type: 'string', multiple: true, default: [] },
    group: { type: 'string', multiple: true, default: [] },
    'fan-out': { type: 'string', default: '1' },
    connections: { type: 'string', default: '64' },
    rates: { type: 'string', default: '20,200' },
    seconds: { type: 'string', default: '8' },
    adapters: { type: 'boolean', default: false },
  },
});

const WARM_UP = 500;
const DRAIN_MS = 60_000;
/** One of ten endpoints hangs; seven events a second for each of them. */
const HANGING = { endpoints: 10, rate: 7, connections: 16 };

const seconds = Number(values.seconds);
const groups = values.group.map((text): [string, number[]] => {
  const [name = '', pids = ''] = text.split('=');
  return [name, pids.split(',').map(Number)];
});
const costs = (): Map<string, Cost> => new Map(groups.map(([name, pids]) => [name, costOf(pids)]));

interface Stage {
  adapter: Adapter;
  engine: EngineAddress;
  receiver: Peer<ReceiverCommands>;
  receiverUrl: string;
}

/** Publishes, waits for all of it, and gives what it took. Lost and repeated deliveries are figures, not failures. */
async function measure(
  { receiver, receiverUrl }: Stage,
  request: PublishRequest,
  paths: string[],
  load: Load,
  hanging: string[] = [],
): Promise<Figures> {
  const behaviours = paths.map((path) => [path, { idInBody: true, hangs: hanging.includes(path) }]);
  await receiver.call('reset', Object.fromEntries(behaviours) as Record<string, object>);
  const disk = await DiskProbe.start();
  const before = costs();
  const published = await publish(request, load);
  const expected = published.accepted * (paths.length - hanging.length);
  await receiver.call('received', { count: expected, timeoutMs: DRAIN_MS });
  const after = costs();
  const { 'disk p99 ms': diskP99 = 0 } = await disk.stop();
  const reports = Object.entries(await receiver.call('report', undefined))
    .filter(([path]) => receiverUrl !== '' && paths.includes(path) && !hanging.includes(path))
    .map(([, report]) => report);
  const arrived = reports.reduce((sum, { requests, duplicates }) => sum + requests - duplicates, 0);
  const lastAt = Math.max(published.endedAt, ...reports.map((report) => report.lastAt));
  const figures: Figures = {
    'accepted/s': (published.accepted * 1_000) / (published.endedAt - published.startedAt),
    'deliveries/s': (arrived * 1_000) / (lastAt - published.startedAt),
    'answer p50 ms': published.answer.p50,
    'p50 ms': Math.max(...reports.map(({ latency }) => latency.p50)),
    'p99 ms': Math.max(...reports.map(({ latency }) => latency.p99)),
    'disk p99 ms': diskP99,
    refused: load.events - published.accepted,
    missing: expected - arrived,
    repeated: reports.reduce((sum, { duplicates }) => sum + duplicates, 0),
  };
  for (const [name, cost] of after) {
    const used = cost.cpuSeconds - (before.get(name)?.cpuSeconds ?? 0);
    figures[`${name} CPU s/10k`] = (used * 10_000) / Math.max(1, arrived);
    figures[`${name} MB (PSS)`] = cost.pssMb;
  }
  return figures;
}

function pathsOf(count: number, name: string): string[] {
  return Array.from({ length: count }, (_, n) => `/${name}-${n}`);
}

async function measureAll(stage: Stage): Promise<Record<string, Figures>> {
  const { adapter, engine, receiverUrl } = stage;
  const setUp = (paths: string[]) =>
    adapter.setUp(
      engine,
      paths.map((path) => receiverUrl + path),
    );
  const results: Record<string, Figures> = {};
  const connections = Number(values.connections);
  const closed = pathsOf(Number(values['fan-out']), 'closed');
  const request = await setUp(closed);
  const warm = await measure(stage, request, closed, { events: WARM_UP, connections });
  const perSecond = Math.max(50, (warm['deliveries/s'] ?? 0) / closed.length);
  results['closed loop'] = await measure(stage, request, closed, {
    ...{ events: Math.ceil(perSecond * seconds), connections },
  });
  const steady = pathsOf(1, 'steady');
  const steadyRequest = await setUp(steady);
  for (const rate of values.rates.split(',').map(Number)) {
    await delay(500);
    const load = { events: Math.ceil(rate * seconds), connections: 16, rate };
    results[`${rate}/s`] = await measure(stage, steadyRequest, steady, load);
  }
  const some = pathsOf(HANGING.endpoints, 'hanging');
  const hangingRequest = await setUp(some);
  const load = { events: HANGING.rate * seconds, connections: HANGING.connections, rate: HANGING.rate };
  results['one of ten endpoints hangs'] = await measure(stage, hangingRequest, some, load, some.slice(0, 1));
  return results;
}

async function main(): Promise<void> {
  const adapter = ADAPTERS.find(({ name }) => name === values.adapter);
  if (!adapter) throw new Error(`--adapter is one of ${ADAPTERS.map(({ name }) => name).join(', ')}.`);
  const receiver = Peer.start<ReceiverCommands>('receiver.ts');
  try {
    const receiverUrl = await receiver.call('start', undefined);
    const pairs = values.value.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string]);
    const engine = { url: values.url, key: values.key, values: Object.fromEntries(pairs) };
    const results = await measureAll({ adapter, engine, receiver, receiverUrl });
    console.log(
      JSON.stringify({ adapter: adapter.name, answerMeans: adapter.answerMeans, results }, null, 2),
    );
  } finally {
    await receiver.stop();
  }
}

if (values.adapters)
  for (const { name, needs, answerMeans } of ADAPTERS)
    console.log(`${name}: ${needs} A 2xx: ${answerMeans}.`);
else if (values.adapter === undefined) console.log(HELP);
else
  await main().catch((error: unknown) => {
    console.error((error as Error).message);
    process.exitCode = 1;
  });
