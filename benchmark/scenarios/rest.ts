import { setTimeout as delay } from 'node:timers/promises';
import type { Engine } from '../engine.js';
import { spread } from '../percentiles.js';
import type { Figures, Scenario, Stage } from '../scenario.js';
import { SETS } from './rates.js';

/**
 * What PostgreSQL does once is no part of idling: after the last page was read its background writer goes round all
 * buffers for two minutes, and autovacuum looks at the catalogue of a new database in the minutes after that.
 */
const SETTLE_MS = 150_000;
/** A minute has one of everything that happens once a minute, and CPU is counted in steps of 10 ms. */
const IDLE_MS = 60_000;
/** A worker rests when it has leased nothing for longer than a lease lasts (ADR 36). */
const REST_MS = 70_000;
const FIRST_EVENTS = 3;
const DRAIN_MS = 30_000;
/** Until V8 has compiled what an event runs through. */
const WARM_UP = { rate: 500, events: 6_000 };

/** What an engine costs when nothing happens, and how long the first event takes after that. */
export const rests: Scenario[] = SETS.map(({ name, about, engine }) => ({
  name: `rest-${name}`,
  about: `what it costs when nothing happens, and the first event after that: ${about}`,
  targets: {
    'idle % of a core': { atMost: 0.5 },
    'idle transactions/s': { atMost: 1 },
    'idle WAL MB/day': { atMost: 10 },
    'first event ms': { atMost: 5 },
  },
  isLong: 'once',
  onlyQueue: engine.queue ?? 'postgres',
  play: async (stage) => {
    const own = await stage.startEngine(engine);
    try {
      return await playRest(stage, own);
    } finally {
      await own.close();
    }
  },
}));

async function playRest({ receiver, receiverUrl, generator }: Stage, engine: Engine): Promise<Figures> {
  const { url, urls, key, space, subscriptions } = await engine.tenant([`${receiverUrl}/rest`]);
  const publish = async (events: number, rate: number) => {
    await receiver.call('reset', { '/rest': { secret: subscriptions[0]?.secret ?? '' } });
    const load = { url, ...(urls && { urls }), key, space, events, batch: 1, connections: 1, rate };
    await generator.call('publish', { ...load, connections: Math.min(16, events) });
    await receiver.call('received', { count: events, timeoutMs: DRAIN_MS });
    return (await receiver.call('report', undefined))['/rest']?.latency.p50 ?? NaN;
  };
  await publish(WARM_UP.events, WARM_UP.rate);
  await engine.tidyUp('all tables');
  await delay(SETTLE_MS);
  const figures = await costsOf(engine);
  const first: number[] = [];
  for (let n = 0; n < FIRST_EVENTS; n += 1) {
    if (n > 0) await delay(REST_MS);
    first.push(await publish(1, 1));
  }
  return { ...figures, 'first event ms': spread(first).p50 };
}

/** Per second. */
async function costsOf(engine: Engine): Promise<Figures> {
  const [before, counted, from] = [engine.costs(), await engine.counts(), performance.now()];
  await delay(IDLE_MS);
  const [after, counts, seconds] = [
    engine.costs(),
    await engine.counts(),
    (performance.now() - from) / 1_000,
  ];
  const used = (['node', 'postgres', 'redis'] as const).reduce(
    (sum, group) => sum + after[group].cpuSeconds - before[group].cpuSeconds,
    0,
  );
  return {
    'idle % of a core': (used * 100) / seconds,
    'idle transactions/s': (counts.transactions - counted.transactions) / seconds,
    'idle WAL MB/day': ((counts.walBytes - counted.walBytes) / seconds) * (86_400 / 2 ** 20),
    'idle node wake-ups/s': (after.node.wakeUps - before.node.wakeUps) / seconds,
    'idle node MB (PSS)': after.node.pssMb,
  };
}
