import { eventually } from '../support/condition.js';
import { createTestDatabase, type TestDatabase } from '../support/database.js';
import { startReceiver, type Receiver } from '../support/receiver.js';
import { SingleEngine } from './single-engine.js';

describe('an endpoint that three processes deliver to', () => {
  let database: TestDatabase;
  let all: SingleEngine[];
  let receiver: Receiver;
  let status: number;
  let subscription: string;
  beforeEach(async () => {
    status = 500;
    database = await createTestDatabase();
    const first = await SingleEngine.start({ databaseUrl: database.url });
    all = [first, await first.twin(), await first.twin()];
    receiver = await startReceiver(() => ({ status }));
    subscription = await first.subscribe(receiver.url, { pauseAfter: 10, retrySchedule: [3_600] });
  });
  afterEach(async () => {
    await Promise.all(all.map((engine) => engine.kill()));
    await receiver.close();
    await database.drop();
  });

  const publish = (counts: number[]) =>
    Promise.all(all.map((engine, index) => engine.publish(counts[index] ?? 0)));
  const becomes = (state: object) =>
    eventually(
      async () => {
        const [first] = all;
        expect(await first?.ok('GET', first.path(`/subscriptions/${subscription}`))).toMatchObject(state);
      },
      { timeoutMs: 20_000 },
    );
  const pauses = () => all.flatMap(({ log }) => log.match(/subscription\.paused.*/g) ?? []);

  it('is paused by ten failures in a row, once, whoever saw them, and never by nine', async () => {
    await publish([3, 3, 3]);
    await becomes({ status: 'active', failureCount: 9 });
    status = 200;
    await publish([0, 1, 0]);
    await becomes({ status: 'active', failureCount: 0 });
    status = 500;
    await publish([0, 0, 9]);
    await becomes({ status: 'active', failureCount: 9 });
    await publish([1, 0, 0]);
    await becomes({ status: 'paused', failureCount: 10 });
    expect(pauses()).toHaveLength(1);
    expect(pauses()[0]).toMatch(/paused after 10 failures within [\d.]+ s, next probe at \d\d:\d\d:\d\d UTC/);
  });

  it('is paused once by those that were in flight together, and probed ten seconds later by one of them', async () => {
    const arrived: (() => void)[] = [];
    receiver.answer = async () => {
      await new Promise<void>((resolve) => {
        if (arrived.push(resolve) === 10) for (const answer of arrived) answer();
      });
      return { status };
    };
    await publish([4, 3, 3]);
    await becomes({ status: 'paused', failureCount: 10 });
    receiver.answer = () => ({ status: 200 });
    const pausedAt = performance.now();
    await becomes({ status: 'active', failureCount: 0 });
    const seconds = (performance.now() - pausedAt) / 1_000;
    expect(seconds).toBeGreaterThan(8);
    await eventually(() => {
      const ids = new Set(receiver.requests.map(({ headers }) => headers['webhook-id']));
      // Each once before the pause, and once after it.
      expect([ids.size, receiver.requests.length]).toEqual([10, 20]);
    });
    expect(pauses()).toHaveLength(1);
  });
});
