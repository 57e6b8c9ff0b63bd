import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { DAY_MS, ensurePartitions } from '../../src/database/partitions.js';
import { dropExpiredDays } from '../../src/retention/retention.js';
import type { Engine, Tenant } from '../engine.js';
import { EVENT_TYPE } from '../payload.js';
import { spread } from '../percentiles.js';
import type { Figures, Scenario, Stage } from '../scenario.js';
import { seedDeliveries } from '../seed-deliveries.js';
import { END_TO_END, measure, measureInTurns } from './throughput.js';

const DAYS = 28;
/** Of each filter; of fewer the p99 would be the slowest one. */
const QUERIES = 200;

/** Five million finished deliveries in the tables: publishing, delivering and asking must stay as fast. */
export const growth: Scenario = {
  name: 'growth',
  about: '5,000,000 finished deliveries (quick: 200,000): speed, delivery-log queries, retention',
  isLong: 'once',
  targets: { 'full to empty': { atLeast: 0.9 }, 'slowest query p99 ms': { atMost: 30 } },
  play: async (stage) => {
    const rows = stage.isQuick ? 200_000 : 5_000_000;
    const events = stage.isQuick ? 8_000 : 40_000;
    const engine = await stage.startEngine();
    const own: Stage = { ...stage, engine };
    const source = createDataSource({ url: engine.databaseUrl, entities: [], poolSize: 2 });
    try {
      await connect(source);
      const database = new Database(source);
      for (const each of [stage, own]) await measure(END_TO_END, each, 4_000);
      // No two engines are quite alike, and the first one stays empty.
      const [other = {}, empty = {}] = await measureInTurns([stage, own], events);
      const alike = (empty['deliveries/s'] ?? NaN) / (other['deliveries/s'] ?? NaN);

      const urls = Array.from({ length: 10 }, (_, n) => `${stage.receiverUrl}/seeded-${n}`);
      const tenant = await engine.tenant(urls);
      // The partitions of past days; each call makes five.
      for (let age = DAYS + 2; age >= 0; age -= 4) {
        await ensurePartitions(database, Date.now() - age * DAY_MS);
      }
      await seedDeliveries(engine, tenant, {
        rows,
        status: 'succeeded',
        days: DAYS,
        progress: stage.progress,
      });
      const [stillEmpty = {}, full = {}] = await measureInTurns([stage, own], events);
      const queries = await askLog(engine, tenant, stage.progress);
      const retention = await dropDays(own, database, events);
      const [fullRate, emptyRate] = [full['deliveries/s'] ?? NaN, stillEmpty['deliveries/s'] ?? NaN];
      return {
        'empty deliveries/s': emptyRate,
        'full deliveries/s': fullRate,
        'full to empty': fullRate / emptyRate / alike,
        'when both were empty': alike,
        'full cpu s/10k': full['cpu s/10k'] ?? NaN,
        ...queries,
        ...retention,
      };
    } finally {
      await source.destroy();
      await engine.close();
    }
  },
};

/** Every filter of the delivery log, alone and together, from the first page and from deep inside. */
async function askLog(engine: Engine, tenant: Tenant, progress: (line: string) => void): Promise<Figures> {
  const path = `/v1/spaces/${tenant.space}/deliveries`;
  const middle = new Date(Date.now() - (DAYS / 2) * DAY_MS).toISOString();
  const list = (query: string) =>
    engine.call<{ data: { eventId: string }[]; nextCursor: string | null }>('GET', `${path}?${query}`);
  const deep = await list(`until=${middle}&limit=1`);
  const cursor = `cursor=${encodeURIComponent(deep.nextCursor ?? '')}`;
  const subscription = `subscription=${tenant.subscriptions[3]?.id}`;
  const filters = [
    '',
    subscription,
    `event=${deep.data[0]?.eventId}`,
    `type=${EVENT_TYPE}`,
    'type=lead.update',
    'status=succeeded',
    'status=failed',
    'status=pending',
    'status=held',
    `since=${middle}`,
    `until=${middle}`,
    `${subscription}&status=failed`,
    `${subscription}&type=${EVENT_TYPE}&since=${middle}`,
    `status=failed&type=${EVENT_TYPE}`,
  ];
  const queries = filters.flatMap((filter) => [filter, [filter, cursor].filter(Boolean).join('&')]);
  const times = new Map(queries.map((query): [string, number[]] => [query, []]));
  // In turns: a second in which the machine was busy belongs to all of them.
  for (let n = 0; n < QUERIES; n += 1) {
    for (const [query, taken] of times) {
      const startedAt = performance.now();
      await list(query);
      taken.push(performance.now() - startedAt);
    }
  }
  let slowest = 0;
  for (const [query, taken] of times) {
    const { p50, p99, max } = spread(taken);
    slowest = Math.max(slowest, p99);
    const figures = `p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms, max ${max.toFixed(1)} ms`;
    progress(`${query.replace(cursor, 'deep') || 'no filter'}: ${figures}`);
  }
  return { 'slowest query p99 ms': slowest };
}

/** Retention drops days while events are published and delivered. */
async function dropDays(stage: Stage, database: Database, events: number): Promise<Figures> {
  const delivering = measure(END_TO_END, stage, events);
  const startedAt = performance.now();
  const days = await dropExpiredDays(database, Date.now(), DAYS - 4);
  const milliseconds = performance.now() - startedAt;
  const figures = await delivering;
  return {
    'retention days': days.length,
    'retention ms/day': milliseconds / Math.max(1, days.length),
    'deliveries/s meanwhile': figures['deliveries/s'] ?? NaN,
  };
}
