import { Lru } from '../../src/lib/lru.js';

it('keeps the entries that were used last, and tells of the others', () => {
  const gone: number[] = [];
  const cache = new Lru<number>(3, { dispose: (value) => gone.push(value) });
  for (const n of [1, 2, 3]) cache.set(`key ${n}`, n);
  cache.get('key 1');
  cache.set('key 4', 4);
  expect([...cache.keys()].sort()).toEqual(['key 1', 'key 3', 'key 4']);
  expect(gone).toEqual([2]);
});

it('takes no memory for entries that it does not have', () => {
  const before = process.memoryUsage();
  const caches = Array.from({ length: 10 }, () => new Lru<number>(1_000_000));
  const after = process.memoryUsage();
  // At once they would take 240 MB.
  expect(after.heapUsed + after.arrayBuffers - before.heapUsed - before.arrayBuffers).toBeLessThan(
    10_000_000,
  );
  expect(caches.every(({ size }) => size === 0)).toBe(true);
});

it('keeps as much as its entries weigh', () => {
  const cache = new Lru<string>(10, { sizeOf: (text) => text.length });
  for (const text of ['aaaa', 'bbbb', 'cccc']) cache.set(text, text);
  expect([...cache.keys()].sort()).toEqual(['bbbb', 'cccc']);
  cache.set('large', 'd'.repeat(11));
  expect(cache.has('large')).toBe(false);
});
