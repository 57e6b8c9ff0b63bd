import { randomBytes } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { Redis } from 'ioredis';
import pg from 'pg';
import { BACKENDS, type Backend } from '../support/backends.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { PlantedValues, watchRedis, watchTables, type ScannedText } from '../support/planted-values.js';
import { Program } from '../support/program.js';
import { fixture, refusedPort, startReceiver, type Receiver } from '../support/receiver.js';

const plants = new PlantedValues();
const plant = (name: string, value = `${name}-${randomBytes(9).toString('hex')}`) => {
  plants.add(name, value);
  return value;
};

const adminKey = plant('admin-key');
const encryptionKey = plant('encryption-key', randomBytes(32).toString('base64'));
const headerValue = plant('header');
const urlToken = plant('url-token');
const payload = plant('payload');
const wrongKey = plant('wrong-key');
const databasePassword = plant('database-password');
const redisPassword = plant('redis-password');
const clientSecret = plant('oauth2-client-secret');
const accessToken = plant('oauth2-access-token');
const proxyPassword = plant('proxy-password');
const certificate = fixture('client.pem');
const certificateKey = fixture('client-key.pem');
plant('certificate-key', certificateKey.split('\n')[1]);
/** Base64, as a `whsec_` secret holds it; its bytes are text, so that every form of them is looked for. */
const newSecret = (name: string) =>
  `whsec_${plant(`${name} in base64`, Buffer.from(plant(name)).toString('base64'))}`;
const secret = newSecret('secret');
const rotatedSecret = newSecret('rotated-secret');

const OWN = ['secret', 'secret in base64', 'rotated-secret', 'rotated-secret in base64', 'header'];
const CHECK = 'ADD CONSTRAINT trouble CHECK (false) NOT VALID';

interface Call {
  key?: string;
  headers?: Record<string, string>;
  /** What this answer is there to show. */
  shows?: string[];
}

interface ReportedRequest {
  call: string;
  status: number;
  text: string;
  shows: string[];
}

describe.each(BACKENDS)('planted secrets, with the queue on %s', (name, startBackend) => {
  const onRedis = name === 'Redis';
  const role = `planted_${name.toLowerCase()}_${randomBytes(4).toString('hex')}`;
  const space = '/v1/spaces/a';
  const responses: ReportedRequest[] = [];
  let backend: Backend;
  let redisUrl = '';
  let database: TestDatabase;
  let databaseUrl: URL;
  let rows: pg.Client;
  let receiver: Receiver;
  let program: Program;
  let url = '';
  let metrics = '';
  let tables: ScannedText;
  let redisCommands = '';
  let statements = '';

  beforeAll(async () => {
    await prepare();
    const seenTables = await watchTables(rows, ['posthorn', 'bullmq']);
    const log = process.env.TEST_DATABASE_LOG ?? '';
    const logFrom = statSync(log).size;
    const seenCommands = redisUrl ? await watchRedis(redisUrl) : () => '';
    await start();
    const subscriptions = await subscribe();
    await publishAndLook(subscriptions);
    await breakRules(subscriptions[0] ?? '');
    await troubleTheDatabase(subscriptions[0] ?? '');
    if (redisUrl) await troubleRedis();
    metrics = await (await fetch(`${url}/metrics`)).text();
    program.child.kill('SIGTERM');
    await program.ended;
    tables = await seenTables();
    redisCommands = seenCommands();
    statements = readFileSync(log).subarray(logFrom).toString();
  }, 90_000);

  afterAll(async () => {
    program.child.kill('SIGKILL');
    await program.ended;
    await receiver.close();
    // What was killed may have left a statement that runs on, and holds its tables.
    await rows.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    // Its partitions and queue tables are the engine's own.
    await rows.query(`REASSIGN OWNED BY ${role} TO CURRENT_USER; DROP ROLE ${role}`);
    await rows.end();
    await database.drop();
    await backend.close();
  }, 60_000);

  async function prepare(): Promise<void> {
    backend = await startBackend();
    if (backend.redisUrl) {
      const redis = new Redis(backend.redisUrl);
      await redis.config('SET', 'requirepass', redisPassword);
      redis.disconnect();
      redisUrl = backend.redisUrl.replace('redis://', `redis://:${redisPassword}@`);
    }
    database = await createTestDatabase();
    rows = new pg.Client(database.url);
    await rows.connect();
    await rows.query(`CREATE ROLE ${role} LOGIN SUPERUSER PASSWORD '${databasePassword}'`);
    // As an operator may have it who looks for a slow statement: each of them, with what it is given.
    await rows.query(
      `ALTER ROLE ${role} SET log_statement = 'all'; ALTER ROLE ${role} SET log_duration = on`,
    );
    databaseUrl = new URL(database.url);
    databaseUrl.username = role;
    databaseUrl.password = databasePassword;
    receiver = await startReceiver(({ path, headers, body }) => {
      if (path.startsWith('/token')) return { body: JSON.stringify({ access_token: accessToken }) };
      // Its answer is what Posthorn was trusted with, as a receiver in debug mode gives it back.
      if (path.startsWith('/fails')) {
        const echo = String(headers['x-planted']);
        const said = `No: ${echo}, ${headers.authorization}, ${body.toString()}`;
        return { status: 500, headers: { 'x-echo': `got ${echo}` }, body: said };
      }
      return path.startsWith('/hangs') ? { delayMs: 60_000 } : {};
    });
  }

  function settings(): NodeJS.ProcessEnv {
    return {
      DATABASE_URL: databaseUrl.href,
      ...(redisUrl && { REDIS_URL: redisUrl }),
      POSTHORN_ADMIN_KEY: adminKey,
      POSTHORN_ENCRYPTION_KEYS: encryptionKey,
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
      POSTHORN_SWEEP_INTERVAL_MS: '200',
      POSTHORN_EGRESS_PROXY: `http://user:${proxyPassword}@127.0.0.1:9`,
      POSTHORN_EGRESS_NO_PROXY: '*',
      PORT: '0',
      LOG_LEVEL: 'debug',
    };
  }

  async function start(): Promise<void> {
    program = Program.run('main.js', settings(), tmpdir());
    url = await eventually(() => /listens on (\S+)/.exec(program.output)?.[1] ?? null, { timeoutMs: 20_000 });
  }

  async function call(method: string, path: string, body?: unknown, more: Call = {}) {
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${more.key ?? adminKey}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...more.headers,
      },
      ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    responses.push({ call: `${method} ${path}`, status: response.status, text, shows: more.shows ?? [] });
    return { status: response.status, body: (text ? JSON.parse(text) : {}) as Record<string, string> };
  }

  /** One subscription for each way in which a delivery can end. */
  async function subscribe(): Promise<string[]> {
    await call('POST', '/v1/spaces', { name: 'a', uid: 'a' });
    const targets = [
      ...['works', 'fails', 'hangs'].map((path) => receiver.url.replace('hook', path)),
      `http://127.0.0.1:${await refusedPort()}/refuses`,
      `https://127.0.0.1:${receiver.port}/speaks-no-tls`,
      'http://nothing.invalid/',
    ];
    const ids: string[] = [];
    for (const target of targets) {
      const fields = { secret, headers: { 'x-planted': headerValue }, timeoutMs: 1_000, retrySchedule: [1] };
      const credentials = {
        oauth2: { tokenUrl: receiver.url.replace('hook', 'token'), clientId: 'me', clientSecret },
        clientCertificate: { certificate, key: certificateKey },
      };
      const all = { ...fields, ...credentials, url: `${target}?token=${urlToken}`, metadata: { of: target } };
      const { status, body } = await call('POST', `${space}/subscriptions`, all, {
        shows: [...OWN, 'url-token'],
      });
      expect([status, body]).toEqual([201, expect.anything()]);
      ids.push(body.id ?? '');
    }
    return ids;
  }

  /** Deliveries of every kind, and a look at what they left, with the key that may see the least. */
  async function publishAndLook(subscriptions: string[]): Promise<void> {
    const keys: Record<string, string> = {};
    for (const scope of ['read', 'manage']) {
      const { body } = await call(
        'POST',
        `${space}/keys`,
        { name: 'k', scope },
        { shows: ['read', 'manage'] },
      );
      keys[scope] = plant(scope, body.key);
    }
    const event = { type: 'lead.create', data: { note: payload }, id: 'mine' };
    const { body: published } = await call('POST', `${space}/events`, event, { key: keys.manage });
    await call('POST', `${space}/events`, [{ ...event, id: 'other' }], { key: keys.manage });
    const [first = ''] = subscriptions;
    await call('POST', `${space}/subscriptions/${first}/test`, { type: 'lead.create' });
    const rotate = `${space}/subscriptions/${first}/secret/rotate`;
    await call('POST', rotate, { secret: rotatedSecret }, { shows: OWN });
    await call('GET', `${space}/subscriptions/${first}/secret`, undefined, { shows: OWN });
    await eventually(settled, { timeoutMs: 30_000 });
    const read = { key: keys.read ?? '' };
    await call('GET', `${space}/subscriptions`, undefined, { ...read, shows: ['url-token'] });
    await call('GET', `${space}/events/${published.id}`, undefined, { ...read, shows: ['payload'] });
    await call('GET', `${space}/events`, undefined, read);
    // A provider's API that has the key in the address.
    for (const [path, known] of [
      ['campaigns/1/webhooks', keys.read],
      ['webhook/abc', keys.manage],
      ['nothing/here', keys.manage],
      ['webhook/%E0%A4%A', keys.manage],
      ['webhook/1', wrongKey],
    ] as const)
      await call('GET', `/smartlead/api/v1/${path}?api_key=${known}`, undefined, { key: 'none' });
    const list = await call('GET', `${space}/deliveries`, undefined, read);
    const seen = { ...read, shows: ['payload', 'url-token'] };
    for (const { id } of list.body.data as unknown as { id: string }[]) {
      await call('GET', `${space}/deliveries/${id}`, undefined, read);
      const { status } = await call('GET', `${space}/deliveries/${id}/attempts/1`, undefined, seen);
      expect(status).toBe(200);
    }
  }

  async function settled(): Promise<void> {
    const { rows: open } = await rows.query(`SELECT 1 FROM posthorn.deliveries WHERE status = 'pending'`);
    expect(open).toEqual([]);
  }

  /** Everything a caller can get wrong with something secret. */
  async function breakRules(subscription: string): Promise<void> {
    const refused: [method: string, path: string, body?: unknown, more?: Call][] = [
      ['GET', '/events', undefined, { key: wrongKey }],
      ['GET', '/events', undefined, { headers: { authorization: `Basic ${wrongKey}` } }],
      ['GET', `/events?key=${wrongKey}&cursor=${payload}`],
      ['GET', `/deliveries/${wrongKey}`],
      ['GET', `/${wrongKey}?token=${urlToken}`],
      ['POST', '/events', `{"type":"lead.create","data":{"note":"${payload}"`],
      ['POST', '/events', `{"type":"lead.create","data":{"note":${payload}}}`],
      ['POST', '/events', { type: 'no.such', data: { note: payload } }],
      ['POST', '/events', { type: 'lead.create', data: payload }],
      ['POST', '/events', { type: 'lead.create', data: { note: payload.repeat(20_000) } }],
      ['POST', '/events', { type: 'lead.create', data: { note: 'other' }, id: 'mine' }],
      ['POST', '/events', `note=${payload}`, { headers: { 'content-type': 'text/plain' } }],
      [
        'POST',
        '/events',
        { type: 'lead.create', data: {}, occurredAt: payload, scope: { clientId: [payload] } },
      ],
      [
        'PUT',
        '/event-types/x.y',
        { schema: { properties: { a: { const: payload } } }, example: { a: secret } },
      ],
      ['PUT', '/event-types/x.y', { schema: { type: payload } }],
      ['POST', '/subscriptions', { url: `ftp://host/?token=${urlToken}`, secret: `whsec_${secret}` }],
      ['POST', '/subscriptions', { url: `http://u:${secret}@10.0.0.1/?token=${urlToken}` }],
      [
        'POST',
        '/subscriptions',
        { url: receiver.url, headers: { host: headerValue, x: `${headerValue}\n` } },
      ],
      [
        'POST',
        '/subscriptions',
        { url: receiver.url, filter: { note: { matches: payload } }, secret: [secret] },
      ],
      ['PATCH', `/subscriptions/${subscription}`, { secret, headers: headerValue }],
      ['PATCH', `/subscriptions/${subscription}`, { oauth2: { clientSecret, tokenUrl: [accessToken] } }],
      [
        'PATCH',
        `/subscriptions/${subscription}`,
        { clientCertificate: { certificate: certificateKey, key: '' } },
      ],
      [
        'PATCH',
        `/subscriptions/${subscription}`,
        { clientCertificate: { certificate, key: certificateKey.replace('BEGIN', 'BEGUN') } },
      ],
      ['PATCH', `/subscriptions/${subscription}`, {}, { headers: { 'if-match': `"${wrongKey}"` } }],
      ['POST', `/subscriptions/${subscription}/secret/rotate`, { secret: secret.slice(6) }],
    ];
    for (const [method, path, body, more] of refused) {
      const { status } = await call(method, space + path, body, more);
      if (status < 400 || status >= 500)
        throw new Error(`${method} ${path} of ${JSON.stringify(body)}: ${status}`);
    }
  }

  /** Refuses rows, whose errors would print them; then lets nobody in. */
  async function troubleTheDatabase(subscription: string): Promise<void> {
    const event = { type: 'lead.create', data: { note: payload } };
    const failing: [table: string, method: string, path: string, body: object][] = [
      ['events', 'POST', '/events', event],
      ['subscriptions', 'POST', '/subscriptions', { url: `${receiver.url}?token=${urlToken}`, secret }],
      ['subscriptions', 'PATCH', `/subscriptions/${subscription}`, { headers: { 'x-planted': headerValue } }],
      ['subscriptions', 'POST', `/subscriptions/${subscription}/secret/rotate`, { secret }],
      ['api_keys', 'POST', '/keys', { name: payload, scope: 'read' }],
      ['event_types', 'PUT', '/event-types/x.y', { example: { note: payload } }],
    ];
    for (const [table, method, path, body] of failing) {
      await rows.query(`ALTER TABLE posthorn.${table} ${CHECK}`);
      expect([path, (await call(method, space + path, body)).status]).toEqual([path, 500]);
      await rows.query(`ALTER TABLE posthorn.${table} DROP CONSTRAINT trouble`);
    }
    await rows.query(`ALTER TABLE posthorn.attempts ${CHECK}`);
    await call('POST', `${space}/events`, event);
    await eventually(() => program.output.includes('attempts.settle_failed'));
    await rows.query('ALTER TABLE posthorn.attempts DROP CONSTRAINT trouble');
    await rows.query(`ALTER ROLE ${role} PASSWORD 'another'`);
    await rows.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '${role}'`);
    expect((await call('POST', `${space}/events`, event)).status).toBe(503);
    await eventually(() => program.output.includes('sweep.failed'));
    expect((await call('GET', '/readyz')).status).toBe(503);
    await rows.query(`ALTER ROLE ${role} PASSWORD '${databasePassword}'`);
    await eventually(async () => expect((await call('GET', '/readyz')).status).toBe(200));
  }

  /** The password is changed under the engine's feet. */
  async function troubleRedis(): Promise<void> {
    const redis = new Redis(redisUrl);
    await redis.config('SET', 'requirepass', 'another');
    // Every connection but our own and the one that watches.
    const clients = String(await redis.client('LIST')).matchAll(/^id=(\d+) .* flags=N /gm);
    const own = await redis.client('ID');
    for (const [, id] of clients) if (Number(id) !== own) await redis.client('KILL', 'ID', String(id));
    await call('POST', `${space}/events`, { type: 'lead.create', data: { note: payload } });
    await eventually(() => program.output.includes('queue.enqueue_failed'));
    await call('GET', '/readyz');
    await redis.config('SET', 'requirepass', redisPassword);
    redis.disconnect();
    await eventually(async () => expect((await call('GET', '/readyz')).status).toBe(200));
  }

  it('reach no log line, at the most talkative level', () => {
    expect(program.output).toContain('"level":"debug"');
    expect(plants.foundIn(program.output)).toEqual([]);
  });

  it('reach no answer that is not there to show them', () => {
    const leaks = responses
      .map(({ text, shows, ...about }) => ({
        ...about,
        leaks: plants.foundIn(text).filter((one) => !shows.includes(one)),
      }))
      .filter(({ leaks }) => leaks.length > 0);
    expect(leaks).toEqual([]);
  });

  it('reach no metric', () => {
    expect(metrics).toContain('# HELP ');
    expect(plants.foundIn(metrics)).toEqual([]);
  });

  it('are never written to the queue', () => {
    const queue = onRedis
      ? redisCommands
      : [...tables].filter(([place]) => place.startsWith('bullmq.')).join('\n');
    expect(queue).toContain('"due"');
    expect(plants.foundIn(queue)).toEqual([]);
  });

  it('are never readable in the database, but for the events themselves and where they go', () => {
    const found = [...tables]
      .filter(([place]) => place.startsWith('posthorn.'))
      .map(([place, text]) => [place, plants.foundIn(text)] as const)
      .filter(([, names]) => names.length > 0);
    expect(Object.fromEntries(found)).toEqual({
      'posthorn.events': ['payload'],
      'posthorn.subscriptions': ['url-token'],
      // The endpoint in debug mode gave the payload back.
      'posthorn.attempts': ['url-token', 'payload'],
    });
  });

  it('are never in a statement that the database logs, but for the events themselves and where they go', () => {
    expect(statements).toMatch(/INSERT INTO posthorn\.events/);
    expect(statements).toMatch(/[Pp]arameters: /);
    expect(plants.foundIn(statements)).toEqual(expect.arrayContaining(['payload', 'url-token']));
    const rest = plants.foundIn(statements).filter((one) => one !== 'payload' && one !== 'url-token');
    expect(rest).toEqual([]);
  });

  it('are not repeated by a start that fails', async () => {
    const wrongPassword = new URL(databaseUrl);
    wrongPassword.password = plant('wrong-password');
    const bad = [
      { DATABASE_URL: wrongPassword.href },
      { DATABASE_URL: `postgres://${role}:${databasePassword}@:99999999/x` },
      { REDIS_URL: `http://:${redisPassword}@127.0.0.1` },
      { POSTHORN_ADMIN_KEY: `${adminKey} ` + adminKey, POSTHORN_ENCRYPTION_KEYS: `${encryptionKey},x` },
    ];
    const ends = bad.map(async (env) => {
      const start = Program.run('main.js', { ...settings(), ...env }, tmpdir());
      expect(await start.ended).toBe(1);
      return start.output;
    });
    for (const output of await Promise.all(ends)) {
      expect(output).toContain('posthorn: ');
      expect(plants.foundIn(output)).toEqual([]);
    }
  });
});
