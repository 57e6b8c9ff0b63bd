import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { NodeProcess } from '../support/node-process.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Collector } from '../support/collector.js';

const ADMIN_KEY = 'phk_admin_0123456789abcdef';
const STARTED = { timeoutMs: 25_000 };
const LEAD = { type: 'lead.create', data: { id: 'planted-lead' } };

type Line = Record<string, unknown> & { msg: string };

describe('the log of the built program', () => {
  let database: TestDatabase;
  let receiver: Receiver;
  let main: NodeProcess;
  let url = '';

  beforeEach(async () => {
    database = await createTestDatabase();
    receiver = await startReceiver();
  });
  afterEach(async () => {
    main.kill('SIGKILL');
    await main.ended;
    await receiver.close();
    await database.drop();
  });

  async function start(env: NodeJS.ProcessEnv): Promise<void> {
    main = NodeProcess.run('dist/src/main.js', [], {
      DATABASE_URL: database.url,
      PORT: '0',
      POSTHORN_ADMIN_KEY: ADMIN_KEY,
      POSTHORN_ENCRYPTION_KEYS: Buffer.alloc(32, 3).toString('base64'),
      POSTHORN_ALLOW_HTTP: 'true',
      POSTHORN_ALLOW_TARGETS: '127.0.0.0/8',
      ...env,
    });
    url = await eventually(() => /listens on (\S+)/.exec(main.stdout)?.[1] ?? null, STARTED);
    await call('POST', '/v1/spaces', { name: 'Acme', uid: 'acme' });
  }

  async function call(method: string, path: string, body?: object) {
    const answer = await fetch(url + path, {
      method,
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      ...(body && { body: JSON.stringify(body) }),
    });
    return { status: answer.status, body: (await answer.json()) as { id: string } };
  }

  const lines = (msg: string): Line[] =>
    main.stdout
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line) as Line)
      .filter((line) => line.msg === msg);
  const logged = (msg: string, count = 1) =>
    eventually(() => (lines(msg).length >= count ? lines(msg) : null), STARTED);

  it('has a wide line for each publish request and each batch where the operator asks, with the trace', async () => {
    const collector = await Collector.start();
    await start({
      POSTHORN_LOG_WIDE: 'true',
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
    });
    const space = await call('GET', '/v1/spaces/acme');
    await call('POST', '/v1/spaces/acme/subscriptions', { url: `${receiver.url}?token=planted-query` });
    await call('POST', '/v1/spaces/acme/events', [LEAD, LEAD]);
    expect((await call('POST', '/v1/spaces/acme/events', { type: 'no.such' })).status).toBe(422);
    const [accepted, refused] = await logged('publish', 2);
    expect(accepted).toMatchObject({
      level: 'info',
      context: 'publish',
      space: space.body.id,
      status: 202,
      events: 2,
      duplicates: 0,
      deliveries: 2,
      bytes: expect.any(Number) as number,
      durationMs: expect.any(Number) as number,
      request_id: expect.any(String) as string,
      trace_id: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
    });
    expect(refused).toMatchObject({ status: 422, code: 'validation_failed' });
    const settled = await logged('attempts.settled');
    expect(settled[0]).toMatchObject({
      level: 'info',
      answers: { 200: expect.any(Number) as number },
      spaces: 1,
      subscriptions: 1,
      tookMs: expect.any(Number) as number,
      trace_id: accepted?.trace_id,
    });
    expect(main.stdout).not.toContain('planted');
    main.kill('SIGTERM');
    expect(await main.ended).toBe(0);
    await collector.close();
  });

  it('has a line for each pause, resume and throttle with space, subscription and numbers, by context', async () => {
    // Only these contexts; a wide line would be of another one.
    await start({
      LOG_LEVEL: 'silent,dispatcher=warn,subscriptions=info,http=warn',
      POSTHORN_LOG_WIDE: 'true',
    });
    receiver.answer = () => ({ status: 503, headers: { 'retry-after': '7' } });
    const { body: space } = await call('GET', '/v1/spaces/acme');
    const { body: subscription } = await call('POST', '/v1/spaces/acme/subscriptions', {
      url: receiver.url,
      pauseAfter: 1,
    });
    const ids = { space: space.id, subscription: subscription.id };
    await call('POST', '/v1/spaces/acme/events', LEAD);
    const [throttled] = await logged('endpoint.throttled');
    expect(throttled).toMatchObject({ level: 'warn', ...ids, status: 503, waitMs: 7_000 });
    const [paused] = await logged('subscription.paused');
    expect(paused).toMatchObject({ level: 'warn', ...ids, reason: 'failures', failures: 1, withinMs: 0 });
    const path = `/v1/spaces/acme/subscriptions/${subscription.id}`;
    receiver.answer = () => ({ status: 200 });
    await call('POST', `${path}/resume`, {});
    const [resumed] = await logged('subscription.resumed');
    expect(resumed).toMatchObject({ level: 'info', ...ids, reason: 'manual', backlog: 'deliver' });
    await call('POST', `${path}/pause`, {});
    const [, byHand] = await logged('subscription.paused', 2);
    expect(byHand).toMatchObject({ level: 'info', ...ids, reason: 'manual' });
    await call('PATCH', '/v1/spaces/acme', { limits: { eventsPerSecond: 1 } });
    await eventually(
      async () => (await call('POST', '/v1/spaces/acme/events', [LEAD, LEAD])).status === 429,
      STARTED,
    );
    const [refused] = await logged('request.throttled');
    expect(refused).toMatchObject({
      level: 'warn',
      scope: 'publish',
      space: space.id,
      waitMs: expect.any(Number) as number,
    });
    expect(lines('publish')).toEqual([]);
    expect(lines('attempts.settled')).toEqual([]);
  });

  it('is lines for people where the operator asks for them, without colours where there is no terminal', async () => {
    await start({ POSTHORN_LOG_FORMAT: 'text', LOG_LEVEL: 'error,subscriptions=info' });
    const { body: subscription } = await call('POST', '/v1/spaces/acme/subscriptions', { url: receiver.url });
    await call('POST', `/v1/spaces/acme/subscriptions/${subscription.id}/pause`, {});
    const line = await eventually(
      () => main.stdout.split('\n').find((one) => one.includes('subscription.paused')) ?? null,
      STARTED,
    );
    expect(line).toMatch(
      /^\[\d\d:\d\d:\d\d\.\d+\] INFO: subscriptions: subscription\.paused \{.*"reason":"manual"/,
    );
    expect(line).toContain(subscription.id);
    expect(line).not.toContain('\u001b');
  });
});
