import { parseArgs } from 'node:util';
import type { CeilingCommands } from './ceiling.js';
import { Engine, type Queue } from './engine.js';
import type { GeneratorCommands } from './generator.js';
import { playAll, type ScenarioResult } from './play.js';
import { Peer } from './process-commands.js';
import type { ReceiverCommands } from './receiver.js';
import { saveResults } from './save-results.js';
import type { Stage } from './scenario.js';
import { scenarios } from './scenarios.js';
import { redisIsInstalled } from '../test/support/redis.js';

const HELP = `npm run bench -- [options]

  --quick                 one short play of each scenario, under 90 s
  --only <name>[,<name>]  these scenarios; some run only when named
  --queue <queue>         postgres (the embedded default) or redis; both unless given
  --workers <n>           worker processes with Redis, default 1
  --node-options=<text>   for the engine's Node processes, e.g. --node-options="--cpu-prof --cpu-prof-dir=/tmp/profiles"
  --env <NAME=value>      a setting of the engine; may be repeated
  --rows <n>              finished deliveries of growth and week, when fewer than they say
  --statements            has PostgreSQL tell what its statements cost, which slows it a little
  --list                  names the scenarios
`;

const { values } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    queue: { type: 'string' },
    workers: { type: 'string', default: '1' },
    'node-options': { type: 'string', default: '' },
    env: { type: 'string', multiple: true, default: [] },
    rows: { type: 'string' },
    statements: { type: 'boolean', default: false },
    list: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

function chosenScenarios() {
  const names = values.only?.split(',');
  const unknown = names?.filter((name) => !scenarios.some((scenario) => scenario.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`There is no scenario ${unknown.join(', ')}; --list names them.`);
  return scenarios.filter((scenario) => names?.includes(scenario.name) ?? !scenario.isLong);
}

function chosenQueues(): Queue[] {
  const { queue } = values;
  if (queue === 'postgres' || queue === 'redis') return [queue];
  if (queue !== undefined) throw new Error('--queue is postgres or redis.');
  if (redisIsInstalled()) return ['postgres', 'redis'];
  console.log('redis-server is not installed: only the embedded default is measured.');
  return ['postgres'];
}

const startedAt = performance.now();
const closing: (() => Promise<void>)[] = [];
const stopped = new AbortController();
async function closeAll(): Promise<void> {
  for (const close of closing.splice(0).reverse()) await close();
}

function progress(line: string): void {
  const seconds = ((performance.now() - startedAt) / 1_000).toFixed(0).padStart(4);
  console.log(`${seconds} s  ${line}`);
}

async function main(): Promise<void> {
  const chosen = chosenScenarios();
  const receiver = Peer.start<ReceiverCommands>('receiver.ts');
  const generator = Peer.start<GeneratorCommands>('generator.ts');
  const loop = () => Peer.start<CeilingCommands>('ceiling.ts');
  const loops = { request: loop(), pool: loop() };
  closing.push(...[receiver, generator, loops.request, loops.pool].map((peer) => () => peer.stop()));
  const receiverUrl = await receiver.call('start', undefined);
  const options = {
    workers: Number(values.workers),
    countsStatements: values.statements,
    nodeOptions: values['node-options'].split(' ').filter(Boolean),
    env: Object.fromEntries(values.env.map((pair) => pair.split(/=(.*)/s).slice(0, 2) as [string, string])),
  };

  const results: ScenarioResult[] = [];
  const databases: Record<string, Record<string, string>> = {};
  for (const queue of chosenQueues()) {
    if (chosen.every(({ onlyQueue = queue }) => onlyQueue !== queue)) continue;
    const startEngine = (other: object = {}) => Engine.start({ queue, ...options, ...other });
    progress(
      queue === 'postgres' ? 'starting the embedded default' : 'starting API, worker, Redis, PostgreSQL',
    );
    const engine = await startEngine();
    closing.push(() => engine.close());
    databases[queue] = await engine.show('server_version', 'fsync', 'synchronous_commit', 'full_page_writes');
    progress(`durability: ${JSON.stringify(databases[queue])}`);
    const seconds = values.quick ? 2.5 : 8;
    const isQuick = values.quick;
    const stage: Stage = {
      engine,
      receiver,
      receiverUrl,
      generator,
      loops,
      isQuick,
      ...(values.rows !== undefined && { rows: Number(values.rows) }),
      seconds,
      startEngine,
      progress,
    };
    results.push(...(await playAll(chosen, stage, queue)));
    await engine.close();
    closing.pop();
  }
  saveResults({
    isQuick: values.quick,
    databases,
    results,
    seconds: (performance.now() - startedAt) / 1_000,
  });
}

if (values.help || values.list) {
  console.log(
    values.help ? HELP : scenarios.map(({ name, about }) => `${name.padEnd(22)}${about}`).join('\n'),
  );
} else {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    // More than one comes when a whole process group is told.
    process.on(signal, () => {
      if (stopped.signal.aborted) return;
      stopped.abort();
      void closeAll().finally(() => process.exit(130));
    });
  }
  try {
    await main();
  } catch (error) {
    if (!stopped.signal.aborted) console.error(`bench: ${(error as Error).stack ?? String(error)}`);
    process.exitCode = 1;
  }
  await closeAll();
}
