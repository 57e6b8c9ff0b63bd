import type { DataSource } from 'typeorm';
import { newUuid } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';

/** Far from today, for which the test database has partitions already. */
const NOON = Date.UTC(2031, 4, 10, 12);
const DAY_MS = 86_400_000;

let copy: TestDatabase;
let source: DataSource;
let database: Database;

beforeEach(async () => {
  copy = await createTestDatabase();
  source = createDataSource({ url: copy.url, entities: [] });
  await connect(source);
  database = new Database(source);
});

afterEach(async () => {
  await source.destroy();
  await copy.drop();
});

const ensure = (now = NOON) => database.transaction((sql) => ensurePartitions(sql, now));

async function storeEvent(at: number): Promise<void> {
  await source.query(
    `INSERT INTO posthorn.events (id, space_id, type, occurred_at, data) VALUES ($1, $2, 'lead.create', now(), '{}')`,
    [newUuid(at), newUuid(at)],
  );
}

async function homes(): Promise<string[]> {
  const rows: { home: string }[] = await source.query(
    `SELECT c.relname AS home FROM posthorn.events e JOIN pg_class c ON c.oid = e.tableoid ORDER BY e.id`,
  );
  return rows.map((row) => row.home);
}

it('there is a partition for each day from yesterday to three days ahead, and nothing to do the second time', async () => {
  const made = await ensure();
  expect(made).toHaveLength(15);
  expect(made.filter((name) => name.startsWith('events_'))).toEqual(
    ['09', '10', '11', '12', '13'].map((day) => `events_203105${day}`),
  );
  expect(await ensure()).toEqual([]);
  expect(await ensure(NOON + DAY_MS)).toEqual([
    'events_20310514',
    'deliveries_20310514',
    'attempts_20310514',
  ]);
});

it('a row goes to the partition of the day inside its id', async () => {
  await ensure();
  const midnight = Date.UTC(2031, 4, 11);
  for (const at of [midnight - 1, midnight]) await storeEvent(at);
  expect(await homes()).toEqual(['events_20310510', 'events_20310511']);
});

it('rows written before their day had a partition move into it', async () => {
  await storeEvent(NOON);
  await storeEvent(NOON + 30 * DAY_MS);
  expect(await homes()).toEqual(['events_default', 'events_default']);
  await ensure();
  expect(await homes()).toEqual(['events_20310510', 'events_default']);
});

it('callers at the same time share the work', async () => {
  const made = await Promise.all([ensure(), ensure(), ensure()]);
  expect(made.map((names) => names.length).sort()).toEqual([0, 0, 15]);
});
