import { randomBytes } from 'node:crypto';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { createTestDatabase } from '../support/database.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { previousRelease } from './previous-release.js';

const THIS = join(import.meta.dirname, '..', '..', 'dist/src/main.js');
/** CI has fewer, to be done in half a minute. */
const ROWS = Number(process.env.UPGRADE_ROWS ?? 1_000_000);
const SPACE = 'upgrading';
const KEY = 'upgrade-admin-key-0000';

/** One engine, publishing and delivering. */
interface Engine {
  url: string;
  child: ChildProcess;
  log: () => string;
  ended: Promise<unknown>;
}

let databaseUrl: string;
let database: pg.Pool;
let drop: () => Promise<void>;
let receiver: Receiver;
const engines: Engine[] = [];
const keys = randomBytes(32).toString('base64');

beforeAll(async () => {
  ({ url: databaseUrl, drop } = await createTestDatabase('template0'));
  database = new pg.Pool({ connectionString: databaseUrl, max: 4 });
  database.on('error', () => undefined);
  receiver = await startReceiver(() => ({ status: 200 }));
}, 900_000);

afterAll(async () => {
  for (const { child } of engines) child.kill('SIGKILL');
  await Promise.all(engines.map(({ ended }) => ended));
  await receiver.close();
  await database.end();
  await drop();
});

async function start(main: string): Promise<Engine> {
  const port = await freePort();
  const child = spawn(process.execPath, [main], {
    env: {
      PATH: process.env.PATH,
      PORT: String(port),
      DATABASE_URL: databaseUrl,
      POSTHORN_ADMIN_KEY: KEY,
      POSTHORN_ENCRYPTION_KEYS: keys,
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
      LOG_LEVEL: 'warn',
    },
    cwd: tmpdir(),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (log += chunk.toString()));
  const engine = { url: `http://127.0.0.1:${port}`, child, log: () => log, ended: once(child, 'close') };
  engines.push(engine);
  await eventually(
    async () => {
      if (child.exitCode !== null) throw new Error(`The engine ended: ${log}`);
      expect((await fetch(`${engine.url}/readyz`)).status).toBe(200);
    },
    { timeoutMs: 300_000 },
  );
  return engine;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function call<T>(url: string, path: string, body: unknown): Promise<{ status: number; body: T }> {
  const response = await fetch(url + path, {
    method: 'POST',
    headers: { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal: AbortSignal.timeout(30_000),
  });
  return { status: response.status, body: (await response.json()) as T };
}

/** A million deliveries of the last three days, with events and attempts: finished ones, and some that are held. */
async function fill(): Promise<void> {
  const uuid = (n: string) =>
    `(substr(h, 1, 8) || '-' || substr(h, 9) || '-7' || lpad(to_hex(${n} % 4096), 3, '0') || '-8000-' || lpad(to_hex(${n}), 12, '0'))::uuid`;
  await database.query(`
    CREATE TEMPORARY TABLE made AS SELECT n, ${uuid('n')} AS id FROM (
      SELECT n, lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - 3600000 - (n % 2) * 86400000 + n / 100), 12, '0') AS h
      FROM generate_series(1, ${ROWS}) n) s;
    INSERT INTO posthorn.events (id, space_id, type, occurred_at, data)
      SELECT made.id, s.id, 'lead.create', now(), '{"n":1}' FROM made, posthorn.spaces s;
    INSERT INTO posthorn.attempts (delivery_id, n, id, started_at, url, request_headers)
      SELECT id, 1, id, now(), 'https://example.com', '[]' FROM made;
    INSERT INTO posthorn.deliveries (id, space_id, event_id, event_type, subscription_id, status, trigger, attempt_count, max_attempts, finished_at)
      SELECT made.id, s.id, made.id, 'lead.create', uuid_nil.id, CASE WHEN n % 50 = 0 THEN 'failed' ELSE 'succeeded' END, 'event', 1, 6, now()
      FROM made, posthorn.spaces s, (SELECT '00000000-0000-0000-0000-000000000001'::uuid AS id) uuid_nil;
    DROP TABLE made`);
  await database.query('ANALYZE posthorn.deliveries');
}

/** Publishes twenty events a second to an engine until it is stopped. */
function publishing(engine: Engine) {
  const accepted = new Set<string>();
  const refused: string[] = [];
  let longest = 0;
  const state = { goesOn: true };
  const under: Promise<void>[] = [];
  const one = async () => {
    const startedAt = performance.now();
    const { status, body } = await call<{ id: string }>(engine.url, `/v1/spaces/${SPACE}/events`, {
      type: 'lead.create',
      data: {},
    });
    longest = Math.max(longest, performance.now() - startedAt);
    if (status === 202) accepted.add(body.id);
    else refused.push(`${status} ${JSON.stringify(body)}`);
  };
  const work = (async () => {
    while (state.goesOn) {
      under.push(one());
      await sleep(50);
    }
    await Promise.all(under);
  })();
  return {
    accepted,
    stop: async () => {
      state.goesOn = false;
      await work;
      expect(refused).toEqual([]);
      return longest;
    },
  };
}

it('the release before goes on while this one migrates a filled database; both work, nothing is lost or doubled', async () => {
  const old = await start(previousRelease());
  await call(old.url, '/v1/spaces', { name: SPACE, uid: SPACE });
  await call(old.url, `/v1/spaces/${SPACE}/subscriptions`, { url: receiver.url });
  await fill();

  const before = publishing(old);
  await eventually(() => expect(before.accepted.size).toBeGreaterThan(40), { timeoutMs: 60_000 });
  const fresh = await start(THIS);
  const after = publishing(fresh);
  const reached = before.accepted.size;
  await eventually(
    () => {
      expect(before.accepted.size).toBeGreaterThan(reached + 100);
      expect(after.accepted.size).toBeGreaterThan(100);
    },
    { timeoutMs: 120_000 },
  );
  const longestOld = await before.stop();
  old.child.kill('SIGTERM');
  expect(await old.ended).toEqual([0, null]);
  const alone = after.accepted.size;
  await eventually(() => expect(after.accepted.size).toBeGreaterThan(alone + 40), { timeoutMs: 60_000 });
  const longestNew = await after.stop();

  const all = [...before.accepted, ...after.accepted];
  const arrived = () => receiver.requests.map(({ headers }) => String(headers['webhook-id']));
  await eventually(() => expect(new Set(arrived()).size).toBe(all.length), { timeoutMs: 60_000 });
  expect(arrived().sort()).toEqual(all.sort());
  const { rows } = await database.query<{ status: string; count: number }>(
    `SELECT status, count(*)::int AS count FROM posthorn.deliveries GROUP BY status ORDER BY status`,
  );
  expect(rows).toEqual([
    { status: 'failed', count: ROWS / 50 },
    { status: 'succeeded', count: ROWS - ROWS / 50 + all.length },
  ]);
  process.stdout.write(
    `longest publish: ${Math.round(longestOld)} ms at the release before, ${Math.round(longestNew)} ms at this one; ${all.length} events\n`,
  );
  expect(Math.max(longestOld, longestNew)).toBeLessThan(1_000);
});
