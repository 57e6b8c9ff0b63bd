import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { BACKENDS, type Backend } from './backends.js';
import { Fleet } from './fleet.js';
import { expectNothingLost } from './invariants.js';

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
    const statuses = Promise.allSettled(Array.from({ length: 300 }, (_, n) => fleet.publish(n)));
    await eventually(() => fleet.accepted.length > 20);
    const [api] = fleet.apis.splice(0);
    api?.child.kill('SIGKILL');
    await api?.ended;
    const unanswered = (await statuses).flatMap((one, n) => (one.status === 'rejected' ? [n] : []));
    expect(unanswered.length).toBeGreaterThan(0);
    const answered = new Set(fleet.accepted);
    await fleet.startApi();
    for (const n of unanswered) expect(await fleet.publish(n)).toBe(202);
    expect(new Set(fleet.accepted).size).toBe(300);
    expect(answered.size).toBe(300 - unanswered.length);
    await expectNothingLost(fleet, receiver);
    expect(receiver.requests).toHaveLength(300);
  });

  it('a worker told to stop lets its requests end, exits with 0 and repeats nothing', async () => {
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
    await expectNothingLost(fleet, receiver, { kills: 1 });
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
