import pg from 'pg';
import { BACKENDS, type Backend } from '../support/backends.js';
import { parsePublicId } from '../../src/core/ids.js';
import { Database } from '../../src/database/database.js';
import { eventually } from '../support/condition.js';
import { Engine } from '../support/engine.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { Tenant, type Problem } from '../support/tenant.js';

interface Job {
  id: string;
  kind: string;
  status: string;
  dryRun: boolean;
  total: number | null;
  done: number;
  finishedAt: string | null;
}

const LONG_AGO = '2020-01-01T00:00:00.000Z';

let engine: Engine;
let receiver: Receiver;
let answer = 200;

beforeAll(async () => {
  receiver = await startReceiver(() => ({ status: answer }));
});

beforeEach(() => {
  answer = 200;
  receiver.requests.length = 0;
});

afterAll(() => receiver.close());

async function finished(tenant: Tenant, job: Job): Promise<Job> {
  return eventually(async () => {
    const now = await engine.ok<Job>('GET', tenant.path(`/jobs/${job.id}`));
    return now.finishedAt !== null && now;
  });
}

function replay(tenant: Tenant, sub: string, body: object = {}): Promise<Job> {
  return engine.ok('POST', tenant.path(`/subscriptions/${sub}/replay`), { since: LONG_AGO, ...body });
}

async function publish(tenant: Tenant, id: string, type = 'lead.create'): Promise<void> {
  await tenant.publish({ type, id, data: { id } });
}

async function settled(tenant: Tenant, count: number, query = ''): Promise<void> {
  await eventually(async () => {
    const all = await tenant.deliveries(`?limit=250${query}`);
    expect(all).toHaveLength(count);
    expect(all.filter(({ finishedAt }) => finishedAt === null)).toEqual([]);
  });
}

/** What each event of `ids` heard since. */
function heard(): string[] {
  return receiver.requests
    .map(({ body }) => (JSON.parse(String(body)) as { data: { id: string } }).data.id)
    .toSorted();
}

describe.each(BACKENDS)('jobs with the queue on %s', (_name, start) => {
  let backend: Backend;
  beforeAll(async () => {
    backend = await start();
    engine = await Engine.start(backend.redisUrl === undefined ? {} : { redisUrl: backend.redisUrl });
  });
  afterAll(async () => {
    await engine.close();
    await backend.close();
  });

  it('replay what an endpoint missed, once: failed, cancelled and never sent, but neither sent nor tests', async () => {
    const tenant = await Tenant.create(engine);
    await publish(tenant, 'before');
    await publish(tenant, 'other', 'lead.update');
    await tenant.subscribe(receiver.url, { uid: 'sub', events: ['lead.create'], retrySchedule: [] });
    await tenant.subscribe(receiver.url, { uid: 'tested', events: ['lead.delete'] });
    await engine.ok('POST', tenant.path('/subscriptions/tested/test'), { type: 'lead.create' });
    await publish(tenant, 'heard');
    await settled(tenant, 2);
    answer = 500;
    await publish(tenant, 'failed');
    await settled(tenant, 3);
    answer = 200;
    await engine.ok('POST', tenant.path('/subscriptions/sub/pause'));
    await publish(tenant, 'discarded');
    await engine.ok('POST', tenant.path('/subscriptions/sub/resume'), { backlog: 'discard' });
    receiver.requests.length = 0;

    const counted = await finished(tenant, await replay(tenant, 'sub', { dryRun: true }));
    expect(counted).toMatchObject({ status: 'completed', dryRun: true, total: 3, done: 0 });
    const job = await finished(tenant, await replay(tenant, 'sub'));
    expect(job).toMatchObject({ kind: 'replay', status: 'completed', total: 3, done: 3 });
    await receiver.received(3);
    await settled(tenant, 7);
    expect(heard()).toEqual(['before', 'discarded', 'failed']);
    const made = (await tenant.deliveries()).filter(({ trigger }) => trigger === 'replay');
    expect(made.map(({ status, maxAttempts }) => [status, maxAttempts])).toEqual(
      Array(3).fill(['succeeded', 1]),
    );
    // Nothing is missing any more.
    expect(await finished(tenant, await replay(tenant, 'sub'))).toMatchObject({ total: 0, done: 0 });
  });

  it('replay by status, type, filter and time', async () => {
    const tenant = await Tenant.create(engine);
    for (const id of ['1', '2']) await publish(tenant, id);
    await publish(tenant, '3', 'lead.update');
    await tenant.subscribe(receiver.url, { uid: 'sub', filter: { id: { in: ['2', '3'] } } });
    const totalOf = async (body: object) =>
      (await finished(tenant, await replay(tenant, 'sub', { dryRun: true, ...body }))).total;
    expect(await totalOf({})).toBe(2);
    expect(await totalOf({ eventTypes: ['lead.update'] })).toBe(1);
    expect(await totalOf({ statuses: ['failed'] })).toBe(0);
    expect(await totalOf({ until: LONG_AGO })).toBe(0);
    expect(await totalOf({ since: new Date(Date.now() + 60_000).toISOString() })).toBe(0);
  });

  it('hold what they replay for a paused endpoint', async () => {
    const tenant = await Tenant.create(engine);
    await publish(tenant, '1');
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    await engine.ok('POST', tenant.path('/subscriptions/sub/pause'));
    await finished(tenant, await replay(tenant, 'sub'));
    expect(await tenant.deliveries()).toMatchObject([{ status: 'held', trigger: 'replay' }]);
    expect(receiver.requests).toHaveLength(0);
    await engine.ok('POST', tenant.path('/subscriptions/sub/resume'));
    await receiver.received(1);
  });

  it('retry every delivery that a filter finds, after saying how many', async () => {
    const tenant = await Tenant.create(engine);
    answer = 500;
    await tenant.subscribe(receiver.url, { uid: 'bad', retrySchedule: [], pauseAfter: null });
    for (const id of ['1', '2', '3']) await publish(tenant, id);
    await publish(tenant, '4', 'lead.update');
    await settled(tenant, 4);
    answer = 200;
    receiver.requests.length = 0;
    const filter = { status: 'failed', type: 'lead.create', subscription: 'bad' };
    const path = tenant.path('/deliveries/retry');
    const count = await engine.call('POST', path, { ...filter, dryRun: true });
    expect([count.status, count.body]).toEqual([200, { count: 3, exact: true }]);
    const started = await engine.call<Job>('POST', path, filter);
    expect(started.status).toBe(202);
    const job = await finished(tenant, started.body);
    expect(job).toMatchObject({ kind: 'retry', status: 'completed', total: 3, done: 3 });
    await receiver.received(3);
    await settled(tenant, 4);
    expect(heard()).toEqual(['1', '2', '3']);
    expect(await tenant.deliveries('?status=failed')).toMatchObject([{ eventType: 'lead.update' }]);
    const retried = await tenant.deliveries('?status=succeeded&trigger=manual');
    expect(retried.map(({ trigger }) => trigger)).toEqual(Array(3).fill('event'));
  });

  it('retry what is just being tried once that has failed', async () => {
    const tenant = await Tenant.create(engine);
    const slow = await startReceiver(() => ({ status: 500, delayMs: 3_000 }));
    await tenant.subscribe(slow.url, { retrySchedule: [] });
    await publish(tenant, '1');
    await slow.received(1);
    const job = await engine.ok<Job>('POST', tenant.path('/deliveries/retry'), { status: 'pending' });
    expect(await finished(tenant, job)).toMatchObject({ status: 'completed', done: 1 });
    expect(await tenant.deliveries('?status=pending')).toMatchObject([{ attemptCount: 0 }]);
    await slow.received(2);
    await slow.close();
  });

  it('make every delivery once although workers go and connections break under them', async () => {
    const tenant = await Tenant.create(engine);
    const events = Array.from({ length: 900 }, (_, index) => ({
      type: 'lead.create',
      data: { id: String(index) },
    }));
    await tenant.send(events);
    const { id: sub } = await tenant.subscribe(receiver.url);
    await engine.startWorker();
    const job = await replay(tenant, sub);
    const killer = new pg.Client({ connectionString: engine.settings.databaseUrl });
    await killer.connect();
    for (let round = 0; round < 8; round += 1) {
      await eventually(
        async () => (await engine.ok<Job>('GET', tenant.path(`/jobs/${job.id}`))).done >= round * 100,
      );
      // Those inside a transaction: a slice, a lease or an outcome, half-way.
      await killer.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND state LIKE 'idle in transaction%'`,
      );
      if (round === 3) await engine.workers.shift()?.close();
    }
    await killer.end();
    expect(await eventually(() => finished(tenant, job), { timeoutMs: 20_000 })).toMatchObject({
      status: 'completed',
      total: 900,
      done: 900,
    });
    await eventually(() => expect(new Set(heard()).size).toBe(900), { timeoutMs: 20_000 });
    const made = new Set<string>();
    let cursor: string | null = null;
    let rows = 0;
    do {
      const query: string = cursor === null ? '' : `&cursor=${cursor}`;
      const page: { data: { eventId: string }[]; nextCursor: string | null } = await engine.ok(
        'GET',
        tenant.path(`/deliveries?limit=250${query}`),
      );
      for (const { eventId } of page.data) made.add(eventId);
      rows += page.data.length;
      cursor = page.nextCursor;
    } while (cursor !== null);
    expect([rows, made.size]).toEqual([900, 900]);
  }, 60_000);
});

describe('a job', () => {
  beforeAll(async () => {
    engine = await Engine.start({ workers: 0 });
  });
  afterAll(() => engine.close());

  it('waits for a worker, can be cancelled meanwhile, and is then left alone', async () => {
    const tenant = await Tenant.create(engine);
    await publish(tenant, '1');
    const { id: sub } = await tenant.subscribe(receiver.url);
    const cancelled = await replay(tenant, sub);
    expect(cancelled).toMatchObject({ status: 'pending', total: null, done: 0 });
    const path = tenant.path(`/jobs/${cancelled.id}/cancel`);
    expect(await engine.ok('POST', path)).toMatchObject({ status: 'cancelled' });
    expect((await engine.call<Problem>('POST', path)).body.code).toBe('job_finished');
    const job = await replay(tenant, sub, { statuses: ['none'] });
    await engine.startWorker();
    expect(await finished(tenant, job)).toMatchObject({ status: 'completed', total: 1, done: 1 });
    expect(await tenant.deliveries()).toHaveLength(1);
    expect(await engine.ok('GET', tenant.path(`/jobs/${cancelled.id}`))).toMatchObject({
      status: 'cancelled',
      done: 0,
    });
    await engine.stopWorkers();
  });

  it('is listed as long as events are kept', async () => {
    const tenant = await Tenant.create(engine);
    const { id: sub } = await tenant.subscribe(receiver.url);
    const ids = async () =>
      (await engine.ok<{ data: Job[] }>('GET', tenant.path('/jobs'))).data.map(({ id }) => id);
    const [old, recent] = [await replay(tenant, sub), await replay(tenant, sub)];
    for (const [job, days] of [
      [old, 31],
      [recent, 29],
    ] as const) {
      await engine.ok('POST', tenant.path(`/jobs/${job.id}/cancel`));
      const uuid = parsePublicId('job', job.id);
      const text = `UPDATE posthorn.jobs SET finished_at = now() - $2 * interval '1 day' WHERE id = $1`;
      await engine.apis[0]?.get(Database).sql({ name: '', text }, [uuid, days]);
    }
    const next = await replay(tenant, sub);
    expect(await ids()).toEqual([next.id, recent.id]);
  });

  it('ends when its subscription is deleted, and a space has no more than 20 at once', async () => {
    const tenant = await Tenant.create(engine);
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    const jobs = await Promise.all(Array.from({ length: 20 }, () => replay(tenant, 'sub')));
    const path = tenant.path('/subscriptions/sub/replay');
    const refused = await engine.call<Problem>('POST', path, { since: LONG_AGO });
    expect([refused.status, refused.body.code]).toEqual([409, 'too_many_jobs']);
    await engine.ok('DELETE', tenant.path('/subscriptions/sub'));
    await engine.startWorker();
    for (const job of jobs) expect(await finished(tenant, job)).toMatchObject({ status: 'cancelled' });
    await engine.stopWorkers();
  });

  it.each([
    ['a replay without a beginning', '/subscriptions/sub/replay', {}],
    [
      'a replay of what is on its way',
      '/subscriptions/sub/replay',
      { since: LONG_AGO, statuses: ['pending'] },
    ],
    ['a replay of nothing', '/subscriptions/sub/replay', { since: LONG_AGO, statuses: [] }],
    ['a retry of everything', '/deliveries/retry', {}],
    ['a retry by an unknown status', '/deliveries/retry', { status: 'lost' }],
  ])('is not made for %s', async (_, path, body) => {
    const tenant = await Tenant.create(engine);
    await tenant.subscribe(receiver.url, { uid: 'sub' });
    expect((await engine.call('POST', tenant.path(path), body)).status).toBe(422);
  });
});
