import { migrations } from '../../migrations/index.js';
import { Database } from '../../src/database/database.js';
import type { SystemState } from '../../src/system/system.dto.js';
import { eventually } from '../support/condition.js';
import { DatabaseProxy } from '../support/database-proxy.js';
import { Engine } from '../support/engine.js';
import { RedisServer } from '../support/redis.js';
import { useStory } from '../support/story.js';

const FRESH_MS = 5_000;
/** Each part has three seconds; the machine may be busy. */
const BOUND_MS = 5_000;

/** Asks until the answer, which is read anew every five seconds, is as expected. */
function systemWhen(
  engine: Engine,
  isAsExpected: (state: SystemState) => boolean,
  slowest = { ms: 0 },
): Promise<SystemState> {
  return eventually(
    async () => {
      const before = performance.now();
      const state = await engine.ok<SystemState>('GET', '/v1/system');
      slowest.ms = Math.max(slowest.ms, performance.now() - before);
      return isAsExpected(state) && state;
    },
    { timeoutMs: 5 * FRESH_MS },
  );
}

const sqlOf = (engine: Engine) => (engine.apis[0] as (typeof engine.apis)[0]).get(Database).sql;

describe('GET /v1/system', () => {
  const { engine, tenant, receiver } = useStory({
    settings: { retentionDays: 7, trustProxy: ['10.0.0.0/8'] },
  });

  it('shows processes, queue, database, retention and jobs, and warns of nothing when nothing is wrong', async () => {
    const state = await systemWhen(engine, ({ status }) => status === 'ok');
    expect(state.warnings).toEqual([]);
    const self = { role: 'all', pid: process.pid, version: expect.stringMatching(/^\d+\.\d+\.\d+/) };
    expect(state.self).toMatchObject({ ...self, node: process.version, pool: { max: expect.any(Number) } });
    expect(state.processes).toEqual([
      expect.objectContaining({ ...self, id: state.self.id, state: 'alive', isThis: true }),
    ]);
    expect(state.queue).toMatchObject({ backend: 'postgres', state: 'ok' });
    expect(state.database).toMatchObject({
      state: 'ok',
      version: expect.stringMatching(/^\d+/),
      isReadOnly: false,
      isStandby: false,
      migrations: { applied: migrations.length, expected: migrations.length, missing: [], unknown: [] },
    });
    const { connections } = state.database;
    expect(connections?.posthorn).toBeGreaterThan(0);
    expect(connections?.allowed).toBeGreaterThanOrEqual(connections?.server ?? Infinity);
    expect(state.retention.days).toBe(7);
    expect(Date.parse(state.retention.nextDropAt ?? '')).toBeGreaterThan(Date.now());
    expect(state.jobs).toEqual({ running: 0, waiting: 0, failed: 0 });
  });

  it('names the active endpoints whose certificates end soon, the soonest first', async () => {
    const sub = async (uid: string, inDays: number) => {
      const { id } = await tenant.subscribe(`${receiver.url}/${uid}`, { uid });
      const text = `INSERT INTO posthorn.endpoint_certificates SELECT id, now() + $2 * interval '1 day', now()
        FROM posthorn.subscriptions WHERE uid = $1`;
      await sqlOf(engine)({ name: '', text }, [uid, inDays]);
      return id;
    };
    await sub('later', 15);
    const [soon, over] = [await sub('soon', 13), await sub('over', -1)];
    await sub('paused', 1);
    await engine.ok('POST', tenant.path('/subscriptions/paused/pause'));
    const { certificates, warnings } = await systemWhen(engine, (state) => state.certificates?.count !== 0);
    expect(certificates?.count).toBe(2);
    expect(certificates?.soonest.map(({ subscriptionId }) => subscriptionId)).toEqual([over, soon]);
    expect(certificates?.soonest[0]).toMatchObject({
      url: `${receiver.url}/over`,
      space: expect.stringMatching(/^spc_/),
    });
    expect(warnings).toEqual([]);
  });

  it('estimates the rows of each table and of each of its days', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.publish({ type: 'lead.create', data: { id: 'lead-1' } });
    await sqlOf(engine)({ name: '', text: 'ANALYZE posthorn.events' });
    const { database } = await systemWhen(engine, (state) => rowsOf(state, 'events') > 0);
    const events = database.tables?.find(({ name }) => name === 'events');
    expect(events?.sizeBytes).toBeGreaterThan(0);
    const days = events?.partitions.map(({ name }) => name) ?? [];
    const today = new Date().toISOString().slice(0, 10).replaceAll('-', '');
    expect(days).toEqual(expect.arrayContaining([`events_${today}`, 'events_default']));
    const sum = events?.partitions.reduce((total, { sizeBytes }) => total + sizeBytes, 0);
    expect(events?.sizeBytes).toBe(sum);
  });

  it('names the settings that differ from their defaults, and shows no secret', async () => {
    const { body } = await engine.call<SystemState>('GET', '/v1/system');
    const byName = new Map(body.settings.map((setting) => [setting.name, setting]));
    expect(byName.get('POSTHORN_RETENTION_DAYS')).toMatchObject({ value: '7', default: '30' });
    expect(byName.get('POSTHORN_TRUST_PROXY')).toMatchObject({ value: '10.0.0.0/8' });
    for (const name of ['DATABASE_URL', 'POSTHORN_ADMIN_KEY', 'POSTHORN_ENCRYPTION_KEYS'])
      expect(byName.get(name)).toMatchObject({ value: null });
    expect(byName.has('PORT')).toBe(false);
    const text = JSON.stringify(body);
    const { databaseUrl, adminKey, encryptionKeys } = engine.settings;
    for (const secret of [databaseUrl, adminKey, ...encryptionKeys]) expect(text).not.toContain(secret);
  });

  it('is for the admin key only', async () => {
    for (const scope of ['read', 'manage'] as const)
      expect(
        (await engine.call('GET', '/v1/system', undefined, { key: await tenant.key(scope) })).status,
      ).toBe(403);
    expect((await engine.call('GET', '/v1/system', undefined, { key: 'wrong' })).status).toBe(401);
  });

  it('warns in a sentence of a silent process, a clock that is off and a schema that is behind', async () => {
    const sql = sqlOf(engine);
    const add = (pid: number, silent: string, skew: number) =>
      sql({
        name: '',
        text: `INSERT INTO posthorn.processes VALUES (gen_random_uuid(), 'worker', '0.1.0', 'far', 'space', ${pid}, 'start',
          now() - interval '1 hour', clock_timestamp() - interval '${silent}', ${skew})`,
      });
    await add(4711, '90 seconds', 0);
    await add(4712, '0 seconds', -3_000);
    await sql({ name: '', text: `DELETE FROM posthorn.migrations WHERE name = 'Processes1763930000000'` });
    const { warnings, status, processes } = await systemWhen(engine, ({ warnings }) => warnings.length >= 3);
    expect(status).toBe('warning');
    expect(processes?.find(({ pid }) => pid === 4711)?.state).toBe('silent');
    expect(warnings).toEqual(
      expect.arrayContaining([
        {
          code: 'process_silent',
          message: expect.stringMatching(/^The worker 4711 on far has not reported since \S+\.$/),
        },
        { code: 'clock_differs', message: "The clock of far is 3.0 s behind the database's clock." },
        {
          code: 'schema_behind',
          message: expect.stringContaining(`lacks 1 of ${migrations.length} migrations`),
        },
      ]),
    );
  });
});

function rowsOf({ database }: SystemState, table: string): number {
  return database.tables?.find(({ name }) => name === table)?.estimatedRows ?? 0;
}

describe('GET /v1/system with something away', () => {
  it('answers while Redis is down, and says so', async () => {
    const redis = await RedisServer.start();
    const engine = await Engine.start({ redisUrl: redis.url });
    try {
      await systemWhen(engine, ({ queue }) => queue.state === 'ok' && queue.backend === 'redis');
      await redis.stop();
      const { queue, database, warnings } = await systemWhen(engine, ({ queue }) => queue.state !== 'ok');
      expect(queue).toMatchObject({ depth: null, lagSeconds: null });
      expect(database.state).toBe('ok');
      expect(warnings).toContainEqual({
        code: 'queue_away',
        message: expect.stringMatching(/^Redis does not respond/),
      });
    } finally {
      await engine.close();
      await redis.close();
    }
  });

  it('answers in bounded time with what the process itself knows while the database is away', async () => {
    const proxy = new DatabaseProxy();
    const engine = new Engine({ workers: 0, through: proxy.to });
    await engine.open();
    try {
      await systemWhen(engine, ({ database }) => database.state === 'ok');
      proxy.cut();
      const slowest = { ms: 0 };
      const state = await systemWhen(engine, ({ database }) => database.state !== 'ok', slowest);
      expect(slowest.ms).toBeLessThan(BOUND_MS);
      expect(state).toMatchObject({
        status: 'unavailable',
        self: { pid: process.pid, role: 'all' },
        processes: null,
        deliveries: null,
        jobs: null,
        database: { version: null, tables: null },
      });
      expect(state.warnings[0]?.code).toBe('database_away');
      expect(state.settings.length).toBeGreaterThan(0);
    } finally {
      await proxy.mend();
      await engine.close();
      proxy.cut();
    }
  });
});
