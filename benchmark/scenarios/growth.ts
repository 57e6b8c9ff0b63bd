import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { DAY_MS, ensurePartitions } from '../../src/database/partitions.js';
import { dropExpiredDays } from '../../src/database/retention.js';
import type { Engine, Tenant } from '../engine.js';
import { EVENT_TYPE } from '../payload.js';
import { spread } from '../percentiles.js';
import type { Figures, Scenario, Stage } from '../scenario.js';
import { seedDeliveries } from '../seed-deliveries.js';
import { measure } from './throughput.js';

const PLAN = { endpoints: 1, batch: 100, connections: 8 };
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
      await measure(PLAN, own, 4_000);
      const empty = await measure(PLAN, own, events);

      const urls = Array.from({ length: 10 }, (_, n) => `${stage.receiverUrl}/seeded-${n}`);
      const tenant = await engine.tenant(urls);
      // The partitions of past days; each call makes five.
      for (let age = DAYS + 2; age >= 0; age -= 4) {
        await database.transaction((sql) => ensurePartitions(sql, Date.now() - age * DAY_MS));
      }
      await seedDeliveries(engine, tenant, {
        rows,
        status: 'succeeded',
        days: DAYS,
        progress: stage.progress,
      });
      const full = await measure(PLAN, own, events);
      const queries = await askLog(engine, tenant, stage.progress);
      const retention = await dropDays(own, database, events);
      const [fullRate, emptyRate] = [full['deliveries/s'] ?? NaN, empty['deliveries/s'] ?? NaN];
      return {
        'empty deliveries/s': emptyRate,
        'full deliveries/s': fullRate,
        'full to empty': fullRate / emptyRate,
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
  let slowest = 0;
  for (const filter of filters) {
    for (const from of ['', cursor]) {
      const times: number[] = [];
      for (let n = 0; n < QUERIES; n += 1) {
        const startedAt = performance.now();
        await list([filter, from].filter(Boolean).join('&'));
        times.push(performance.now() - startedAt);
      }
      const { p50, p99 } = spread(times);
      slowest = Math.max(slowest, p99);
      progress(
        `${filter || 'no filter'}${from && ', deep'}: p50 ${p50.toFixed(1)} ms, p99 ${p99.toFixed(1)} ms`,
      );
    }
  }
  return { 'slowest query p99 ms': slowest };
}

/** Retention drops days while events are published and delivered. */
async function dropDays(stage: Stage, database: Database, events: number): Promise<Figures> {
  const delivering = measure(PLAN, stage, events);
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
