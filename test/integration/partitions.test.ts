import type { DataSource } from 'typeorm';
import { newUuid } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { deleteExpiredKeys } from '../../src/event-store/event-keys.js';
import type { ArchiverService } from '../../src/archive/archiver.service.js';
import { Settings } from '../../src/config/settings.js';
import { PartitionKeeper } from '../../src/retention/partition-keeper.js';
import { dropExpiredDays } from '../../src/retention/retention.js';
import { ManualClock } from '../support/manual-clock.js';
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

const ensure = (now = NOON) => ensurePartitions(database, now);

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
  expect(made.flat()).toHaveLength(15);
  expect(new Set(made.flat()).size).toBe(15);
});

describe('retention', () => {
  const drop = (now: number) => dropExpiredDays(database, now, 30);
  const tables = async () =>
    (
      await source.query<{ relname: string }[]>(
        `SELECT relname FROM pg_class WHERE relname ~ '^(events|deliveries|attempts)_20310510$'`,
      )
    ).map((row) => row.relname);

  async function storeDelivery(at: number, status: string): Promise<void> {
    await source.query(
      `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts)
       VALUES ($1, $2, $2, 'lead.create', $2, $3, 'event', 6)`,
      [newUuid(at), newUuid(at), status],
    );
  }

  it('drops a day with its events, deliveries and attempts once it ended 30 days ago', async () => {
    await ensure();
    await storeEvent(NOON);
    await storeDelivery(NOON, 'succeeded');
    const endOfDay = Date.UTC(2031, 4, 11);
    await drop(endOfDay + 30 * DAY_MS - 1);
    expect(await tables()).toHaveLength(3);
    expect(await drop(endOfDay + 30 * DAY_MS)).toContain('20310510');
    expect(await tables()).toEqual([]);
    expect(await homes()).toEqual([]);
  });

  it.each(['pending', 'held'])(
    'drops a day that has a %s delivery, and keeps the delivery',
    async (status) => {
      await ensure();
      await storeDelivery(NOON, status);
      const dropped = await drop(NOON + 60 * DAY_MS);
      expect(dropped).toEqual(expect.arrayContaining(['20310509', '20310510', '20310511']));
      expect(await source.query('SELECT status FROM posthorn.deliveries')).toEqual([{ status }]);
    },
  );

  it('drops what a run that was cut short had only taken out', async () => {
    await ensure();
    for (const table of ['events', 'deliveries', 'attempts'])
      await source.query(`ALTER TABLE posthorn.${table} DETACH PARTITION posthorn.${table}_20310510`);
    expect(await drop(NOON + 60 * DAY_MS)).toContain('20310510');
    expect(await tables()).toEqual([]);
  });

  it('drops the other days when one cannot be dropped, and goes on with what else it removes', async () => {
    await ensure();
    // An operator's report: the oldest day cannot be dropped as long as it is there.
    await source.query('CREATE VIEW public.report AS SELECT count(*) FROM posthorn.events_20310509');
    const space = newUuid(NOON);
    await source.query(
      `INSERT INTO posthorn.spaces (id, name, profile, created_at, updated_at) VALUES ($1, 'a', 'native', now(), now())`,
      [space],
    );
    await source.query(
      `INSERT INTO posthorn.event_keys (space_id, key, event_id, deliveries, fingerprint, created_at)
        VALUES ($1, 'old', $1, 0, '', $2)`,
      [space, new Date(NOON)],
    );
    const archive = { isOn: false } as unknown as ArchiverService;
    const keeper = new PartitionKeeper(
      database,
      new ManualClock(NOON + 60 * DAY_MS),
      new Settings(),
      archive,
    );
    await expect(keeper.keep()).rejects.toThrow('events_20310509');
    expect(await tables()).toEqual([]);
    expect(await source.query('SELECT FROM posthorn.event_keys')).toEqual([]);
    await source.query('DROP VIEW public.report');
    await keeper.keep();
    const left = `SELECT relname FROM pg_class WHERE relname LIKE 'events_20310509%'`;
    expect(await source.query(left)).toEqual([]);
  });

  it('deletes what is finished of days that never had a partition', async () => {
    await storeEvent(NOON);
    await storeDelivery(NOON, 'succeeded');
    await storeDelivery(NOON, 'held');
    await storeDelivery(NOON + DAY_MS, 'failed');
    await storeDelivery(NOON + 32 * DAY_MS, 'failed');
    const left = () =>
      source.query('SELECT status, tableoid::regclass::text AS home FROM posthorn.deliveries ORDER BY id');
    const home = 'deliveries_default';
    expect((await drop(NOON + 31 * DAY_MS)).at(-1)).toBe('20310510');
    expect(await homes()).toEqual([]);
    expect(await left()).toEqual([
      { status: 'held', home },
      { status: 'failed', home },
      { status: 'failed', home },
    ]);
    expect(await drop(NOON + 40 * DAY_MS)).toEqual(['20310511']);
    expect(await left()).toEqual([
      { status: 'held', home },
      { status: 'failed', home },
    ]);
  });

  it('is one work for callers at the same time', async () => {
    await ensure();
    await Promise.all(Array.from({ length: 3 }, () => drop(NOON + 60 * DAY_MS)));
    expect(await tables()).toEqual([]);
    expect(await drop(NOON + 60 * DAY_MS)).toEqual([]);
  });

  it('forgets idempotency keys after two days', async () => {
    const space = newUuid(NOON);
    await source.query(
      `INSERT INTO posthorn.spaces (id, name, profile, created_at, updated_at) VALUES ($1, 'a', 'native', now(), now())`,
      [space],
    );
    for (const [key, age] of [
      ['young', 1.9],
      ['old', 2.1],
    ] as const) {
      await source.query(
        `INSERT INTO posthorn.event_keys (space_id, key, event_id, deliveries, fingerprint, created_at) VALUES ($1, $2, $1, 0, '', $3)`,
        [space, key, new Date(NOON - age * DAY_MS)],
      );
    }
    expect(await deleteExpiredKeys(database.sql, NOON)).toBe(1);
    expect(await source.query('SELECT key FROM posthorn.event_keys')).toEqual([{ key: 'young' }]);
  });
});
