import { randomBytes } from 'node:crypto';
import { Collector, type CollectedSpan } from '../support/collector.js';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { NodeProcess } from '../support/node-process.js';
import { startReceiver, type Receiver } from '../support/receiver.js';

const ADMIN_KEY = 'phk_admin_0123456789abcdef';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const PARENT = '00f067aa0ba902b7';
const STARTED = { timeoutMs: 20_000 };
/** A stop that waited for an export would take longer than this: the SDK gives it ten seconds. */
const STOP_MS = 8_000;

describe('traces of the built program', () => {
  const running: NodeProcess[] = [];
  let database: TestDatabase;
  let receiver: Receiver;
  let collector: Collector;
  let url = '';

  beforeEach(async () => {
    database = await createTestDatabase();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    for (const main of running.splice(0)) {
      main.kill('SIGKILL');
      await main.ended;
    }
    await collector.close();
    await receiver.close();
    await database.drop();
  });

  function run(role: string, env: NodeJS.ProcessEnv): NodeProcess {
    const main = NodeProcess.run('dist/src/main.js', [], {
      DATABASE_URL: database.url,
      PORT: '0',
      POSTHORN_ROLE: role,
      POSTHORN_HEALTH_PORT: 'off',
      POSTHORN_ADMIN_KEY: ADMIN_KEY,
      POSTHORN_ENCRYPTION_KEYS: Buffer.alloc(32, 3).toString('base64'),
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      OTEL_BSP_SCHEDULE_DELAY: '50',
      ...env,
    });
    running.push(main);
    return main;
  }

  async function listens(main: NodeProcess): Promise<void> {
    url = await eventually(() => /listens on (\S+)/.exec(main.stdout)?.[1] ?? null, STARTED);
  }

  async function post(path: string, body: object, headers: Record<string, string> = {}) {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    expect(answer.status).toBeLessThan(300);
    return (await answer.json()) as { id: string };
  }

  async function stopAll(): Promise<void> {
    for (const main of running) main.kill('SIGTERM');
    for (const main of running) expect(await main.ended).toBe(0);
  }

  const one = (name: string): CollectedSpan => {
    const spans = collector.named(name);
    expect(spans).toHaveLength(1);
    return spans[0] as CollectedSpan;
  };
  const linksTo = (span: CollectedSpan) => (span.links ?? []).map(({ spanId }) => spanId);

  it('link publish, store, queue, attempt and settle of an event across two roles, and hold no secrets', async () => {
    collector = await Collector.start();
    const api = run('api', { OTEL_SERVICE_NAME: 'hooks', OTEL_EXPORTER_OTLP_HEADERS: 'authorization=abc' });
    run('worker', { OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test' });
    await listens(api);
    const [query, path, header, body] = Array.from(
      { length: 4 },
      () => `planted${randomBytes(8).toString('hex')}`,
    );
    await post('/v1/spaces', { name: 'Acme', uid: 'acme' });
    const subscription = await post('/v1/spaces/acme/subscriptions', {
      url: `${receiver.url}/${path}?token=${query}`,
      headers: { 'x-token': header },
      passTraceparent: true,
    });
    const published = await post(
      '/v1/spaces/acme/events',
      { type: 'lead.create', data: { id: body } },
      { traceparent: `00-${TRACE}-${PARENT}-01`, tracestate: 'vendor=abc' },
    );
    const [request] = await receiver.received(1, 20_000);
    await eventually(() => collector.named('settle').length === 1, STARTED);
    await stopAll();

    const [publish, store, enqueue, receive, queue, attempt, settle] = [
      ...['publish', 'store', 'enqueue', 'receive', 'queue', 'attempt', 'settle'].map(one),
    ] as [
      CollectedSpan,
      CollectedSpan,
      CollectedSpan,
      CollectedSpan,
      CollectedSpan,
      CollectedSpan,
      CollectedSpan,
    ];
    expect(new Set(collector.spans.map(({ traceId }) => traceId))).toEqual(new Set([TRACE]));
    expect(publish.parentSpanId).toBe(PARENT);
    for (const [span, cause] of [
      [store, publish],
      [enqueue, store],
      [receive, enqueue],
      [queue, publish],
      [attempt, publish],
      [settle, attempt],
    ] as const) {
      expect(span.parentSpanId).toBe(cause.spanId);
      expect(linksTo(span)).toEqual([cause.spanId]);
    }
    // The endpoint continues the attempt.
    expect(request?.headers).toMatchObject({
      traceparent: `00-${TRACE}-${attempt.spanId}-01`,
      tracestate: 'vendor=abc',
    });

    expect(publish.facts).toMatchObject({
      'messaging.system': 'posthorn',
      'messaging.operation.name': 'publish',
      'messaging.message.id': published.id,
      'http.request.method': 'POST',
      'http.response.status_code': 202,
      'posthorn.deliveries': 1,
    });
    expect(attempt.facts).toMatchObject({
      'messaging.message.id': published.id,
      'messaging.destination.name': subscription.id,
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'server.address': '127.0.0.1',
      'server.port': receiver.port,
    });
    expect([publish, enqueue].map(({ service }) => service['service.name'])).toEqual(['hooks', 'hooks']);
    expect(attempt.service).toMatchObject({
      'service.name': 'posthorn',
      'posthorn.role': 'worker',
      'deployment.environment.name': 'test',
    });
    expect(collector.requests[0]).toMatchObject({ path: '/v1/traces' });
    expect(collector.requests.some(({ authorization }) => authorization === 'abc')).toBe(true);
    expect(collector.text).not.toMatch(/planted/);
    expect(collector.text).not.toContain(ADMIN_KEY);
  });

  it('say what failed: a refused publish request, and each attempt in the trace of its event', async () => {
    collector = await Collector.start();
    receiver.answer = () => ({ status: receiver.requests.length === 1 ? 503 : 200 });
    await listens(run('all', {}));
    await post('/v1/spaces', { name: 'Acme', uid: 'acme' });
    await post('/v1/spaces/acme/subscriptions', { url: receiver.url, retrySchedule: [0] });
    await expect(post('/v1/spaces/acme/events', { type: 'no.such.type', data: {} })).rejects.toThrow();
    const { id } = await post('/v1/spaces/acme/events', { type: 'lead.create', data: {} });
    await eventually(() => collector.named('settle').length === 2, STARTED);
    await stopAll();
    const [refused, publish] = collector.named('publish') as [CollectedSpan, CollectedSpan];
    expect(refused).toMatchObject({
      status: { code: 2 },
      facts: { 'error.type': 'validation_failed', 'http.response.status_code': 422 },
    });
    const [failed, succeeded] = collector.named('attempt') as [CollectedSpan, CollectedSpan];
    expect(failed).toMatchObject({
      status: { code: 2 },
      facts: { 'error.type': '503', 'http.response.status_code': 503, 'posthorn.verdict': 'retry' },
    });
    expect(succeeded.facts).toMatchObject({
      'http.response.status_code': 200,
      'http.request.resend_count': 1,
      'messaging.message.id': id,
    });
    for (const attempt of [failed, succeeded]) {
      expect(attempt.traceId).toBe(publish.traceId);
      expect(linksTo(attempt)).toEqual([publish.spanId]);
    }
    // It waited once in the worker's own queue.
    expect(one('queue').traceId).toBe(publish.traceId);
  });

  it('follow the sampler of the environment; an event that is not sampled keeps its publisher’s trace', async () => {
    collector = await Collector.start();
    await listens(run('all', { OTEL_TRACES_SAMPLER: 'always_off' }));
    await post('/v1/spaces', { name: 'Acme', uid: 'acme' });
    await post('/v1/spaces/acme/subscriptions', { url: receiver.url, passTraceparent: true });
    const traceparent = `00-${TRACE}-${PARENT}-01`;
    await post('/v1/spaces/acme/events', { type: 'lead.create', data: {} }, { traceparent });
    const [request] = await receiver.received(1, 20_000);
    expect(request?.headers.traceparent).toBe(traceparent);
    await stopAll();
    expect(collector.spans).toEqual([]);
  });

  it('disturb nothing and hold up no stop while the collector hangs', async () => {
    collector = await Collector.start({ hangs: true });
    await listens(run('all', {}));
    await post('/v1/spaces', { name: 'Acme', uid: 'acme' });
    await post('/v1/spaces/acme/subscriptions', { url: receiver.url });
    for (let n = 0; n < 20; n += 1) await post('/v1/spaces/acme/events', { type: 'lead.create', data: {} });
    await receiver.received(20, 20_000);
    await eventually(() => collector.requests.length > 0, STARTED);
    const from = performance.now();
    await stopAll();
    expect(performance.now() - from).toBeLessThan(STOP_MS);
  });

  it('disturb nothing while there is no collector, and the log says so once', async () => {
    collector = await Collector.start();
    await collector.close();
    const gone = collector.url;
    collector = await Collector.start();
    const main = run('all', { OTEL_EXPORTER_OTLP_ENDPOINT: gone, OTEL_EXPORTER_OTLP_TIMEOUT: '200' });
    await listens(main);
    await post('/v1/spaces', { name: 'Acme', uid: 'acme' });
    await post('/v1/spaces/acme/subscriptions', { url: receiver.url });
    for (let n = 0; n < 20; n += 1) await post('/v1/spaces/acme/events', { type: 'lead.create', data: {} });
    await receiver.received(20, 20_000);
    await eventually(() => main.stdout.includes('traces.export_failed'), STARTED);
    await stopAll();
    expect(main.stdout.match(/traces\.export_failed/g)).toHaveLength(1);
  });
});
