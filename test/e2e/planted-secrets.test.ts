import { randomBytes } from 'node:crypto';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import pg from 'pg';
import { BACKENDS, type Backend } from '../support/backends.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Program } from '../support/program.js';
import { refusedPort, startReceiver, type Receiver } from '../support/receiver.js';

const plant = (name: string) => `planted-${name}-${randomBytes(6).toString('hex')}`;

const adminKey = plant('admin-key');
const encryptionKey = randomBytes(32).toString('base64');
const secret = randomBytes(32);
const headerValue = plant('header');
const urlToken = plant('url-token');
const payload = plant('payload');
const wrongKey = plant('wrong-key');

/** Everything somebody typed in or we made, by the name under which a leak is reported. */
const planted: Record<string, string> = {
  adminKey,
  encryptionKey,
  secret: secret.toString('base64'),
  secretInHex: secret.toString('hex'),
  headerValue,
  urlToken,
  payload,
  wrongKey,
};

describe.each(BACKENDS)('planted secrets, with the queue on %s', (_name, startBackend) => {
  let backend: Backend;
  let database: TestDatabase;
  let rows: pg.Client;
  let receiver: Receiver;
  let program: Program;
  let url: string;
  const answers: string[] = [];

  beforeAll(async () => {
    backend = await startBackend();
    database = await createTestDatabase();
    rows = new pg.Client(database.url);
    await rows.connect();
    planted.databasePassword = new URL(database.url).password;
    receiver = await startReceiver((request) => {
      if (request.path.startsWith('/fails'))
        return { status: 500, body: String(request.headers['x-planted']) };
      if (request.path.startsWith('/hangs')) return { delayMs: 60_000 };
      return {};
    });
    const port = await refusedPort();
    url = `http://127.0.0.1:${port}`;
    program = Program.run(
      'main.js',
      {
        PORT: String(port),
        DATABASE_URL: database.url,
        ...(backend.redisUrl && { REDIS_URL: backend.redisUrl }),
        POSTHORN_ADMIN_KEY: adminKey,
        POSTHORN_ENCRYPTION_KEYS: encryptionKey,
        POSTHORN_ALLOW_HTTP: 'true',
        POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
        POSTHORN_SWEEP_INTERVAL_MS: '200',
        LOG_LEVEL: 'debug',
      },
      tmpdir(),
    );
    await eventually(() => expect(program.output).toContain('listens'), { timeoutMs: 20_000 });
    await doEverything();
  });

  afterAll(async () => {
    program.child.kill('SIGKILL');
    await program.ended;
    await receiver.close();
    await rows.end();
    await database.drop();
    await backend.close();
  });

  /** Calls, and keeps the answer unless it is one that may hold what was planted. */
  async function call(method: string, path: string, body?: unknown, key = adminKey, mayTell = false) {
    const response = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!mayTell) answers.push(text);
    return { status: response.status, body: (text ? JSON.parse(text) : null) as Record<string, string> };
  }

  /** Every way in which a secret or a payload passes through the engine, the troubled ones above all. */
  async function doEverything(): Promise<void> {
    await call('POST', '/v1/spaces', { name: 'a', uid: 'a' });
    const space = '/v1/spaces/a';
    const fields = {
      secret: `whsec_${secret.toString('base64')}`,
      headers: { 'x-planted': headerValue },
      timeoutMs: 1_000,
      retrySchedule: [1],
    };
    const refused = await refusedPort();
    const targets = [
      receiver.url.replace('/hook', '/works'),
      receiver.url.replace('/hook', '/fails'),
      receiver.url.replace('/hook', '/hangs'),
      `http://127.0.0.1:${refused}/refuses`,
      `https://127.0.0.1:${receiver.port}/no-tls`,
      'http://nothing.invalid-name.example/',
    ];
    for (const target of targets) {
      const { body } = await call(
        'POST',
        `${space}/subscriptions`,
        { ...fields, url: `${target}?token=${urlToken}` },
        adminKey,
        true,
      );
      await call('POST', `${space}/subscriptions/${body.id}/test`, undefined, adminKey, true);
    }
    const { body: key } = await call('POST', `${space}/keys`, { name: 'k', scope: 'manage' }, adminKey, true);
    planted.spaceKey = key.key ?? '';
    const event = { type: 'lead.create', data: { note: payload } };
    for (let n = 0; n < 3; n += 1) await call('POST', `${space}/events`, event, planted.spaceKey);
    await breakRules(space);
    await eventually(
      async () => {
        const { rows: open } = await rows.query(
          `SELECT 1 FROM posthorn.deliveries WHERE status = 'pending' LIMIT 1`,
        );
        return open.length === 0;
      },
      { timeoutMs: 30_000 },
    );
    await rows.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
       WHERE datname = current_database() AND pid <> pg_backend_pid()`,
    );
    await call('POST', `${space}/events`, event);
    await rows.query('ALTER TABLE posthorn.events RENAME TO hidden');
    expect((await call('POST', `${space}/events`, event)).status).toBe(500);
    await rows.query('ALTER TABLE posthorn.hidden RENAME TO events');
  }

  async function breakRules(space: string): Promise<void> {
    await call('GET', `${space}/events`, undefined, wrongKey);
    await call('POST', `${space}/events`, `{"type":"lead.create","data":{"note":"${payload}"`);
    await call('POST', `${space}/events`, { type: 'no.such', data: { note: payload } });
    await call('POST', `${space}/events`, { type: 'lead.create', data: payload });
    const bad = { url: `ftp://host/?token=${urlToken}`, secret: `${planted.secret}` };
    await call('POST', `${space}/subscriptions`, { ...bad, headers: { host: headerValue } });
    await call('POST', `${space}/subscriptions`, {
      url: `http://10.0.0.1/?token=${urlToken}`,
      headers: { 'x-planted': `${headerValue}\n` },
    });
  }

  function expectNone(where: string, text: string, except: string[] = []): void {
    const found = Object.entries(planted).filter(
      ([name, value]) => !except.includes(name) && text.includes(value),
    );
    expect([where, found.map(([name]) => name)]).toEqual([where, []]);
  }

  it('reach no log line, at the most talkative level', () => {
    expect(program.output).toContain('"level":"');
    expectNone('the logs', program.output);
  });

  it('reach no answer that is not meant to show them, errors above all', () => {
    expect(answers.length).toBeGreaterThan(8);
    expectNone('the answers', answers.join('\n'));
  });

  it('reach no metric', async () => {
    expectNone('the metrics', await (await fetch(`${url}/metrics`)).text());
  });

  it('reach no job of the queue', async () => {
    expectNone(
      'the queue',
      backend.redisUrl ? await everythingIn(backend.redisUrl) : await everyRowOf('bullmq'),
    );
  });

  it('are unreadable in the database, but for what is kept to be sent and shown', async () => {
    expectNone('the tables', await everyRowOf('posthorn'), ['payload', 'urlToken', 'headerValue']);
    const kept = await everyRowOf('posthorn', ['events', 'attempts']);
    expectNone('the tables but those with payloads and answers', kept, ['urlToken']);
  });

  async function everyRowOf(schema: string, except: string[] = []): Promise<string> {
    const { rows: tables } = await rows.query<{ name: string }>(
      `SELECT relname AS name FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace
       WHERE nspname = $1 AND relkind IN ('r', 'p') AND NOT relispartition`,
      [schema],
    );
    expect(tables.length).toBeGreaterThan(0);
    const texts: string[] = [];
    for (const { name } of tables.filter((table) => !except.includes(table.name))) {
      const { rows: all } = await rows.query<{ text: string }>(
        `SELECT t::text AS text FROM ${schema}.${name} t`,
      );
      texts.push(...all.map(({ text }) => text));
    }
    return texts.join('\n');
  }
});

async function everythingIn(redisUrl: string): Promise<string> {
  const redis = new Redis(redisUrl);
  const keys = await redis.keys('*');
  expect(keys.length).toBeGreaterThan(0);
  const dumps = await Promise.all(keys.map(async (key) => key + String(await redis.dumpBuffer(key))));
  redis.disconnect();
  return dumps.join('\n');
}
