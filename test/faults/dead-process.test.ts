import { chmodSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { createTestDatabase } from '../support/database.js';
import { eventually } from '../support/condition.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { SingleEngine } from './single-engine.js';

const LEASED = 400;

let engine: SingleEngine;
let receiver: Receiver;
/** How long it thinks before it answers, milliseconds; null: for ever. */
let delayMs: number | null;
let cleanups: (() => unknown)[];

beforeEach(async () => {
  cleanups = [];
  delayMs = 0;
  receiver = await startReceiver(() => (delayMs === null ? new Promise(() => undefined) : { delayMs }));
});

afterEach(async () => {
  for (const cleanup of cleanups.reverse()) await cleanup();
  await receiver.close();
});

/**
 * An endpoint that is known and quick, to which so many events are on their way when it turns slow or stops answering.
 */
async function publishAndLease(slow: number | null = null): Promise<string[]> {
  await engine.subscribe(receiver.url);
  await engine.publish(1_000);
  await receiver.received(1_000, 30_000);
  delayMs = slow;
  const ids = await engine.publish(LEASED, { atOnce: LEASED });
  delayMs = 0;
  return ids;
}

/** Milliseconds, from now on, until the endpoint has got all of these. */
async function arrived(ids: string[], timeoutMs: number): Promise<number> {
  const from = performance.now();
  const seenBefore = receiver.requests.length;
  await eventually(
    () => {
      const seen = new Set(receiver.requests.slice(seenBefore).map(({ headers }) => headers['webhook-id']));
      const missing = ids.filter((id) => !seen.has(id));
      if (missing.length > 0) throw new Error(`${missing.length} of ${ids.length} have not arrived.`);
    },
    { timeoutMs },
  );
  return performance.now() - from;
}

function dataDir(): string {
  const path = mkdtempSync(join(tmpdir(), 'posthorn-dead-'));
  chmodSync(path, 0o711);
  cleanups.push(() => {
    rmSync(realpathSync(join(path, 'postgres')), { recursive: true, force: true });
    rmSync(path, { recursive: true, force: true });
  });
  return path;
}

async function serverUrl(): Promise<string> {
  const database = await createTestDatabase();
  cleanups.push(() => database.drop());
  return database.url;
}

describe.each([
  ['its own database', async () => SingleEngine.start({ dataDir: dataDir() })],
  ['a database server', async () => SingleEngine.start({ databaseUrl: await serverUrl() })],
] as const)('an engine with %s that is killed with 400 leased events', (_name, start) => {
  it('leases them again within three seconds of its start', async () => {
    engine = await start();
    cleanups.push(() => engine.kill());
    const ids = await publishAndLease();
    await engine.kill();
    const { length } = receiver.requests;
    await engine.revive();
    const before = receiver.requests.length;
    const ms = await arrived(ids, 3_000);
    console.log(
      `${_name}: listens after ${Math.round(engine.startMs)} ms, all in ${Math.round(ms)} ms more; ${before - length} before`,
    );
    // The engine's log says what happened, and no retry was spent on it.
    const [first = ''] = ids;
    const { data } = await engine.ok<{ data: { id: string; attemptCount: number; status: string }[] }>(
      'GET',
      engine.path(`/deliveries?event=${first}`),
    );
    const delivery = await engine.ok<{ attempts: { errorCode: string | null }[] }>(
      'GET',
      engine.path(`/deliveries/${data[0]?.id}`),
    );
    expect(delivery.attempts.map(({ errorCode }) => errorCode)).toEqual(['interrupted', null]);
  });
});

describe('of two engines with a database server', () => {
  let other: SingleEngine;
  let database: pg.Pool;
  beforeEach(async () => {
    const url = await serverUrl();
    database = new pg.Pool({ connectionString: url, max: 2 });
    database.on('error', () => undefined);
    engine = await SingleEngine.start({ databaseUrl: url });
    other = await engine.twin();
    cleanups.push(() => database.end());
    cleanups.push(() => Promise.all([engine.kill(), other.kill()]));
  });

  it('the other leases them within ten seconds of the death of one', async () => {
    const ids = await publishAndLease();
    await engine.kill();
    expect(await arrived(ids, 10_000)).toBeLessThan(10_000);
  });

  it('the other has them within ten seconds although nothing tells that the process is gone', async () => {
    const ids = await publishAndLease();
    // As if it had run on another machine.
    await database.query(`UPDATE posthorn.workers SET process_space = 'elsewhere'`);
    await engine.kill();
    expect(await arrived(ids, 10_000)).toBeLessThan(10_000);
  });

  it('the other has them within ten seconds although it rested, and nothing tells that the process is gone', async () => {
    await engine.subscribe(receiver.url);
    await eventually(
      async () => {
        const { rows } = await database.query(`SELECT FROM posthorn.workers WHERE seen_at = 'infinity'`);
        return rows.length === 2;
      },
      { timeoutMs: 90_000 },
    );
    await database.query(`UPDATE posthorn.workers SET process_space = 'elsewhere'`);
    const ids = await publishAndLease();
    // The other may have leased some, too.
    const { rows } = await database.query(`SELECT FROM posthorn.workers WHERE seen_at = 'infinity'`);
    expect(rows.length).toBeLessThan(2);
    await engine.kill();
    expect(await arrived(ids, 10_000)).toBeLessThan(10_000);
  }, 150_000);

  it('one that stands still for seven seconds keeps what it has, and nothing is sent twice', async () => {
    const ids = await publishAndLease(1_500);
    engine.child.kill('SIGSTOP');
    await sleep(7_000);
    engine.child.kill('SIGCONT');
    await eventually(
      async () => {
        const { rows } = await database.query(
          `SELECT status FROM posthorn.deliveries WHERE status <> 'succeeded'`,
        );
        expect(rows).toHaveLength(0);
      },
      { timeoutMs: 60_000 },
    );
    const { rows } = await database.query<{ count: number }>(
      `SELECT count(*)::int AS count FROM posthorn.attempts WHERE error_code = 'interrupted'`,
    );
    expect(rows).toEqual([{ count: 0 }]);
    const sent = receiver.requests.map(({ headers }) => headers['webhook-id']);
    expect(sent.filter((id) => ids.includes(String(id)))).toHaveLength(LEASED);
  });

  it('both that lose their database sessions keep what they have', async () => {
    const held = await engine.subscribe(receiver.url);
    expect(held).toMatch(/^sub_/);
    await engine.publish(200);
    await receiver.received(200, 30_000);
    await database.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await eventually(async () => {
      const { rows } = await database.query<{ open: number }>(
        `SELECT count(*)::int AS open FROM pg_locks WHERE locktype = 'advisory' AND granted AND objsubid = 1
           AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
      );
      expect(rows[0]?.open).toBeGreaterThanOrEqual(2);
    });
    await sleep(5_000);
    const { rows } = await database.query(`SELECT id FROM posthorn.workers WHERE ended_at IS NOT NULL`);
    expect(rows).toEqual([]);
  });
});
