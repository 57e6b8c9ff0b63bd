/** @jest-environment ./test/support/leak-environment.mjs */
import { jest } from '@jest/globals';
import { DatabaseClock } from '../../src/database/database-clock.js';
import type { Database } from '../../src/database/database.js';

/** The server's clock is an hour ahead of this machine's. */
const AHEAD_MS = 3_600_000;

describe("the database's clock", () => {
  let waitMs: number;
  let aheadMs: number;
  let clock: DatabaseClock;
  beforeEach(async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick'] });
    [waitMs, aheadMs] = [2, AHEAD_MS];
    // The server answers at once, but the answer is read `waitMs` later.
    const sql = () => {
      const ms = String(Date.now() + aheadMs);
      return new Promise((resolve) => setTimeout(() => resolve([{ ms }]), waitMs));
    };
    clock = new DatabaseClock({ sql } as unknown as Database);
    await sync();
  });
  afterEach(() => void jest.useRealTimers());

  async function sync(): Promise<void> {
    const done = clock.sync();
    await jest.advanceTimersByTimeAsync(waitMs);
    await done;
  }
  const errorMs = () => Math.abs(clock.now() - Date.now() - aheadMs);

  it('is right within half of the round trip', () => {
    expect(errorMs()).toBeLessThanOrEqual(1);
  });

  it('does not follow a reading that took a minute, since this process was stopped meanwhile', async () => {
    await jest.advanceTimersByTimeAsync(30_000);
    waitMs = 60_000;
    await sync();
    expect(errorMs()).toBeLessThanOrEqual(1);
  });

  it('follows the server of a failover, whose time is another', async () => {
    await jest.advanceTimersByTimeAsync(30_000);
    aheadMs = 0;
    await sync();
    expect(errorMs()).toBeLessThanOrEqual(1);
  });

  it('follows the server of a failover at once, also when its answers take longer', async () => {
    waitMs = 40;
    aheadMs = 0;
    await sync();
    expect(errorMs()).toBeLessThanOrEqual(20);
  });
});
