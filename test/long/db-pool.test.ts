import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { NodeProcess } from '../support/node-process.js';
import { startReceiver, type Receiver } from '../support/receiver.js';

const CONNECTIONS = `SELECT count(*)::int AS count FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()`;
const LOOK_MS = 2;

/** Looks all the time how many connections others have to the database. */
async function watchConnections(url: string) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const state = { most: 0, goesOn: true };
  const watching = (async () => {
    while (state.goesOn) {
      const { rows } = await client.query<{ count: number }>(CONNECTIONS);
      state.most = Math.max(state.most, rows[0]?.count ?? 0);
      await sleep(LOOK_MS);
    }
  })();
  return {
    stop: async () => {
      state.goesOn = false;
      await watching;
      await client.end();
      return state.most;
    },
  };
}

describe('a process of role all', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let main: NodeProcess;
  beforeEach(async () => {
    // Empty: it makes its schema, too.
    database = await createTestDatabase('template0');
    receiver = await startReceiver();
  });
  afterEach(async () => {
    main.kill('SIGKILL');
    await main.ended;
    await receiver.close();
    await database.drop();
  });

  it.each([
    ['ten database connections, which is the default', {}, 10],
    ['as many database connections as POSTHORN_DB_POOL says, here the least', { POSTHORN_DB_POOL: '6' }, 6],
  ])(
    'opens no more than %s, from its start on and under load',
    async (_name, settings, most) => {
      const watch = await watchConnections(database.url);
      const key = 'phk_admin_0123456789abcdef';
      main = NodeProcess.run('dist/src/main.js', [], {
        DATABASE_URL: database.url,
        PORT: '0',
        POSTHORN_ADMIN_KEY: key,
        POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
        POSTHORN_ALLOW_HTTP: 'true',
        POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
        ...settings,
      });
      const url = await eventually(() => /listens on (\S+)/.exec(main.stdout)?.[1] ?? null, {
        timeoutMs: 30_000,
      });
      const call = async (path: string, body?: object) => {
        const answer = await fetch(url + path, {
          method: body ? 'POST' : 'GET',
          headers: { authorization: `Bearer ${key}`, ...(body && { 'content-type': 'application/json' }) },
          ...(body && { body: JSON.stringify(body) }),
        });
        expect(answer.status).toBeLessThan(300);
        await answer.arrayBuffer();
      };
      await call('/v1/spaces', { name: 'Acme', uid: 'acme' });
      await call('/v1/spaces/acme/subscriptions', { url: receiver.url });
      // Publishers and readers at once, many more than there are connections.
      await Promise.all(
        Array.from({ length: 600 }, (_, n) =>
          n % 4 === 3
            ? call('/v1/spaces/acme/deliveries')
            : call('/v1/spaces/acme/events', { type: 'lead.create', data: { id: String(n) } }),
        ),
      );
      await receiver.received(450, 30_000);
      const seen = await watch.stop();
      expect(seen).toBeLessThanOrEqual(most);
      // It was a load.
      expect(seen).toBeGreaterThanOrEqual(most - 3);
    },
    90_000,
  );
});
