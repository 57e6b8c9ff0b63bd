import { statfsSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

/** Of each filter; of fewer the p99 would be the slowest one. */
const QUERIES = 200;

interface Size {
  name: string;
  about: string;
  rows: number;
  quick: number;
  /** Over how many days they are spread: a partition each. */
  days: number;
}

/** Publishing, delivering and asking must stay as fast. */
export const growth = withTablesOf({
  name: 'growth',
  about: '5,000,000 finished deliveries (quick: 200,000) of 28 days: speed, delivery-log queries, retention',
  rows: 5_000_000,
  quick: 200_000,
  days: 28,
});

/** A day's partition is then fourteen times as large, and so are its indexes. */
export const week = withTablesOf({
  name: 'week',
  about: '50,000,000 finished deliveries (quick: 500,000) of 7 days, or what half of the free disk holds',
  rows: 50_000_000,
  quick: 500_000,
  days: 7,
});

/** What a delivery takes on the disk with its event, attempt and indexes, and their WAL, bytes; rounded up. */
const DISK_BYTES = 2_500;

function withTablesOf({ name, about, rows: wanted, quick, days }: Size): Scenario {
  return {
    name,
    about,
    isLong: 'once',
    targets: { 'full to empty': { atLeast: 0.9 }, 'slowest query p99 ms': { atMost: 30 } },
    play: async (stage) => {
      const asked = stage.rows ?? (stage.isQuick ? quick : wanted);
      const rows = Math.min(asked, roomFor(DISK_BYTES));
      if (rows < asked) stage.progress(`the disk has room for ${rows} deliveries only`);
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
        for (let age = days + 2; age >= 0; age -= 4) {
          await ensurePartitions(database, Date.now() - age * DAY_MS);
        }
        await seedDeliveries(engine, tenant, {
          rows,
          status: 'succeeded',
          days,
          progress: stage.progress,
        });
        const [stillEmpty = {}, full = {}] = await measureInTurns([stage, own], events);
        const tables = await tableFigures(database, rows);
        const queries = await askLog(engine, tenant, days, stage.progress);
        const retention = await dropDays(own, database, days, events);
        const [fullRate, emptyRate] = [full['deliveries/s'] ?? NaN, stillEmpty['deliveries/s'] ?? NaN];
        return {
          'empty deliveries/s': emptyRate,
          'full deliveries/s': fullRate,
          'full to empty': fullRate / emptyRate / alike,
          'when both were empty': alike,
          'full cpu s/10k': full['cpu s/10k'] ?? NaN,
          'seeded rows': rows,
          ...tables,
          ...queries,
          ...retention,
        };
      } finally {
        await source.destroy();
        await engine.close();
      }
    },
  };
}

/** Deliveries that may be written until half of the free disk is full. */
function roomFor(bytesEach: number): number {
  const { bavail, bsize } = statfsSync(tmpdir());
  return Math.floor((bavail * bsize) / 2 / bytesEach / 1_000_000) * 1_000_000;
}

const SIZES = {
  name: 'benchmark_sizes',
  text: `
    SELECT sum(pg_table_size(relid)) AS tables, sum(pg_indexes_size(relid)) AS indexes,
      sum(n_dead_tup) AS dead, sum(n_live_tup) AS live, sum(autovacuum_count) AS vacuums
    FROM pg_stat_user_tables
    WHERE schemaname = 'posthorn' AND relname ~ '^(events|deliveries|attempts)(_|$)'`,
};

/** What a delivery takes with its event and attempt, and whether vacuum keeps up with what settling leaves behind. */
async function tableFigures(database: Database, rows: number): Promise<Figures> {
  const [sizes = {}] = await database.sql<Record<string, string>>(SIZES);
  const { tables = NaN, indexes = NaN, dead = NaN, live = NaN, vacuums = NaN } = sizes;
  return {
    'table bytes/delivery': Number(tables) / rows,
    'index bytes/delivery': Number(indexes) / rows,
    'dead rows %': (Number(dead) * 100) / Number(live),
    autovacuums: Number(vacuums),
  };
}

/** Every filter of the delivery log, alone and together, from the first page and from deep inside. */
async function askLog(
  engine: Engine,
  tenant: Tenant,
  days: number,
  progress: (line: string) => void,
): Promise<Figures> {
  const path = `/v1/spaces/${tenant.space}/deliveries`;
  const middle = new Date(Date.now() - (days / 2) * DAY_MS).toISOString();
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
async function dropDays(stage: Stage, database: Database, days: number, events: number): Promise<Figures> {
  const delivering = measure(END_TO_END, stage, events);
  const startedAt = performance.now();
  const dropped = await dropExpiredDays(database, Date.now(), days - 3);
  const milliseconds = performance.now() - startedAt;
  const figures = await delivering;
  return {
    'retention days': dropped.length,
    'retention ms/day': milliseconds / Math.max(1, dropped.length),
    'deliveries/s meanwhile': figures['deliveries/s'] ?? NaN,
  };
}
