import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { eventually } from '../support/condition.js';
import { BACKENDS, type Backend } from '../support/backends.js';
import { Fleet, type Member } from './fleet.js';
import { Inspector } from './inspector.js';
import { expectNothingLost } from './invariants.js';

const skewedClock = join(import.meta.dirname, 'skewed-clock.mjs');

describe.each(BACKENDS)('processes that die, with the queue on %s', (_name, startBackend) => {
  let backend: Backend;
  let fleet: Fleet;
  beforeEach(async () => {
    backend = await startBackend();
    fleet = await Fleet.start({ ...(backend.redisUrl && { redisUrl: backend.redisUrl }) });
  });
  afterEach(async () => {
    await fleet.close();
    await backend.close();
  });

  /** Kills the only worker, waits until it is gone and starts another. */
  async function replaceWorker(): Promise<void> {
    const [worker] = fleet.workers.splice(0);
    worker?.child.kill('SIGKILL');
    await worker?.ended;
    await fleet.startWorker();
  }

  it('a worker killed three times in the middle of the same delivery still delivers it, and the log knows of each', async () => {
    let kills = 3;
    let arrived = 0;
    const receiver = await fleet.subscribe(
      async () => {
        arrived += 1;
        if (kills > 0) await sleep(900);
        return {};
      },
      { timeoutMs: 1_000 },
    );
    await fleet.publish(1);
    for (; kills > 0; kills -= 1) {
      const before = arrived;
      await eventually(() => arrived > before || before === 4 - kills, { timeoutMs: 60_000 });
      await replaceWorker();
    }
    await expectNothingLost(fleet, receiver, { kills: 3 });
    const { rows } = await fleet.database.query<{ n: number; error_code: string | null }>(
      'SELECT n, error_code FROM posthorn.attempts ORDER BY n',
    );
    expect(rows.map((row) => row.error_code)).toEqual(['interrupted', 'interrupted', 'interrupted', null]);
    expect(new Set(receiver.requests.map((request) => request.headers['webhook-id'])).size).toBe(1);
  });

  it('a worker killed under load loses nothing and repeats no more than it had under way', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 5 }), { timeoutMs: 1_000 });
    const publishing = fleet.publishMany(400);
    await eventually(() => receiver.requests.length > 50);
    await replaceWorker();
    await publishing;
    expect(fleet.accepted).toHaveLength(400);
    await expectNothingLost(fleet, receiver);
  });

  it('an API killed under load has delivered what it answered, and knows its events when they come again', async () => {
    const receiver = await fleet.subscribe();
    const statuses = Promise.allSettled(Array.from({ length: 1_000 }, (_, n) => fleet.publish(n)));
    await eventually(() => fleet.accepted.length > 20);
    const [api] = fleet.apis.splice(0);
    api?.child.kill('SIGKILL');
    await api?.ended;
    const unanswered = (await statuses).flatMap((one, n) => (one.status === 'rejected' ? [n] : []));
    expect(unanswered.length).toBeGreaterThan(0);
    const answered = new Set(fleet.accepted);
    await fleet.startApi();
    for (const n of unanswered) expect(await fleet.publish(n)).toBe(202);
    expect(new Set(fleet.accepted).size).toBe(1_000);
    expect(answered.size).toBe(1_000 - unanswered.length);
    await expectNothingLost(fleet, receiver);
    expect(receiver.requests).toHaveLength(1_000);
  });

  it('an API killed before its commit has stored nothing, and takes the event when it comes again', async () => {
    const receiver = await fleet.subscribe();
    const [api] = fleet.apis.splice(0);
    fleet.proxy.breakAt({
      statements: ['events_insert', 'COMMIT'],
      when: 'before',
      then: () => api?.child.kill('SIGKILL'),
    });
    await expect(fleet.publish(1, api?.url)).rejects.toThrow();
    await fleet.startApi();
    const event = { type: 'lead.create', id: `${fleet.space}-1`, data: { id: '1' } };
    const again = await fleet.call<{ id: string; duplicate: boolean }>(
      'POST',
      `/v1/spaces/${fleet.space}/events`,
      event,
    );
    expect(again.body.duplicate).toBe(false);
    fleet.accepted.push(again.body.id);
    await expectNothingLost(fleet, receiver);
    expect(receiver.requests).toHaveLength(1);
  });

  it('an API killed between its commit and the job in the queue has its event delivered, and gives the same id again', async () => {
    const receiver = await fleet.subscribe();
    const [api] = fleet.apis.splice(0);
    fleet.proxy.breakAt({
      statements: ['events_insert', 'COMMIT'],
      when: 'after',
      then: () => api?.child.kill('SIGKILL'),
    });
    await expect(fleet.publish(1, api?.url)).rejects.toThrow();
    await receiver.received(1);
    await fleet.startApi();
    const event = { type: 'lead.create', id: `${fleet.space}-1`, data: { id: '1' } };
    const again = await fleet.call<{ id: string; duplicate: boolean }>(
      'POST',
      `/v1/spaces/${fleet.space}/events`,
      event,
    );
    expect(again.body).toMatchObject({ id: receiver.requests[0]?.headers['webhook-id'], duplicate: true });
    fleet.accepted.push(again.body.id);
    await expectNothingLost(fleet, receiver);
    expect(receiver.requests).toHaveLength(1);
  });

  it('a worker killed once its result is committed, before it hears so, repeats nothing', async () => {
    const receiver = await fleet.subscribe();
    const [worker] = fleet.workers.splice(0);
    fleet.proxy.breakAt({
      statements: ['deliveries_settle'],
      when: 'after',
      then: () => worker?.child.kill('SIGKILL'),
    });
    await fleet.publish(1);
    await worker?.ended;
    await fleet.startWorker();
    await fleet.publish(2);
    await expectNothingLost(fleet, receiver);
    expect(receiver.requests).toHaveLength(2);
  });

  it('a worker killed with a result that is not committed repeats that one request', async () => {
    const receiver = await fleet.subscribe(() => ({}), { timeoutMs: 1_000 });
    const [worker] = fleet.workers.splice(0);
    fleet.proxy.breakAt({
      statements: ['deliveries_settle'],
      when: 'before',
      then: () => worker?.child.kill('SIGKILL'),
    });
    await fleet.publish(1);
    await worker?.ended;
    await fleet.startWorker();
    await expectNothingLost(fleet, receiver, { kills: 1 });
    expect(receiver.requests).toHaveLength(2);
  });

  it('a worker whose event loop stands still for 40 s loses its work to another, and changes nothing when it goes on', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 300 }), { timeoutMs: 1_000 });
    const [blocked] = fleet.workers;
    const inspector = await Inspector.of(blocked as Member);
    await fleet.publishMany(40);
    await eventually(() => receiver.requests.length > 0);
    const unblocked = inspector.evaluate('{ const end = Date.now() + 40_000; while (Date.now() < end); }');
    await fleet.startWorker();
    await fleet.publishMany(20, 100);
    await unblocked;
    inspector.close();
    await expectNothingLost(fleet, receiver, { kills: 40 });
    expect(blocked?.child.exitCode).toBeNull();
  });

  it('a worker whose wall clock is an hour fast sends, retries and signs at the right time', async () => {
    const [right] = fleet.workers.splice(0);
    right?.child.kill('SIGTERM');
    await right?.ended;
    await fleet.startWorker({ NODE_OPTIONS: `--import ${pathToFileURL(skewedClock).href}` });
    let failing = true;
    const receiver = await fleet.subscribe(() => {
      if (failing) return { status: 500 };
      return {};
    });
    await fleet.publishMany(20);
    await receiver.received(20);
    failing = false;
    await expectNothingLost(fleet, receiver);
    for (const { headers } of receiver.requests) {
      expect(Math.abs(Number(headers['webhook-timestamp']) - Date.now() / 1000)).toBeLessThan(60);
    }
    const { rows } = await fleet.database.query<{ wrong: number }>(
      `SELECT count(*)::int AS wrong FROM posthorn.attempts WHERE abs(extract(epoch FROM started_at - now())) > 60`,
    );
    expect(rows).toEqual([{ wrong: 0 }]);
  });

  it('a worker that is stopped lets its requests end, exits with 0 and repeats nothing', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 300 }));
    await fleet.publishMany(60);
    await eventually(() => receiver.requests.length > 0);
    const [worker] = fleet.workers.splice(0);
    worker?.child.kill('SIGTERM');
    expect(await worker?.ended).toBe(0);
    await fleet.startWorker();
    await expectNothingLost(fleet, receiver);
    expect(receiver.requests).toHaveLength(60);
  });

  it('a worker frozen past its lease changes nothing when it wakes up', async () => {
    const receiver = await fleet.subscribe(() => ({ delayMs: 400 }), { timeoutMs: 1_000 });
    await fleet.publish(1);
    await eventually(async () => {
      const { rows } = await fleet.database.query(
        'SELECT 1 FROM posthorn.deliveries WHERE lease IS NOT NULL',
      );
      return rows.length > 0;
    });
    const [frozen] = fleet.workers;
    frozen?.child.kill('SIGSTOP');
    await fleet.startWorker();
    await expectNothingLost(fleet, receiver, { kills: 1, frozen: true });
    const attempts = async () =>
      (await fleet.database.query('SELECT n, error_code, started_at FROM posthorn.attempts ORDER BY n'))
        .rows as unknown[];
    const before = await attempts();
    frozen?.child.kill('SIGCONT');
    await sleep(2_000);
    expect(await attempts()).toEqual(before);
    await expectNothingLost(fleet, receiver, { kills: 1 });
  });
});
