import { tmpdir } from 'node:os';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Program } from '../support/program.js';
import { startRawReceiver, type RawReceiver } from '../support/receiver.js';

/** Each ends a text, a statement or a line where it is pasted into one, and says the rest itself. */
const TEXTS = [
  `'; DROP TABLE posthorn.events; --`,
  `' OR '1'='1`,
  `\\'; DELETE FROM posthorn.subscriptions; --`,
  `$1); DROP SCHEMA posthorn CASCADE; --`,
  `") OR true --`,
  `%' OR name LIKE '%`,
  `1; SELECT pg_sleep(30)`,
  `$$; DROP TABLE posthorn.spaces; $$`,
  `a\\u0027 OR 1=1 --`,
  `{"level":"fatal","planted":true}`,
  `\u001b[2J\u001b[31mplanted`,
  `a\r\n{"level":"fatal","planted":true}\r\n`,
  `a\u2028{"level":"fatal","planted":true}\u2029\u0085`,
];

const adminKey = 'an-admin-key-of-this-test-0123456789';
let database: TestDatabase;
let rows: pg.Client;
let program: Program;
let url = '';
let started = 0;
let receiver: RawReceiver;

beforeAll(async () => {
  database = await createTestDatabase();
  rows = new pg.Client(database.url);
  await rows.connect();
  // What a receiver says comes from as far away as anything.
  const answer = 'HTTP/1.1 500 x"}\\x1b[31m\r\nx-a: {"planted":true}\r\ncontent-length: 1\r\n\r\n\n';
  receiver = await startRawReceiver((socket) => socket.write(answer));
  const env = {
    DATABASE_URL: database.url,
    POSTHORN_ADMIN_KEY: adminKey,
    POSTHORN_ENCRYPTION_KEYS: Buffer.alloc(32, 3).toString('base64'),
    POSTHORN_ALLOW_HTTP: 'true',
    POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
    PORT: '0',
    LOG_LEVEL: 'debug',
  };
  program = Program.run('main.js', env, tmpdir());
  url = await eventually(() => /listens on (\S+?)["\s]/.exec(program.output)?.[1] ?? null, {
    timeoutMs: 30_000,
  });
  started = program.output.lastIndexOf('\n') + 1;
}, 60_000);

afterAll(async () => {
  program.child.kill('SIGKILL');
  await program.ended;
  await receiver.close();
  await rows.end();
  await database.drop();
});

async function call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url + path, {
    method,
    headers: {
      authorization: `Bearer ${adminKey}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: (text.startsWith('{') ? JSON.parse(text) : {}) as Record<string, string>,
  };
}

/** How many rows each table has that nothing here may empty. */
async function counts(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for (const table of ['spaces', 'subscriptions', 'event_types', 'api_keys', 'events']) {
    const { rows: counted } = await rows.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM posthorn.${table}`,
    );
    found[table] = counted[0]?.n ?? -1;
  }
  return found;
}

describe('what is written to say something else', () => {
  let before: Record<string, number>;
  const mine = '/v1/spaces/mine';

  beforeAll(async () => {
    for (const uid of ['mine', 'other']) {
      await call('POST', '/v1/spaces', { name: uid, uid });
      await call('POST', `/v1/spaces/${uid}/subscriptions`, {
        url: receiver.url,
        uid: 'hook',
        retrySchedule: [],
      });
      await call('POST', `/v1/spaces/${uid}/keys`, { name: 'k', scope: 'read' });
      await call('PUT', `/v1/spaces/${uid}/event-types/my.type`, {});
      await call('POST', `/v1/spaces/${uid}/events`, { type: 'lead.create', data: {} });
    }
    before = await counts();
  });

  it.each(TEXTS)('is stored and given back as it is, or refused: %j', async (text) => {
    const plain = text.replaceAll(/\p{Cc}/gu, '');
    const changed = await call('PATCH', `${mine}/subscriptions/hook`, {
      description: text,
      metadata: { [text.slice(0, 60)]: text },
      filter: {
        a: { not: text },
        [`[${JSON.stringify(text)}]`]: { exists: false },
        'a b': { exists: false },
      },
    });
    expect([changed.status, changed.body.description]).toEqual([200, text]);
    expect(changed.body.filter).toMatchObject({ a: { not: text } });
    await call('PATCH', `${mine}/subscriptions/hook`, { filter: null });
    const event = await call('POST', `${mine}/events`, {
      type: 'lead.create',
      id: `${plain}${Math.random()}`,
      data: { [text]: text },
      scope: { clientId: plain, campaignId: plain },
    });
    expect(event.status).toBe(202);
    const read = await call('GET', `${mine}/events/${event.body.id}`);
    expect(read.body.data).toEqual({ [text]: text });
    const found = await call('GET', `${mine}/events/${encodeURIComponent(read.body.uid ?? '')}`);
    expect(found.body.id).toBe(event.body.id);
  });

  it.each(TEXTS)('finds and changes nothing where something is looked for: %j', async (text) => {
    const part = encodeURIComponent(text);
    const looks: [string, string, unknown?][] = [
      ...[mine, '/v1/spaces'].map((base): [string, string] => ['GET', `${base}/${part}`]),
      ...['subscriptions', 'events', 'deliveries', 'event-types', 'jobs'].flatMap(
        (of): [string, string][] => [
          ['GET', `${mine}/${of}/${part}`],
          ['GET', `${mine}/${of}?cursor=${part}`],
          ['GET', `${mine}/${of}?type=${part}&status=${part}&since=${part}&order=${part}&limit=${part}`],
        ],
      ),
      ['GET', `${mine}/deliveries?subscription=${part}&event=${part}&type=${part}`],
      ['GET', `${mine}/events?type=${part}`],
      ['DELETE', `${mine}/subscriptions/${part}`],
      ['DELETE', `${mine}/event-types/${part}`],
      ['DELETE', `${mine}/keys/${part}`],
      ['POST', `${mine}/deliveries/${part}/retry`],
      ['POST', `${mine}/events`, { type: text, data: {} }],
      ['POST', `${mine}/subscriptions`, { url: text, uid: text, events: [text], secret: text }],
      ['POST', '/v1/spaces', { name: 'x', uid: text, profile: text }],
    ];
    for (const [method, path, body] of looks) {
      const { status, body: answer } = await call(method, path, body);
      const isList = status === 200 && (answer.data as unknown as unknown[]).length === 0;
      if (!isList && (status < 400 || status >= 500)) throw new Error(`${method} ${path}: ${status}`);
    }
    const header = text.replaceAll(/[^\x20-\x7e]/g, '');
    const unknown = await call('GET', mine, undefined, {
      authorization: `Bearer ${header}`,
      'x-request-id': header,
    });
    expect(unknown.status).toBe(401);
  });

  it('leaves every row, of this space and of others, where it was', async () => {
    const { events: wereThere = 0, ...others } = before;
    const { events: areThere, ...rest } = await counts();
    expect(rest).toEqual(others);
    expect(areThere).toBe(wereThere + TEXTS.length);
  });

  it('begins no line of the log, and hides or colours none', async () => {
    await eventually(async () => {
      const { body } = await call('GET', `${mine}/deliveries?status=pending`);
      expect(body.data).toEqual([]);
    });
    program.child.kill('SIGTERM');
    await program.ended;
    const lines = program.output.slice(started).split('\n').filter(Boolean);
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) {
      // Controls, and what else ends a line for some readers.
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      const said = JSON.parse(line) as Record<string, unknown>;
      expect(said).toMatchObject({ level: expect.any(String) as string, time: expect.any(String) as string });
      expect(said).not.toHaveProperty('planted');
      expect(said.level).not.toBe('fatal');
    }
  });
});
