import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { eventually, staysSo } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { Engine } from '../support/engine.js';
import { NodeProcess } from '../support/node-process.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant } from '../support/tenant.js';

describe('two APIs and two workers on one database', () => {
  it('deliver each of 500 events exactly once', async () => {
    const receiver = await startReceiver();
    const engine = await Engine.start({ api: 2, workers: 2 });
    const urls = await Promise.all(engine.apis.map((api) => api.getUrl()));
    const tenant = await Tenant.create(engine);
    await tenant.subscribe(receiver.url);
    const published = await Promise.all(
      Array.from({ length: 500 }, (_, id) =>
        tenant.send({ type: 'lead.create', data: { id: String(id) } }, urls[id % 2]),
      ),
    );
    expect(new Set(published.map(({ status }) => status))).toEqual(new Set([202]));
    await eventually(() => engine.attempts.length >= 500, { timeoutMs: 20_000 });
    // Long enough for the sweeper to find what it should not.
    await engine.sweep();
    for (const status of ['pending', 'failed', 'held']) {
      expect(await tenant.deliveries(`?status=${status}`)).toEqual([]);
    }
    expect(engine.attempts.map(({ n }) => n)).toEqual(Array<number>(500).fill(1));
    const heard = receiver.requests.map(({ headers }) => String(headers['webhook-id']));
    expect(heard.toSorted()).toEqual(published.map(({ body }) => body.id).toSorted());
    await engine.close();
    await receiver.close();
  });
});

describe('the built program', () => {
  const running: NodeProcess[] = [];
  afterEach(async () => {
    for (const main of running.splice(0)) {
      main.kill('SIGKILL');
      await main.ended;
    }
  });

  function run(env: NodeJS.ProcessEnv): NodeProcess {
    const main = NodeProcess.run('dist/src/main.js', [], env);
    running.push(main);
    return main;
  }

  const START = { timeoutMs: 20_000 };
  let database: TestDatabase;
  let env: Record<string, string>;
  beforeEach(async () => {
    database = await createTestDatabase();
    env = {
      DATABASE_URL: database.url,
      PORT: '0',
      POSTHORN_ADMIN_KEY: 'phk_admin_0123456789abcdef',
      POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
    };
  });
  afterEach(() => database.drop());

  const urlOf = (main: NodeProcess) =>
    eventually(() => /listens on (\S+)/.exec(main.stdout)?.[1] ?? null, START);
  async function post(
    url: string,
    path: string,
    body: object,
  ): Promise<{ status: number; body: { id: string } }> {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${env.POSTHORN_ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
    return { status: answer.status, body: (await answer.json()) as { id: string } };
  }
  async function publish(url: string, receiver: Receiver): Promise<{ status: number; body: { id: string } }> {
    await post(url, '/v1/spaces', { name: 'Acme', uid: 'acme' });
    await post(url, '/v1/spaces/acme/subscriptions', { url: receiver.url });
    return post(url, '/v1/spaces/acme/events', { type: 'lead.create', data: { id: '1' } });
  }

  it('takes nothing away from other processes on its database when it starts', async () => {
    let answer: () => void = () => undefined;
    const receiver = await startReceiver(() => new Promise((resolve) => (answer = () => resolve({}))));
    const first = await urlOf(run(env));
    await publish(first, receiver);
    await receiver.received(1);
    await urlOf(run(env));
    await staysSo(() => receiver.requests.length === 1, {
      forMs: 2_500,
      because: 'what was taken away would be enqueued at once, and swept within two seconds',
    });
    answer();
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    await eventually(async () => {
      const { rows } = await client.query('SELECT status, attempt_count FROM posthorn.deliveries');
      expect(rows).toEqual([{ status: 'succeeded', attempt_count: 1 }]);
    });
    await client.end();
    await receiver.close();
  }, 60_000);

  it('takes events as an api and delivers them as a worker', async () => {
    const receiver = await startReceiver();
    const api = run({ ...env, POSTHORN_ROLE: 'api' });
    const worker = run({ ...env, POSTHORN_ROLE: 'worker', POSTHORN_HEALTH_PORT: '0' });
    const url = await urlOf(api);
    await eventually(() => worker.stdout.includes('Posthorn delivers (role worker)'), START);
    const { status, body } = await publish(url, receiver);
    expect(status).toBe(202);
    const [request] = await receiver.received(1);
    expect(request?.headers['webhook-id']).toBe(body.id);
    for (const main of running) main.kill('SIGTERM');
    for (const main of running) expect(await main.ended).toBe(0);
    await receiver.close();
  });
});
