import { EventLoopThrottle } from '../../src/lib/event-loop-throttle.js';

/** Fills the event loop. */
function work(milliseconds: number): void {
  const end = performance.now() + milliseconds;
  while (performance.now() < end);
}

async function closedFor(throttle: EventLoopThrottle, workMs: number): Promise<number> {
  const begin = performance.now();
  const reopened = throttle.pass();
  expect(throttle.isOpen).toBe(false);
  work(workMs);
  await reopened;
  expect(throttle.isOpen).toBe(true);
  return performance.now() - begin;
}

it('stays closed after a group until the event loop has been idle for the rest of the time', async () => {
  const throttle = new EventLoopThrottle({ share: 0.25, maxWaitMs: 10_000 });
  expect(throttle.isOpen).toBe(true);
  expect(await closedFor(throttle, 30)).toBeGreaterThan(115);
});

it('opens after its longest wait, however busy the event loop is', async () => {
  const throttle = new EventLoopThrottle({ share: 0.001, maxWaitMs: 50 });
  expect(await closedFor(throttle, 100)).toBeLessThan(1_000);
});

it('waits from the last group on when one goes while it is closed', async () => {
  const throttle = new EventLoopThrottle({ share: 0.5, maxWaitMs: 10_000 });
  const first = throttle.pass();
  work(40);
  const begin = performance.now();
  const second = throttle.pass();
  work(40);
  await Promise.all([first, second]);
  expect(performance.now() - begin).toBeGreaterThan(75);
});
