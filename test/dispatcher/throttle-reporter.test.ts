/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import type { Database } from '../../src/database/database.js';
import type { Dispatcher } from '../../src/dispatcher/dispatcher.js';
import { ThrottleReporter } from '../../src/dispatcher/upkeep/throttle-reporter.js';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] }));
afterEach(() => void jest.useRealTimers());

it('a worker that stops while it is behind reports nothing more afterwards', async () => {
  const sql = jest.fn(() => Promise.resolve([]));
  let report: () => void = () => undefined;
  const dispatcher = {
    whenBehind: (listener: () => void) => (report = listener),
    throttled: () => [{ subscriptionId: 's', concurrency: 1, inFlight: 0, waiting: 900, isBehind: true }],
  } as unknown as Dispatcher;
  const reporter = new ThrottleReporter({ sql } as unknown as Database, dispatcher);
  reporter.onApplicationBootstrap();
  report();
  jest.advanceTimersByTime(500);
  await reporter.beforeApplicationShutdown();
  const reports = sql.mock.calls.length;
  expect(reports).toBeGreaterThan(0);
  report();
  await jest.advanceTimersByTimeAsync(10_000);
  expect(sql).toHaveBeenCalledTimes(reports);
});
