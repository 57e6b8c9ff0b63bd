import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../support/condition.js';
import { startReceiver, tlsFile, type Receiver } from '../support/receiver.js';
import { RedisServer, redisIsInstalled } from '../support/redis.js';
import { Fleet } from './fleet.js';

const describeWithRedis = redisIsInstalled() ? describe : describe.skip;
const EVERY_MS = 40;

describeWithRedis('a worker apart from the API (skipped where redis-server is not installed)', () => {
  let redis: RedisServer;
  let fleet: Fleet;
  let receivers: Receiver[];
  beforeEach(async () => {
    redis = await RedisServer.start();
    fleet = await Fleet.start({ redisUrl: redis.url, env: { NODE_EXTRA_CA_CERTS: tlsFile('ca.pem') } });
    receivers = [];
  });
  afterEach(async () => {
    await fleet.close();
    await Promise.all(receivers.map((receiver) => receiver.close()));
    await redis.close();
  });

  /** One failure pauses it, and its schedule is an hour. */
  async function subscribe(scheme: 'http' | 'https', timeoutMs: number): Promise<string> {
    const certificate = scheme === 'https' ? 'localhost' : undefined;
    const receiver = await startReceiver(() => ({ delayMs: 100 }), certificate);
    receivers.push(receiver);
    const { body } = await fleet.call<{ id: string }>('POST', `/v1/spaces/${fleet.space}/subscriptions`, {
      url: receiver.url.replace('127.0.0.1', 'localhost'),
      timeoutMs,
      pauseAfter: 1,
      retrySchedule: [3_600],
    });
    return body.id;
  }

  /** Publishes for as long as `work` takes. Gives the number of events. */
  async function publishDuring(work: () => Promise<unknown>): Promise<number> {
    const over = new AbortController();
    const working = work().finally(() => over.abort());
    let count = 0;
    while (!over.signal.aborted) {
      await fleet.publish((count += 1));
      await sleep(EVERY_MS);
    }
    await working;
    return count;
  }

  // After the longer one no message that was on its way to it is accepted any more, and nobody takes it for dead.
  it.each([7_000, 14_000])(
    'that is stopped for %i ms blames no endpoint and soon goes on with all',
    async (ms) => {
      const ids: string[] = [];
      for (const scheme of ['http', 'https'] as const)
        for (const timeoutMs of [1_000, 5_000])
          for (let n = 0; n < 3; n += 1) ids.push(await subscribe(scheme, timeoutMs));
      const [worker] = fleet.workers;
      const count = await publishDuring(async () => {
        await eventually(() => receivers.every(({ requests }) => requests.length > 20), {
          timeoutMs: 30_000,
        });
        worker?.child.kill('SIGSTOP');
        await sleep(ms);
        worker?.child.kill('SIGCONT');
      });
      await eventually(
        async () => {
          const { rows } = await fleet.database.query(
            `SELECT status, attempt_count, count(*)::int FROM posthorn.deliveries GROUP BY 1, 2`,
          );
          expect(rows).toEqual([{ status: 'succeeded', attempt_count: 1, count: count * ids.length }]);
        },
        { timeoutMs: 12_000 },
      );
      for (const id of ids) {
        const { body } = await fleet.call('GET', `/v1/spaces/${fleet.space}/subscriptions/${id}`);
        expect(body).toMatchObject({ status: 'active', failureCount: 0 });
      }
      expect(receivers.map(({ requests }) => requests.length)).toEqual(ids.map(() => count));
      expect(worker?.log()).toContain('process.stalled');
    },
  );
});
