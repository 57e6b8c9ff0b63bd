/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import { ConsumerWatchdog } from '../../src/queue/consumer-watchdog.js';

let watchdog: ConsumerWatchdog;
beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
  watchdog = new ConsumerWatchdog();
});
afterEach(() => jest.useRealTimers());

/** A wait of a second that takes `ms` and gives `found`. */
async function wait(ms: number, found: string | null = null): Promise<void> {
  const over = watchdog.watch<string>(
    1,
    () => new Promise((resolve) => setTimeout(() => resolve(found), ms)),
  );
  await jest.advanceTimersByTimeAsync(ms);
  await over;
}

it('is content while waits end in time, with a job or without', async () => {
  for (let n = 0; n < 10; n += 1) await wait(1_000);
  expect(watchdog.isOverdue()).toBe(false);
  for (let n = 0; n < 10; n += 1) await wait(1_800, 'job');
  await wait(9_000, 'job');
  expect(watchdog.isOverdue()).toBe(false);
});

it('is overdue three seconds after a wait should have ended', async () => {
  void watchdog.watch(1, () => new Promise(() => undefined));
  await jest.advanceTimersByTimeAsync(4_000);
  expect(watchdog.isOverdue()).toBe(false);
  await jest.advanceTimersByTimeAsync(1);
  expect(watchdog.isOverdue()).toBe(true);
});

it('gives no new time for waits that follow one that failed', async () => {
  await wait(2_000);
  await wait(2_000);
  expect(watchdog.isOverdue()).toBe(false);
  await wait(2_000);
  expect(watchdog.isOverdue()).toBe(true);
});

it('gives three more seconds when the server is back', async () => {
  await wait(5_000);
  expect(watchdog.isOverdue()).toBe(true);
  watchdog.extend();
  expect(watchdog.isOverdue()).toBe(false);
  await jest.advanceTimersByTimeAsync(3_001);
  expect(watchdog.isOverdue()).toBe(true);
});
