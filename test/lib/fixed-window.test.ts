import { FixedWindow } from '../../src/lib/fixed-window.js';

describe('a fixed window', () => {
  it('counts what it allows, for each key, until its end', () => {
    const window = new FixedWindow({ limit: 2, windowMs: 1_000, maxKeys: 10 });
    expect(window.consume('a', 100)).toEqual({ limit: 2, remaining: 1, resetAt: 1_100, allowed: true });
    expect(window.consume('a', 900)).toEqual({ limit: 2, remaining: 0, resetAt: 1_100, allowed: true });
    expect(window.consume('a', 1_099)).toEqual({ limit: 2, remaining: 0, resetAt: 1_100, allowed: false });
    expect(window.consume('b', 1_099)).toMatchObject({ remaining: 1, resetAt: 2_099 });
    expect(window.consume('a', 1_100)).toEqual({ limit: 2, remaining: 1, resetAt: 2_100, allowed: true });
  });

  it('forgets the least recently used key beyond the limit', () => {
    const window = new FixedWindow({ limit: 1, windowMs: 1_000, maxKeys: 2 });
    for (const key of ['a', 'b', 'a', 'c']) window.consume(key, 0);
    expect(['a', 'c', 'b'].map((key) => window.consume(key, 1).allowed)).toEqual([false, false, true]);
  });
});
