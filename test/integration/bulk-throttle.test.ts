import { BulkThrottle } from '../../src/events/bulk-throttle.js';

/** Fills the event loop. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

async function waitOf(step: () => Promise<void>): Promise<number> {
  const begin = performance.now();
  await step();
  return performance.now() - begin;
}

describe('bulk', () => {
  it('waits for nothing where nobody publishes single events', async () => {
    const throttle = new BulkThrottle();
    await throttle.waitForTurn();
    work(60);
    expect(await waitOf(() => throttle.waitForTurn())).toBeLessThan(25);
  });

  it('lets the event loop rest after each batch while somebody does', async () => {
    const throttle = new BulkThrottle();
    throttle.noteSmallRequest();
    await throttle.waitForTurn();
    work(20);
    // 20 ms of work are a share of 0.15 after 133 ms.
    expect(await waitOf(() => throttle.waitForTurn())).toBeGreaterThan(80);
  });

  it('goes on after a while, however busy the event loop is', async () => {
    const throttle = new BulkThrottle();
    throttle.noteSmallRequest();
    await throttle.waitForTurn();
    work(250);
    throttle.noteSmallRequest();
    expect(await waitOf(() => throttle.waitForTurn())).toBeLessThan(150);
  });

  it('takes turns, a batch for each rest', async () => {
    const throttle = new BulkThrottle();
    throttle.noteSmallRequest();
    await throttle.waitForTurn();
    const begin = performance.now();
    const ends: number[] = [];
    await Promise.all(
      [1, 2].map(() => throttle.waitForTurn().then(() => ends.push(performance.now() - begin))),
    );
    expect(ends[0]).toBeGreaterThan(4);
    expect(ends[1]).toBeGreaterThan((ends[0] as number) + 4);
  });
});
