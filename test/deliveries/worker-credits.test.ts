import { serialize } from 'node:v8';
import { SOON } from '../../src/deliveries/handover-messages.js';
import { WorkerCredits } from '../../src/deliveries/worker-credits.js';

const announced = (worker: string, count: number | null, isLeaving = false) => ({
  worker,
  inbox: `inbox of ${worker}`,
  isLeaving,
  credits: count === null ? [] : ([['endpoint', count]] as [string, number][]),
});
/** How many of `count` deliveries, one after the other, each worker gets; `queue`: what none gets. */
function pickMany(credits: WorkerCredits, count: number, now: number): Record<string, number> {
  const picked: Record<string, number> = {};
  for (let n = 0; n < count; n += 1) {
    const id = credits.pick('endpoint', now)?.id ?? 'queue';
    picked[id] = (picked[id] ?? 0) + 1;
  }
  return picked;
}

describe('the credits of workers', () => {
  it('are used up, and renewed by what the worker says next', () => {
    const credits = new WorkerCredits();
    credits.update(announced('a', 10), 0);
    expect(pickMany(credits, 12, 1)).toEqual({ a: 10, queue: 2 });
    credits.update(announced('a', null), 2);
    expect(pickMany(credits, 1, 3)).toEqual({ queue: 1 });
    credits.update(announced('a', 2), 4);
    expect(pickMany(credits, 3, 5)).toEqual({ a: 2, queue: 1 });
    expect(credits.pick('another endpoint', 5)).toBeNull();
  });

  it('are short from when they are used up until they are renewed, or for a moment', () => {
    const credits = new WorkerCredits();
    credits.update(announced('a', 2), 0);
    credits.pick('endpoint', 1);
    expect(credits.isShort(1)).toBe(false);
    credits.pick('endpoint', 2);
    expect(credits.isShort(3)).toBe(true);
    expect(credits.isShort(102)).toBe(false);
    credits.update(announced('a', 0), 50);
    expect(credits.isShort(51)).toBe(false);
  });

  it('are short while the only worker says that there are some soon, for a second at the most', () => {
    const credits = new WorkerCredits();
    credits.update(announced('a', SOON), 0);
    expect(credits.isShort(999)).toBe(true);
    expect(credits.isShort(1_000)).toBe(false);
    expect(pickMany(credits, 1, 1)).toEqual({ queue: 1 });
    credits.update(announced('a', SOON), 2_000);
    credits.update(announced('b', 4), 2_001);
    expect(credits.isShort(2_001)).toBe(false);
    credits.update(announced('a', SOON), 2_002);
    expect(credits.isShort(2_002)).toBe(false);
    expect(pickMany(credits, 4, 2_003)).toEqual({ b: 4 });
  });

  it('are divided between workers that know the endpoint', () => {
    const credits = new WorkerCredits();
    credits.update(announced('a', 100), 0);
    credits.update(announced('b', 100), 0);
    expect(pickMany(credits, 100, 1)).toEqual({ a: 50, b: 50 });
  });

  it('leave some to the queue while a worker does not know the endpoint, and none when that has refused it', () => {
    const credits = new WorkerCredits();
    credits.update(announced('a', 1_000), 0);
    credits.update(announced('b', null), 0);
    expect(pickMany(credits, 160, 1)).toEqual({ a: 150, queue: 10 });
    credits.update(announced('b', 0), 2);
    expect(pickMany(credits, 160, 3)).toEqual({ a: 160 });
  });

  it('are worth nothing while the worker is silent, and again when it says something', () => {
    const credits = new WorkerCredits();
    credits.update(announced('a', 10), 0);
    expect(credits.pick('endpoint', 2_499)).not.toBeNull();
    expect(credits.pick('endpoint', 2_501)).toBeNull();
    credits.update(announced('a', null), 3_000);
    expect(credits.pick('endpoint', 3_001)).not.toBeNull();
    credits.suspend('a');
    expect(credits.pick('endpoint', 3_002)).toBeNull();
  });

  it('end with the worker: when it leaves, is replaced, or is not heard of for long', () => {
    const credits = new WorkerCredits();
    credits.update(announced('a', 10), 0);
    credits.update(announced('a', null, true), 1);
    expect(credits.pick('endpoint', 2)).toBeNull();
    credits.update(announced('b', 10), 3);
    credits.update({ ...announced('c', null), inbox: 'inbox of b' }, 4);
    expect(credits.pick('endpoint', 5)).toBeNull();
    expect(credits.find('b')).toBeNull();
    credits.update(announced('d', null), 70_000);
    expect(credits.find('c')).toBeNull();
  });

  it('leave nothing behind of endpoints that a worker had no room for, though nobody asks', () => {
    const credits = new WorkerCredits();
    credits.update(announced('b', null), 0);
    const before = serialize(credits).byteLength;
    const soon = Array.from({ length: 1_000 }, (_, n): [string, number] => [`endpoint ${n}`, SOON]);
    credits.update({ ...announced('a', null), credits: soon }, 1);
    credits.update(announced('a', null, true), 2);
    credits.update(announced('b', null), 2_000);
    expect(serialize(credits).byteLength).toBeLessThan(before + 100);
  });
});
