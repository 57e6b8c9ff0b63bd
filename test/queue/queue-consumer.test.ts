/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import type { Worker } from 'bullmq';
import type { QueueConnection } from '../../src/queue/connections.js';
import { withWatchdog } from '../../src/queue/consumer-watchdog.js';
import type { DeliverJob } from '../../src/queue/deliver-job.js';
import { QueueConsumer } from '../../src/queue/queue-consumer.js';

type Backend = Parameters<typeof withWatchdog>[0];

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] }));
afterEach(() => void jest.useRealTimers());

it('a worker that receives nothing is not replaced any more once the consumer is closed', async () => {
  const opts = {};
  const backend = withWatchdog(
    { waitForJob: () => new Promise(() => undefined) } as unknown as Backend,
    opts,
  );
  void backend.waitForJob(1);
  const over = () => Promise.resolve();
  const worker = { opts, pause: over, close: over } as unknown as Worker<DeliverJob>;
  let answer: (answers: boolean) => void = () => undefined;
  const answers = jest.fn(() => new Promise<boolean>((resolve) => (answer = resolve)));
  const onError = jest.fn();
  const handler = { concurrency: 1, onJob: over, onError };
  const connection = { answers, close: over } as unknown as QueueConnection;
  const consumer = new QueueConsumer('{test}', connection, handler, worker);
  await jest.advanceTimersByTimeAsync(5_000);
  expect(answers).toHaveBeenCalledTimes(1);
  await consumer.close();
  answer(true);
  await jest.advanceTimersByTimeAsync(0);
  expect(onError).not.toHaveBeenCalled();
});
