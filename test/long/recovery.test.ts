import { randomUUID } from 'node:crypto';
import { Database } from '../../src/database/database.js';
import { settleDeliveries } from '../../src/deliveries/settle-deliveries.js';
import { DeliveryQueue } from '../../src/queue/delivery-queue.js';
import { eventually, staysSo } from '../support/condition.js';
import { ManualClock } from '../support/manual-clock.js';
import { succeeded } from '../support/settlement.js';
import { useStory } from '../support/story.js';
import type { Delivery } from '../support/tenant.js';

const LEASE_MS = 60_000;
const LEAD = { type: 'lead.create', data: {} };

describe('recovery', () => {
  const clock = new ManualClock();
  let answer: () => number | Promise<number>;
  const { engine, tenant, receiver } = useStory({
    clock,
    workers: 0,
    settings: { sweepIntervalMs: 600_000, shutdownGraceMs: 200 },
    engineFor: 'test',
    answer: async () => ({ status: await answer() }),
  });
  beforeEach(() => {
    // The tests sweep themselves, so whatever leaves before came through the queue.
    answer = () => 200;
  });

  const query = <Row extends object>(text: string, values: unknown[] = []): Promise<Row[]> => {
    const database = engine.apis[0]?.get(Database);
    if (!database) throw new Error('The engine has no API.');
    return database.source.query<Row[]>(text, values);
  };
  const waitingForALock = async () =>
    (await query(`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'posthorn.deliveries'::regclass`))
      .length;
  const jobs = async () => (await query('SELECT 1 FROM bullmq.job')).length;

  /** Leases everything to a worker that does not exist. */
  async function leaseToTheDead(): Promise<string> {
    const lease = randomUUID();
    const until = new Date(clock.now() + LEASE_MS);
    await query('UPDATE posthorn.deliveries SET lease = $1, lease_until = $2', [lease, until]);
    return lease;
  }

  /** Loses the whole queue, once everything published has been enqueued. */
  async function loseQueue(): Promise<void> {
    await eventually(async () => (await jobs()) > 0);
    await query('TRUNCATE bullmq.job CASCADE');
  }

  const only = async (): Promise<Delivery> => {
    const [delivery] = await tenant.deliveries();
    return tenant.delivery(delivery?.id ?? '');
  };
  const onlyBecomes = (expected: object) =>
    eventually(async () => expect(await only()).toMatchObject(expected));

  /**
   * Sweeps until it has that effect: after a look that took long, as on a busy machine, some sweeps leave leases alone.
   */
  const sweptInto = (expected: object) =>
    eventually(
      async () => {
        await engine.sweep();
        expect(await only()).toMatchObject(expected);
      },
      { timeoutMs: 25_000 },
    );

  it('takes a delivery back whose worker died, logs the attempt as interrupted and delivers it', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.publish(LEAD);
    await leaseToTheDead();
    await engine.startWorker();
    clock.advance(LEASE_MS - 1);
    await engine.sweep();
    expect(await only()).toMatchObject({ status: 'pending', attemptCount: 0, attempts: [] });
    clock.advance(1);
    await sweptInto({
      status: 'succeeded',
      attemptCount: 2,
      attempts: [
        { n: 1, statusCode: null, errorCode: 'interrupted' },
        { n: 2, statusCode: 200, errorCode: null },
      ],
    });
    expect(receiver.requests).toHaveLength(1);
  });

  it('looks for lost leases less often when the look takes long', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.publish(LEAD);
    await leaseToTheDead();
    await engine.startWorker();
    // A look of 150 ms, as with hundreds of thousands of pending deliveries: somebody else has the table.
    let sweeping: Promise<unknown> = Promise.resolve();
    await engine.apis[0]?.get(Database).transaction(async (sql) => {
      await sql({ name: '', text: 'LOCK TABLE posthorn.deliveries IN ACCESS EXCLUSIVE MODE' });
      sweeping = engine.sweep();
      await eventually(async () => expect(await waitingForALock()).toBeGreaterThan(0));
      await staysSo(async () => expect(await waitingForALock()).toBeGreaterThan(0), {
        forMs: 150,
        because: 'this is how long the look takes',
      });
    });
    await sweeping;
    clock.advance(LEASE_MS);

    await engine.sweep();
    expect(await only()).toMatchObject({ status: 'pending', attempts: [] });

    await sweptInto({ status: 'succeeded', attemptCount: 2 });
  });

  it('spends no step of the schedule and no failure on an interrupted attempt', async () => {
    answer = () => 500;
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [60] });
    await tenant.publish(LEAD);
    await leaseToTheDead();
    await engine.startWorker();
    clock.advance(LEASE_MS);
    await sweptInto({ status: 'pending', attemptCount: 2, lastError: 'http_500' });
    expect(await tenant.subscription(id)).toMatchObject({ failureCount: 1 });
    clock.advance(70_000);
    await engine.sweep();
    await onlyBecomes({ status: 'failed', attemptCount: 3, nextAttemptAt: null });
    expect(receiver.requests).toHaveLength(2);
  });

  it('holds a delivery of a dead worker whose subscription was paused, and cancels one whose was deleted', async () => {
    const { id } = await tenant.subscribe(receiver.url);
    await tenant.publish(LEAD);
    await leaseToTheDead();
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/pause`));
    await engine.startWorker();
    clock.advance(LEASE_MS);
    await sweptInto({ status: 'held', attemptCount: 1, lastError: 'interrupted' });
    await engine.ok('POST', tenant.path(`/subscriptions/${id}/resume`), {});
    await onlyBecomes({ status: 'succeeded' });
    await engine.stopWorkers();
    await tenant.publish(LEAD);
    await leaseToTheDead();
    await engine.ok('DELETE', tenant.path(`/subscriptions/${id}`));
    await engine.startWorker();
    clock.advance(LEASE_MS);
    await sweptInto({ status: 'cancelled' });
    expect(receiver.requests).toHaveLength(1);
  });

  it('finds every delivery of a queue that was lost', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.send(Array.from({ length: 300 }, (_, n) => ({ type: 'lead.create', data: { n } })));
    await loseQueue();
    await engine.startWorker();
    await engine.sweep();
    await receiver.received(300);
    await eventually(async () => {
      const [counts] = await query<{ all: string; done: string }>(
        `SELECT count(*) AS all, count(*) FILTER (WHERE status = 'succeeded') AS done FROM posthorn.deliveries`,
      );
      expect(counts).toEqual({ all: '300', done: '300' });
    });
    expect(new Set(receiver.requests.map(({ headers }) => headers['webhook-id'])).size).toBe(300);
  });

  it('delivers at once what a process published whose clock is ahead', async () => {
    await tenant.subscribe(receiver.url);
    await engine.startWorker(new ManualClock(clock.now() - 300));
    await tenant.publish(LEAD);
    await onlyBecomes({ status: 'succeeded' });
  });

  it('enqueues again after a job that came too early', async () => {
    answer = () => 500;
    await tenant.subscribe(receiver.url, { retrySchedule: [60] });
    await tenant.publish(LEAD);
    const worker = await engine.startWorker();
    await onlyBecomes({ status: 'pending', attemptCount: 1 });
    await loseQueue();
    const [due] = await query<{ id: string; subscriptionId: string }>(
      'SELECT id, subscription_id AS "subscriptionId" FROM posthorn.deliveries',
    );
    worker.get(DeliveryQueue).enqueue(due ? [due] : []);
    await eventually(async () =>
      expect(await query('SELECT state::text FROM bullmq.job')).toEqual([{ state: 'delayed' }]),
    );
    expect(receiver.requests).toHaveLength(1);
  });

  it('goes on from one look until all of a long backlog is delivered', async () => {
    await tenant.subscribe(receiver.url);
    const events = Array.from({ length: 600 }, () => LEAD);
    for (let n = 0; n < 2; n += 1) await tenant.send(events);
    await loseQueue();
    await engine.startWorker();
    await engine.sweep();
    await receiver.received(1_200, 20_000);
  });

  it('finds what is due at the same moment as more deliveries of another endpoint than one look sees', async () => {
    await tenant.subscribe('https://example.com/', { rateLimit: { perSecond: 1 } });
    await tenant.publish(LEAD);
    const columns =
      'space_id, event_id, event_type, subscription_id, status, trigger, max_attempts, next_attempt_at';
    await query(
      `INSERT INTO posthorn.deliveries (id, ${columns})
       SELECT overlay(id::text PLACING lpad(to_hex(n), 12, '0') FROM 25)::uuid, ${columns}
       FROM posthorn.deliveries, generate_series(1, 12000) n`,
    );
    await tenant.subscribe(receiver.url);
    await tenant.publish(LEAD);
    await loseQueue();
    await query('UPDATE posthorn.deliveries SET next_attempt_at = $1', [new Date(clock.now())]);
    await engine.startWorker();
    for (let sweeps = 0; sweeps < 4; sweeps += 1) await engine.sweep();
    await eventually(() => receiver.requests.length === 1);
  });

  it('makes a retry on time although its job was lost', async () => {
    answer = () => 500;
    await tenant.subscribe(receiver.url, { retrySchedule: [60] });
    await tenant.publish(LEAD);
    await engine.startWorker();
    await onlyBecomes({ attemptCount: 1 });
    await engine.stopWorkers();
    await query('TRUNCATE bullmq.job CASCADE');
    await engine.startWorker();
    answer = () => 200;
    clock.advance(59_000);
    await engine.sweep();
    expect(receiver.requests).toHaveLength(1);
    clock.advance(11_000);
    await engine.sweep();
    await onlyBecomes({ status: 'succeeded', attemptCount: 2 });
  });

  it('puts back at once what a stopping worker had to abort', async () => {
    answer = () => new Promise<number>(() => undefined);
    const { id } = await tenant.subscribe(receiver.url, { retrySchedule: [] });
    await tenant.publish(LEAD);
    await engine.startWorker();
    await receiver.received(1);
    await engine.stopWorkers();
    expect(await only()).toMatchObject({ status: 'pending', attemptCount: 1, lastError: 'interrupted' });
    answer = () => 200;
    await engine.startWorker();
    await onlyBecomes({ status: 'succeeded', attemptCount: 2 });
    expect(receiver.requests).toHaveLength(2);
    expect(await tenant.subscription(id)).toMatchObject({ failureCount: 0 });
  });

  it('lets a worker that outlived its lease write nothing, and count nothing', async () => {
    let respond: (status: number) => void = () => undefined;
    answer = () => new Promise<number>((resolve) => (respond = resolve));
    const { id } = await tenant.subscribe(receiver.url, { pauseAfter: 1 });
    await tenant.publish(LEAD);
    await engine.startWorker();
    await receiver.received(1);
    clock.advance(LEASE_MS);
    await sweptInto({ attemptCount: 1, lastError: 'interrupted' });
    answer = () => 200;
    respond(500);
    await eventually(async () => {
      await engine.sweep();
      expect(receiver.requests).toHaveLength(2);
    });
    await onlyBecomes({
      status: 'succeeded',
      attemptCount: 2,
      attempts: [{ errorCode: 'interrupted' }, { statusCode: 200 }],
    });
    // What is written is announced a moment later.
    await eventually(() => expect(engine.attempts.map(({ n }) => n)).toEqual([1, 2]));
    expect(await tenant.subscription(id)).toMatchObject({ status: 'active', failureCount: 0 });
  });

  it('writes an attempt only for the lease and the number it was made under', async () => {
    await tenant.subscribe(receiver.url);
    await tenant.publish(LEAD);
    const lease = await leaseToTheDead();
    const [row] = await query<{ id: string }>('SELECT id FROM posthorn.deliveries');
    const { sql } = engine.apis[0]?.get(Database) as Database;
    const settlement = succeeded(row?.id ?? '', lease, { at: clock.now() });
    const before = await query('SELECT * FROM posthorn.deliveries');
    const late = { ...settlement, lease: randomUUID() };
    const doubled = { ...settlement, attempt: { ...settlement.attempt, n: 2 } };
    await settleDeliveries(sql, [late, doubled]);
    expect(await query('SELECT * FROM posthorn.deliveries')).toEqual(before);
    expect(await query('SELECT * FROM posthorn.attempts')).toEqual([]);
    await settleDeliveries(sql, [settlement]);
    await settleDeliveries(sql, [settlement]);
    expect(await only()).toMatchObject({ status: 'succeeded', attemptCount: 1, attempts: [{ n: 1 }] });
  });
});
