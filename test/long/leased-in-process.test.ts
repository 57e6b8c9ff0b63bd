import pg from 'pg';
import type { DataSource } from 'typeorm';
import { newUuid, uuidFloor, uuidTime } from '../../src/core/ids.js';
import { connect, createDataSource } from '../../src/database/data-source.js';
import { Database } from '../../src/database/database.js';
import { pgSql, type Sql } from '../../src/database/sql.js';
import { ensurePartitions } from '../../src/database/partitions.js';
import { dropExpiredDays } from '../../src/retention/retention.js';
import type { NewDelivery } from '../../src/deliveries/delivery.js';
import { advanceRecoveryWatermark } from '../../src/deliveries/leased-in-process.js';
import { OpenWriters } from '../../src/deliveries/open-writers.js';
import { insertDeliveries } from '../../src/deliveries/insert-deliveries.js';
import { cancelOpenDeliveries } from '../../src/deliveries/move-deliveries.js';
import { reclaimLostDeliveries } from '../../src/deliveries/recover-deliveries.js';
import { settleDeliveries } from '../../src/deliveries/settle-deliveries.js';
import { staysSo } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { succeeded } from '../support/settlement.js';

const SPACE = newUuid(0);
const ENDPOINT = newUuid(1);
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

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

function delivery(at: number, leased = true): NewDelivery {
  return {
    id: newUuid(at),
    spaceId: SPACE,
    eventId: newUuid(at),
    eventType: 'lead.create',
    subscriptionId: ENDPOINT,
    status: 'pending',
    trigger: 'event',
    override: null,
    maxAttempts: 6,
    dueAt: new Date(at),
    ...(leased && { lease: { id: newUuid(at), until: new Date(at + MINUTE) } }),
  };
}

/** A connection of its own, perhaps as somebody else. */
async function session(other: pg.ClientConfig): Promise<pg.Client> {
  const { hostname, port, pathname, username, password } = new URL(copy.url);
  const own = { host: hostname, port: Number(port), database: pathname.slice(1), user: username, password };
  const client = new pg.Client({ ...own, ...other });
  await client.connect();
  return client;
}

/** As a process wrote it that has died since. */
async function writtenBefore(ms: number): Promise<NewDelivery> {
  const made = delivery(Date.now() - ms);
  await insertDeliveries(database.sql, [made]);
  await source.query('UPDATE posthorn.deliveries SET next_attempt_at = NULL WHERE id = $1', [made.id]);
  await source.query('UPDATE posthorn.in_hand SET booked_until = least(booked_until, $1)', [
    uuidFloor(uuidTime(made.id)),
  ]);
  return made;
}

async function isRecoverable({ id }: NewDelivery): Promise<boolean | undefined> {
  const [row] = await source.query<{ isRecoverable: boolean }[]>(
    'SELECT next_attempt_at IS NOT NULL AS "isRecoverable" FROM posthorn.deliveries WHERE id = $1',
    [id],
  );
  return row?.isRecoverable;
}

describe('what is leased in process', () => {
  it('is new, and leased as it is written', async () => {
    const now = Date.now();
    const [fresh, free, old] = [delivery(now), delivery(now, false), delivery(now - 3_000)];
    await insertDeliveries(database.sql, [fresh, free, old]);
    expect(await Promise.all([fresh, free, old].map(isRecoverable))).toEqual([false, true, true]);
  });

  it('is nothing behind the recovery watermark', async () => {
    await source.query('UPDATE posthorn.in_hand SET booked_until = $1', [uuidFloor(Date.now() + MINUTE)]);
    const late = delivery(Date.now());
    await insertDeliveries(database.sql, [late]);
    expect(await isRecoverable(late)).toBe(true);
  });

  it('is settled without touching an index', async () => {
    await database.transaction(async (sql) => {
      const all = Array.from({ length: 20 }, () => delivery(Date.now()));
      await insertDeliveries(sql, all);
      await settleDeliveries(
        sql,
        all.map(({ id, lease }) => succeeded(id, lease?.id ?? '')),
      );
      const counted = await sql<{ updated: string; hot: string }>({
        name: '',
        text: `SELECT sum(n_tup_upd) AS updated, sum(n_tup_hot_upd) AS hot FROM pg_stat_xact_user_tables
          WHERE schemaname = 'posthorn' AND relname LIKE 'deliveries%'`,
      });
      expect(counted).toEqual([{ updated: '20', hot: '20' }]);
    });
  });

  it('is cancelled with its subscription', async () => {
    const all = [delivery(Date.now()), delivery(Date.now(), false)];
    await insertDeliveries(database.sql, all);
    expect(await cancelOpenDeliveries(database.sql, ENDPOINT, new Date())).toBe(2);
  });

  it('is cancelled with its subscription even when a sweep comes in between', async () => {
    await insertDeliveries(database.sql, [delivery(Date.now()), delivery(Date.now(), false)]);
    const book = `UPDATE posthorn.deliveries SET next_attempt_at = now() WHERE status = 'pending' AND next_attempt_at IS NULL`;
    let cancelled = 0;
    const interrupted: Sql = async (statement, values) => {
      const rows = await database.sql<never>(statement, values);
      await source.query(book);
      cancelled += (rows[0] as { count: number } | undefined)?.count ?? 0;
      return rows;
    };
    await cancelOpenDeliveries(interrupted, ENDPOINT, new Date());
    expect(cancelled).toBe(2);
  });

  it('is kept when its day is dropped', async () => {
    const at = Date.now() - 40 * DAY;
    await ensurePartitions(database, at);
    const day = new Date(at).toISOString().slice(0, 10).replaceAll('-', '');
    const left = await writtenBefore(40 * DAY);
    expect(await dropExpiredDays(database, Date.now(), 30)).toContain(day);
    expect(await source.query('SELECT id, status FROM posthorn.deliveries')).toEqual([
      { id: left.id, status: 'pending' },
    ]);
  });
});

describe('closing the books', () => {
  it('leaves what is young, and finds what a dead process has left when its lease is over', async () => {
    const [left, young] = [await writtenBefore(2 * MINUTE), delivery(Date.now())];
    await insertDeliveries(database.sql, [young]);
    const reclaim = () => database.transaction((sql) => reclaimLostDeliveries(sql, new Date()));
    expect(await reclaim()).toEqual([]);
    await advanceRecoveryWatermark(database.sql, new Date(), new OpenWriters());
    expect(await Promise.all([left, young].map(isRecoverable))).toEqual([true, false]);
    expect(await reclaim()).toEqual([{ id: left.id, subscriptionId: ENDPOINT }]);
  });

  it('makes up for days in which nobody did it', async () => {
    const left = await writtenBefore(3 * DAY);
    const later = await writtenBefore(MINUTE);
    await source.query('UPDATE posthorn.in_hand SET booked_until = $1', [uuidFloor(Date.now() - 4 * DAY)]);
    await advanceRecoveryWatermark(database.sql, new Date(), new OpenWriters());
    expect(await Promise.all([left, later].map(isRecoverable))).toEqual([true, true]);
  });

  /** Waits until it is so old that it would be looked for in the database. */
  const untilOfAge = (made: NewDelivery) =>
    staysSo(async () => (await isRecoverable(made)) !== true, { forMs: 5_300, because: 'nobody looks yet' });

  it('stops before a transaction that may yet write', async () => {
    const made = delivery(Date.now() + 1);
    await database.transaction(async (sql) => {
      await sql({ name: '', text: 'SELECT 1' });
      await insertDeliveries(database.sql, [made]);
      await untilOfAge(made);
      await advanceRecoveryWatermark(database.sql, new Date(), new OpenWriters());
      expect(await isRecoverable(made)).toBe(false);
    });
    await advanceRecoveryWatermark(database.sql, new Date(), new OpenWriters());
    expect(await isRecoverable(made)).toBe(true);
  });

  it('stops before a statement of a session with any name, also where it does not show when that began', async () => {
    const role = `stranger_${newUuid(0).slice(-12)}`;
    await source.query(
      `CREATE ROLE ${role} LOGIN PASSWORD 'stranger'; GRANT USAGE ON SCHEMA posthorn TO ${role};
       GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA posthorn TO ${role}`,
    );
    const writer = await session({ application_name: 'billing' });
    const sweeper = await session({ application_name: 'posthorn', user: role, password: 'stranger' });
    try {
      const made = delivery(Date.now());
      await writer.query('BEGIN');
      await insertDeliveries(pgSql(writer), [made]);
      await untilOfAge(made);
      const writers = new OpenWriters();
      const book = () => advanceRecoveryWatermark(pgSql(sweeper), new Date(), writers);
      await book();
      await book();
      await advanceRecoveryWatermark(database.sql, new Date(), new OpenWriters());
      await writer.query('COMMIT');
      expect(await isRecoverable(made)).toBe(false);
      await book();
      expect(await isRecoverable(made)).toBe(true);
    } finally {
      await Promise.all([writer.end(), sweeper.end()]);
      await source.query(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
    }
  });

  it('goes by when a writer was not there yet, where it does not show when it began', () => {
    const writers = new OpenWriters();
    const hidden = { id: '3/7', since: null };
    expect(writers.seen(1_000, [])).toBe(1_000);
    expect(writers.seen(3_000, [hidden])).toBe(1_000);
    expect(writers.seen(5_000, [hidden, { id: '4/1', since: 4_500 }])).toBe(1_000);
    expect(writers.seen(7_000, [{ id: '4/1', since: 4_500 }])).toBe(4_500);
    expect(writers.seen(9_000, [])).toBe(9_000);
    // One that was there at the first look may be of any age.
    expect(new OpenWriters().seen(1_000, [hidden])).toBeNull();
  });

  it('waits for nobody: what is locked is left for the next time, and nothing after it is passed over', async () => {
    const [locked, free] = [await writtenBefore(2 * MINUTE), await writtenBefore(MINUTE)];
    await source.query('UPDATE posthorn.in_hand SET booked_until = $1', [uuidFloor(Date.now() - 3 * MINUTE)]);
    await database.transaction(async (sql) => {
      const text = 'SELECT FROM posthorn.deliveries WHERE id = $1 FOR UPDATE';
      await sql({ name: 'test_lock', text }, [locked.id]);
      await advanceRecoveryWatermark(database.sql, new Date(), new OpenWriters());
      expect(await Promise.all([locked, free].map(isRecoverable))).toEqual([false, true]);
    });
    await advanceRecoveryWatermark(database.sql, new Date(), new OpenWriters());
    expect(await isRecoverable(locked)).toBe(true);
  });
});
