import type { Engine, EngineOptions, Tenant } from '../engine.js';
import { monotonicMs } from '../monotonic.js';
import { medians } from '../percentiles.js';
import type { Figures, Scenario, Stage } from '../scenario.js';

const STARTS = 3;

/** From the command to the first answer of 202, with what a process needs for it. */
export const start: Scenario = {
  name: 'start',
  about:
    'from the command to the first 202: embedded and new, embedded, and on a PostgreSQL and Redis that are there',
  targets: {
    'embedded: first 202 ms': { atMost: 1_500 },
    'existing: first 202 ms': { atMost: 1_000 },
    'existing: node MB (PSS)': { atMost: 100 },
  },
  isLong: 'three times',
  // It starts engines of its own.
  onlyQueue: 'postgres',
  play: async (stage) => ({
    ...(await restart(stage, 'embedded', { queue: 'postgres' })),
    ...(await restart(stage, 'existing', { queue: 'redis', topology: 'all', workers: 1 })),
  }),
};

async function restart(stage: Stage, name: string, options: EngineOptions): Promise<Figures> {
  const begunAt = monotonicMs();
  const engine = await stage.startEngine(options);
  const newMs = monotonicMs() - begunAt;
  try {
    const tenant = await engine.tenant([`${stage.receiverUrl}/start`]);
    await stage.receiver.call('reset', { '/start': { secret: tenant.subscriptions[0]?.secret ?? '' } });
    const starts: Figures[] = [];
    for (let n = 0; n < STARTS; n += 1) starts.push(await startOnce(engine, tenant));
    const figures: Figures = options.queue === 'postgres' ? { 'new folder: listens ms': newMs } : {};
    for (const [figure, value] of Object.entries(medians(starts))) figures[`${name}: ${figure}`] = value;
    return figures;
  } finally {
    await engine.close();
  }
}

async function startOnce(engine: Engine, { key, space }: Tenant): Promise<Figures> {
  await engine.stopProcesses();
  const begunAt = monotonicMs();
  await engine.startProcesses();
  const response = await fetch(`${engine.url}/v1/spaces/${space}/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ type: 'lead.create', data: { id: 'lead-1' } }),
  });
  const ms = monotonicMs() - begunAt;
  await response.text();
  if (response.status !== 202)
    throw new Error(`The first publish after a start answered ${response.status}.`);
  const { node } = engine.costs();
  return { 'first 202 ms': ms, 'cpu node s': node.cpuSeconds, 'node MB (PSS)': node.pssMb };
}
