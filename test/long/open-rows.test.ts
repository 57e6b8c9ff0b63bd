import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import type { DataSource } from 'typeorm';
import { newUuid } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { copyOpenDeliveries } from '../../src/retention/move-open-rows.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { dropExpiredDays } from '../../src/retention/retention.js';
import { leaseDeliveries } from '../../src/deliveries/lease-deliveries.js';
import { releaseDeliveries } from '../../src/deliveries/move-deliveries.js';
import { settleDeliveries } from '../../src/deliveries/settle-deliveries.js';
import type { DueDelivery } from '../../src/queue/deliver-job.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { succeeded } from '../support/settlement.js';

const DAY_MS = 86_400_000;
const DAY = Date.UTC(2031, 4, 10);
const LATER = DAY + 60 * DAY_MS;
const SPACE = newUuid(DAY);
const [HOLDING, BUSY] = [newUuid(DAY), newUuid(DAY)];

let copy: TestDatabase;
let source: DataSource;
let database: Database;

beforeEach(async () => {
  copy = await createTestDatabase();
  source = createDataSource({ url: copy.url, entities: [] });
  await connect(source);
  database = new Database(source);
  await ensurePartitions(database, DAY + DAY_MS);
  await source.query(
    `INSERT INTO posthorn.spaces (id, name, profile, created_at, updated_at) VALUES ($1, 'a', 'native', now(), now())`,
    [SPACE],
  );
  for (const [id, status] of [
    [HOLDING, 'paused'],
    [BUSY, 'active'],
  ])
    await source.query(
      `INSERT INTO posthorn.subscriptions (id, space_id, url, events, scope_level, secrets, retry_schedule, recovery, timeout_ms,
         profile, status, created_at, updated_at)
       VALUES ($1, $2, 'https://example.com', '{*}', 'space', '[]', '{5,30}', 'probe', 15000, 'native', $3, now(), now())`,
      [id, SPACE, status],
    );
});

afterEach(async () => {
  await source.destroy();
  await copy.drop();
});

/** Deliveries of noon, with an event and an attempt each, made by the database. */
async function store(
  count: number,
  status: string,
  subscription: string,
  at = DAY + DAY_MS / 2,
): Promise<void> {
  await source.query(
    `WITH made AS (
       SELECT (substr(h, 1, 8) || '-' || substr(h, 9) || '-7' || lpad(to_hex(n % 4096), 3, '0') || '-8000-' || lpad(to_hex(n), 12, '0'))::uuid AS id
       FROM (SELECT n, lpad(to_hex($1::bigint + n / 10), 12, '0') AS h FROM generate_series(1, $2) n) s
     ), events AS (
       INSERT INTO posthorn.events (id, space_id, type, occurred_at, data) SELECT id, $3, 'lead.create', now(), '{"n":1}' FROM made
     ), attempts AS (
       INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers)
       SELECT id, 1, id, now(), 'https://example.com', '[]' FROM made
     )
     INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, attempt_count, max_attempts, next_attempt_at)
     SELECT id, $3, id, 'lead.create', $4, $5, 'event', 1, 6, CASE WHEN $5 = 'pending' THEN now() END FROM made`,
    [at, count, SPACE, subscription, status],
  );
}

const drop = () => dropExpiredDays(database, LATER, 30);

async function count(what: string): Promise<number> {
  const [row] = await source.query<{ count: number }[]>(`SELECT count(*)::int AS count FROM ${what}`);
  return row?.count ?? 0;
}

async function parts(): Promise<string[]> {
  const rows = await source.query<{ relname: string }[]>(
    `SELECT relname FROM pg_class WHERE relkind = 'r' AND relname ~ '_20310510' ORDER BY 1`,
  );
  return rows.map(({ relname }) => relname);
}

/** As a resume does, all of it. */
async function release(): Promise<DueDelivery[]> {
  await source.query(`UPDATE posthorn.subscriptions SET status = 'active'`);
  const all: DueDelivery[] = [];
  for (;;) {
    const due = await releaseDeliveries(database.sql, HOLDING, new Date(LATER), 1_000);
    if (due.length === 0) return all;
    all.push(...due);
  }
}

const REST = ['attempts_20310510_open', 'deliveries_20310510_open', 'events_20310510_open'];

it('what is open stays with its event and its attempts when its day is dropped, and goes when it is finished', async () => {
  await store(50, 'succeeded', BUSY, DAY + DAY_MS / 4);
  await store(3, 'held', HOLDING);
  await store(2, 'pending', BUSY, DAY + 1_000);
  expect(await drop()).toContain('20310510');
  expect(await parts()).toEqual(REST);
  for (const table of ['events', 'deliveries', 'attempts']) expect(await count(`posthorn.${table}`)).toBe(5);
  expect(await drop()).toEqual([]);

  const due = await release();
  expect(due).toHaveLength(3);
  const lease = newUuid(LATER);
  const ids = due.map(({ id }) => id);
  const { leased, events } = await leaseDeliveries(database.sql, ids, lease, new Date(LATER), 1_000);
  expect(leased).toHaveLength(3);
  expect([...events.values()].map(({ data }) => data)).toEqual(['{"n":1}', '{"n":1}', '{"n":1}']);
  await settleDeliveries(
    database.sql,
    leased.map(({ id }) => succeeded(id, lease, { n: 2, at: LATER })),
  );
  expect(await count('posthorn.attempts')).toBe(8);

  await source.query(
    `UPDATE posthorn.deliveries SET status = 'failed', next_attempt_at = NULL WHERE status = 'pending'`,
  );
  await drop();
  expect(await parts()).toEqual([]);
  for (const table of ['events', 'deliveries', 'attempts']) expect(await count(`posthorn.${table}`)).toBe(0);
});

it('an event that a replay of another day still has to send stays', async () => {
  await store(20, 'succeeded', BUSY);
  await source.query(
    `INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, max_attempts)
     SELECT $1, space_id, event_id, event_type, subscription_id, 'held', 'replay', 6 FROM posthorn.deliveries LIMIT 1`,
    [newUuid(LATER)],
  );
  await drop();
  expect(await parts()).toEqual(['events_20310510_open']);
  expect(await count('posthorn.events')).toBe(1);
  await source.query(`UPDATE posthorn.deliveries SET status = 'succeeded'`);
  await drop();
  expect(await parts()).toEqual([]);
});

it('100,000 open deliveries are moved while others are leased and settled; nothing is lost or waits', async () => {
  await store(100_000, 'held', HOLDING);
  await store(2_000, 'pending', BUSY, DAY + 1_000);
  await store(5_000, 'succeeded', BUSY, DAY + 2_000);
  const all = await source.query<{ id: string }[]>(
    `SELECT id FROM posthorn.deliveries WHERE status = 'pending'`,
  );
  const ids = all.map(({ id }) => id);
  const state = { isDone: false };
  let longest = 0;
  const dropping = drop().finally(() => (state.isDone = true));
  const settled = new Set<string>();
  const leaseSome = async (some: string[]) => {
    const lease = newUuid(LATER);
    const startedAt = performance.now();
    const { leased } = await leaseDeliveries(database.sql, some, lease, new Date(LATER), 60_000);
    await settleDeliveries(
      database.sql,
      leased.map(({ id }) => succeeded(id, lease, { n: 2, at: LATER })),
    );
    longest = Math.max(longest, performance.now() - startedAt);
    for (const { id } of leased) settled.add(id);
  };
  for (let at = 0; at < 1_000 && !state.isDone; at += 10) {
    await leaseSome(ids.slice(at, at + 10));
    await sleep(10);
  }
  expect(state.isDone).toBe(false);
  while (!state.isDone) {
    await leaseSome(ids.filter((id) => !settled.has(id)).slice(0, 10));
    await sleep(10);
  }
  await dropping;

  expect(longest).toBeLessThan(1_000);
  expect(await parts()).toEqual(REST);
  expect(await count(`posthorn.deliveries WHERE status = 'held'`)).toBe(100_000);
  expect(await count(`posthorn.deliveries WHERE status = 'pending'`)).toBe(2_000 - settled.size);
  // What succeeded before it was copied went with the day; what did so later has its second attempt.
  expect(
    await count(
      `posthorn.deliveries d WHERE status = 'succeeded' AND (SELECT count(*) FROM posthorn.attempts WHERE delivery_id = d.id) <> 2`,
    ),
  ).toBe(0);
  expect(
    await count(`posthorn.deliveries d WHERE NOT EXISTS (SELECT FROM posthorn.events WHERE id = d.event_id)`),
  ).toBe(0);
  expect(
    await count(
      `posthorn.deliveries d WHERE NOT EXISTS (SELECT FROM posthorn.attempts WHERE delivery_id = d.id)`,
    ),
  ).toBe(0);
}, 120_000);

it('what somebody is just changing is moved as it is afterwards', async () => {
  await store(5, 'held', HOLDING);
  const other = new pg.Client({ connectionString: copy.url });
  await other.connect();
  const [first] = await source.query<{ id: string }[]>(
    'SELECT id FROM posthorn.deliveries ORDER BY id LIMIT 1',
  );
  await other.query('BEGIN');
  // Looked at with a lock, and changed when all others have been moved.
  await other.query('SELECT FROM posthorn.deliveries_20310510 WHERE id = $1 FOR UPDATE', [first?.id]);
  const moving = copyOpenDeliveries(database, '20310510');
  await eventually(async () => (await count('posthorn.deliveries_20310510_open')) === 4);
  await other.query(
    `UPDATE posthorn.deliveries SET status = 'pending', next_attempt_at = now() WHERE id = $1`,
    [first?.id],
  );
  await other.query('COMMIT');
  await other.end();
  expect(await moving).toBe(true);
  await drop();
  expect(await count(`posthorn.deliveries WHERE status = 'held'`)).toBe(4);
  expect(await count(`posthorn.deliveries WHERE status = 'pending'`)).toBe(1);
});

it('a move that was cut short goes on with the next run, and is one work for callers at the same time', async () => {
  await store(2_500, 'held', HOLDING);
  await copyOpenDeliveries(database, '20310510');
  expect(await release()).toHaveLength(2_500);
  await Promise.all([drop(), drop(), drop()]);
  expect(await parts()).toEqual(REST);
  expect(await count(`posthorn.deliveries WHERE status = 'pending'`)).toBe(2_500);
  expect(await count('posthorn.attempts')).toBe(2_500);
});

it('what is deleted with its space while it is moved stays deleted', async () => {
  await store(20, 'held', HOLDING);
  await copyOpenDeliveries(database, '20310510');
  await source.query('DELETE FROM posthorn.deliveries WHERE space_id = $1', [SPACE]);
  await drop();
  expect(await parts()).toEqual([]);
});

it('a dump that reads for long keeps the days where they are, and nobody waits for it', async () => {
  await store(10, 'held', HOLDING);
  const dump = new pg.Client({ connectionString: copy.url });
  await dump.connect();
  await dump.query('BEGIN; LOCK TABLE posthorn.deliveries IN ACCESS SHARE MODE');
  const dropping = drop();
  let longest = 0;
  for (let round = 0; round < 50; round += 1) {
    const startedAt = performance.now();
    await store(1, 'held', HOLDING, LATER + round);
    longest = Math.max(longest, performance.now() - startedAt);
    await sleep(10);
  }
  expect(longest).toBeLessThan(1_000);
  expect(await parts()).toContain('deliveries_20310510');
  await dump.query('COMMIT');
  await dump.end();
  expect(await dropping).toContain('20310510');
});
