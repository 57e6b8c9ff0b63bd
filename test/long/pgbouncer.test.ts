import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Engine } from '../support/engine.js';
import { NodeProcess } from '../support/node-process.js';
import { PgBouncer } from '../support/pgbouncer.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

const LEAD = { type: 'lead.create', data: { id: '1' } };

/** What a client may have left in a session of the server, which a pooler hands to the next one. */
const LEFT_BEHIND = `
  SELECT (SELECT jsonb_object_agg(name, setting) FROM pg_settings
      WHERE name IN ('search_path', 'synchronous_commit', 'statement_timeout', 'lock_timeout', 'jit', 'enable_seqscan',
        'plan_cache_mode', 'idle_in_transaction_session_timeout', 'tcp_keepalives_idle')) AS settings,
    (SELECT count(*)::int FROM pg_prepared_statements) AS prepared,
    (SELECT count(*)::int FROM pg_listening_channels()) AS listening,
    (SELECT count(*)::int FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()) AS locks,
    (SELECT count(*)::int FROM pg_class WHERE relpersistence = 't') AS temporary`;

describe('behind a PgBouncer in transaction mode', () => {
  let direct: pg.Client;
  let bouncer: PgBouncer;
  let engine: Engine;
  let receiver: Receiver;
  let tenant: Tenant;
  let status: number;

  async function open(withDirectUrl: boolean): Promise<void> {
    const engineOptions = { api: 0, workers: 0 };
    engine = await Engine.start(engineOptions);
    const { databaseUrl } = engine.settings;
    direct = new pg.Client({ connectionString: databaseUrl });
    await direct.connect();
    bouncer = await PgBouncer.start(databaseUrl);
    engine.settings.databaseUrl = bouncer.url;
    if (withDirectUrl) engine.settings.databaseDirectUrl = databaseUrl;
    await engine.startApi();
    await engine.startWorker();
    status = 200;
    receiver = await startReceiver(() => ({ status }));
    tenant = await Tenant.create(engine);
  }

  afterEach(async () => {
    engine.beforeClose(async () => {
      await receiver.close();
    });
    await engine.stopWorkers();
    await Promise.all(engine.apis.splice(0).map((api) => api.close()));
    await direct.end();
    await bouncer.stop();
    await engine.close();
  });

  describe.each([
    ['with a direct URL', true],
    ['alone', false],
  ])('%s', (_name, withDirectUrl) => {
    beforeEach(() => open(withDirectUrl));

    it('publishes, delivers, retries, pauses, resumes and replays', async () => {
      const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [0, 0] });
      status = 500;
      const { id: event } = await tenant.publish(LEAD);
      await receiver.received(1);
      status = 200;
      await eventually(async () =>
        expect(await tenant.deliveries()).toMatchObject([{ eventId: event, status: 'succeeded' }]),
      );
      expect(receiver.requests.length).toBeGreaterThanOrEqual(2);

      await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
      await tenant.publish(LEAD);
      await eventually(async () => expect((await tenant.deliveries('?status=held')).length).toBe(1));
      await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`));
      await eventually(async () => expect((await tenant.deliveries('?status=succeeded')).length).toBe(2));

      const seen = receiver.requests.length;
      await engine.ok('POST', tenant.path(`/subscriptions/${id}/replay`), {
        since: new Date(Date.now() - 3_600_000).toISOString(),
        statuses: ['succeeded'],
      });
      await eventually(() => expect(receiver.requests.length).toBe(seen + 2), { timeoutMs: 15_000 });
      await engine.sweep();
      expect(receiver.requests.length).toBe(seen + 2);
    });

    it('takes 400 events at once and delivers each of them once', async () => {
      await tenant.subscribe(receiver.url);
      const sent = await Promise.all(Array.from({ length: 400 }, () => tenant.publish(LEAD)));
      await receiver.received(400, 20_000);
      await engine.sweep();
      const arrived = receiver.requests.map(({ headers }) => String(headers['webhook-id']));
      expect(arrived.sort()).toEqual(sent.map(({ id }) => id).sort());
    });

    it('leaves nothing in the sessions that the pooler shares out', async () => {
      await tenant.subscribe(receiver.url, { retrySchedule: [0] });
      await Promise.all(Array.from({ length: 50 }, () => tenant.publish(LEAD)));
      await receiver.received(50);
      // As many at once as the pooler has connections.
      const probes = await Promise.all(
        Array.from({ length: 4 }, async () => {
          const client = new pg.Client({ connectionString: bouncer.url });
          await client.connect();
          await client.query('BEGIN');
          return client;
        }),
      );
      const { rows: fresh } = await direct.query(LEFT_BEHIND);
      expect(fresh).toMatchObject([{ prepared: 0, listening: 0, locks: 0, temporary: 0 }]);
      const pids = new Set<number>();
      for (const client of probes) {
        expect((await client.query(LEFT_BEHIND)).rows).toEqual(fresh);
        pids.add((await client.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')).rows[0]?.pid ?? 0);
        await client.query('ROLLBACK');
      }
      expect(pids.size).toBe(4);
      await Promise.all(probes.map((client) => client.end()));
    });
  });
});

describe('two processes behind a PgBouncer in transaction mode', () => {
  let database: TestDatabase;
  let bouncer: PgBouncer;
  let receiver: Receiver;
  const running: NodeProcess[] = [];
  beforeEach(async () => {
    // Empty: the processes make its schema.
    database = await createTestDatabase('template0');
    bouncer = await PgBouncer.start(database.url);
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const main of running.splice(0)) {
      main.kill('SIGKILL');
      await main.ended;
    }
    await receiver.close();
    await bouncer.stop();
    await database.drop();
  });

  it.each([
    ['migrate by DATABASE_DIRECT_URL, deliver, and recover what a killed worker had', true],
    ['do the same through the pooler where there is no other way', false],
  ])(
    '%s',
    async (_name, hasDirectUrl) => {
      const env = {
        DATABASE_URL: bouncer.url,
        ...(hasDirectUrl && { DATABASE_DIRECT_URL: database.url }),
        PORT: '0',
        POSTHORN_ADMIN_KEY: 'phk_admin_0123456789abcdef',
        POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
        POSTHORN_ALLOW_HTTP: 'true',
        POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
        POSTHORN_HEALTH_PORT: 'off',
      };
      const run = (role: string) => {
        const main = NodeProcess.run('dist/src/main.js', [], { ...env, POSTHORN_ROLE: role });
        running.push(main);
        return main;
      };
      const api = run('api');
      const url = await eventually(() => /listens on (\S+)/.exec(api.stdout)?.[1] ?? null, {
        timeoutMs: 30_000,
      });
      const worker = async () => {
        const main = run('worker');
        await eventually(() => main.stdout.includes('Posthorn delivers'), { timeoutMs: 30_000 });
        return main;
      };
      const first = await worker();
      const post = async (path: string, body: object) => {
        const answer = await fetch(url + path, {
          method: 'POST',
          headers: { authorization: `Bearer ${env.POSTHORN_ADMIN_KEY}`, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        return { status: answer.status, body: (await answer.json()) as { id: string } };
      };
      await post('/v1/spaces', { name: 'Acme', uid: 'acme' });
      await post('/v1/spaces/acme/subscriptions', { url: receiver.url });
      const publish = () => post('/v1/spaces/acme/events', LEAD);
      const sent = await Promise.all(Array.from({ length: 40 }, publish));
      expect(new Set(sent.map(({ status }) => status))).toEqual(new Set([202]));
      await receiver.received(40, 20_000);

      first.kill('SIGKILL');
      await first.ended;
      const late = await publish();
      await worker();
      await eventually(
        () => expect(receiver.requests.map(({ headers }) => headers['webhook-id'])).toContain(late.body.id),
        { timeoutMs: 20_000 },
      );
      for (const main of running.splice(1)) {
        main.kill('SIGTERM');
        expect([0, 'SIGKILL']).toContain(await main.ended);
      }
      api.kill('SIGTERM');
      expect(await api.ended).toBe(0);
      expect(api.stderr).toBe('');
    },
    120_000,
  );
});
