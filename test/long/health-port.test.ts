import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { eventually } from '../support/condition.js';
import { createTestDatabase } from '../support/database.js';
import { NodeProcess } from '../support/node-process.js';
import { startReceiver } from '../support/receiver.js';
import { Scrape } from '../support/scrape.js';

const START = { timeoutMs: 60_000 };
const KEY = 'phk_admin_0123456789abcdef';

/** An answer's status. A body that nobody reads keeps its connection open. */
async function statusOf(url: string, init?: RequestInit): Promise<number> {
  const answer = await fetch(url, init);
  await answer.arrayBuffer();
  return answer.status;
}

describe('the health port', () => {
  const running: NodeProcess[] = [];
  let database: Awaited<ReturnType<typeof createTestDatabase>>;
  let shared: NodeJS.ProcessEnv;

  beforeEach(async () => {
    database = await createTestDatabase();
    shared = {
      DATABASE_URL: database.url,
      PORT: '0',
      POSTHORN_ADMIN_KEY: KEY,
      POSTHORN_ENCRYPTION_KEYS: randomBytes(32).toString('base64'),
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
      POSTHORN_HEALTH_PORT: '0',
    };
  });
  afterEach(async () => {
    for (const main of running.splice(0)) {
      main.kill('SIGKILL');
      await main.ended;
    }
    await database.drop();
  });

  function run(env: NodeJS.ProcessEnv): NodeProcess {
    const main = NodeProcess.run('dist/src/main.js', [], { ...shared, ...env });
    running.push(main);
    return main;
  }

  const healthUrlOf = (main: NodeProcess) =>
    eventually(() => /metrics are on (\S+)/.exec(main.stdout)?.[1] ?? null, START);

  it('of a worker answers, and tells it is not ready from SIGTERM on, before it closes', async () => {
    const worker = run({ POSTHORN_ROLE: 'worker', POSTHORN_DRAIN_DELAY_MS: '30000' });
    const url = await healthUrlOf(worker);
    expect(await (await fetch(`${url}/healthz`)).json()).toEqual({ status: 'ok' });
    const ready = await fetch(`${url}/readyz`);
    expect(ready.status).toBe(200);
    expect(Object.keys(((await ready.json()) as { checks: object }).checks)).toEqual([
      'database',
      'migrations',
      'queue',
    ]);
    expect((await Scrape.of(url)).value('workers_alive')).toBe(1);
    expect(await statusOf(`${url}/v1/spaces`)).toBe(404);
    expect(await statusOf(`${url}/metrics`, { method: 'POST' })).toBe(405);
    worker.kill('SIGTERM');
    await eventually(async () => {
      const now = await fetch(`${url}/readyz`);
      expect(now.status).toBe(503);
      expect(await now.json()).toMatchObject({ checks: { process: { reason: 'stopping' } } });
    });
    // It is alive and shows its metrics for as long as it stops.
    expect(await statusOf(`${url}/healthz`)).toBe(200);
    expect(await statusOf(`${url}/metrics`)).toBe(200);
  });

  it('lets an API go on taking requests while load balancers learn that it stops, and then it ends', async () => {
    const api = run({ POSTHORN_ROLE: 'api', POSTHORN_DRAIN_DELAY_MS: '3000' });
    const health = await healthUrlOf(api);
    const url = /listens on (\S+)/.exec(api.stdout)?.[1] ?? '';
    api.kill('SIGTERM');
    for (const base of [url, health])
      await eventually(async () => expect(await statusOf(`${base}/readyz`)).toBe(503));
    const headers = { authorization: `Bearer ${KEY}` };
    expect(await statusOf(`${url}/v1/spaces`, { headers })).toBe(200);
    expect(await api.ended).toBe(0);
  });

  it('shows what each role knows, and what all share in one of them', async () => {
    const receiver = await startReceiver();
    const processes = [run({ POSTHORN_ROLE: 'api' }), run({ POSTHORN_ROLE: 'worker' })];
    const [api, worker] = await Promise.all(processes.map(healthUrlOf));
    const url = /listens on (\S+)/.exec(processes[0]?.stdout ?? '')?.[1] ?? '';
    const post = async (path: string, body: object) => {
      const headers = { authorization: `Bearer ${KEY}`, 'content-type': 'application/json' };
      const init = { method: 'POST', headers, body: JSON.stringify(body) };
      expect(await statusOf(url + path, init)).toBeLessThan(300);
    };
    await post('/v1/spaces', { name: 'Acme', uid: 'acme' });
    await post('/v1/spaces/acme/subscriptions', { url: receiver.url });
    await post('/v1/spaces/acme/events', { type: 'lead.create', data: {} });
    await receiver.received(1);
    await eventually(async () => {
      const scrapes = await Promise.all([api, worker].map((one) => Scrape.of(one as string)));
      const of = (sample: string) => scrapes.map((scrape) => scrape.value(sample));
      expect(of('events_accepted_total')).toEqual([1, 0]);
      expect(of('deliveries_finished_total{outcome="succeeded"}')).toEqual([0, 1]);
      expect(of('workers_alive').filter((value) => value !== undefined)).toEqual([1]);
      expect(scrapes[0]?.names).toEqual(scrapes[1]?.names);
    });
    await receiver.close();
  });

  it('is a clear error at the start when another process has it', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const worker = run({ POSTHORN_ROLE: 'worker', POSTHORN_HEALTH_PORT: String(port) });
    expect(await worker.ended).toBe(1);
    expect(worker.stderr).toContain(
      `Port ${port} on 127.0.0.1, for health and metrics, is taken by another process. Set POSTHORN_HEALTH_PORT to a free one, or to off.`,
    );
    other.close();
  });
});
