import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { SingleEngine } from './single-engine.js';

const ENDPOINTS = 10;
const STOPPED_MS = 7_000;

describe('an engine that is stopped for seven seconds', () => {
  let database: TestDatabase;
  let engine: SingleEngine;
  let receivers: Receiver[];
  let subscriptions: string[];
  beforeEach(async () => {
    database = await createTestDatabase();
    engine = await SingleEngine.start({ databaseUrl: database.url });
    receivers = [];
    subscriptions = [];
    for (let n = 0; n < ENDPOINTS; n += 1) {
      const receiver = await startReceiver(() => ({ delayMs: 100 }));
      receivers.push(receiver);
      subscriptions.push(await engine.subscribe(receiver.url, { timeoutMs: 5_000, pauseAfter: 10 }));
    }
  });
  afterEach(async () => {
    await engine.kill();
    await Promise.all(receivers.map((receiver) => receiver.close()));
    await database.drop();
  });

  const arrived = () => receivers.reduce((sum, { requests }) => sum + requests.length, 0);

  it.each([1, 3])('%i times, under load, blames no endpoint and delivers all', async (times) => {
    const count = 40 * times;
    for (let n = 0; n < times; n += 1) {
      const before = arrived();
      const publishing = engine.publish(40, { atOnce: 10 });
      await eventually(() => arrived() > before + 20, { timeoutMs: 30_000 });
      engine.child.kill('SIGSTOP');
      await sleep(STOPPED_MS);
      engine.child.kill('SIGCONT');
      await publishing;
    }
    await eventually(
      async () => {
        const open = await engine.ok<{ data: unknown[] }>('GET', engine.path('/deliveries?status=pending'));
        expect(open.data).toEqual([]);
      },
      { timeoutMs: 60_000 },
    );
    for (const [index, id] of subscriptions.entries()) {
      const found = await engine.ok('GET', engine.path(`/subscriptions/${id}`));
      expect(found).toMatchObject({ status: 'active', failureCount: 0 });
      const seen = new Set(receivers[index]?.requests.map(({ headers }) => headers['webhook-id']));
      expect(seen.size).toBe(count);
    }
    for (const status of ['failed', 'held', 'cancelled']) {
      const { data } = await engine.ok<{ data: unknown[] }>(
        'GET',
        engine.path(`/deliveries?status=${status}`),
      );
      expect(data).toEqual([]);
    }
    expect(engine.log).toContain('process.stalled');
  });
});
