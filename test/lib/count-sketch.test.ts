import { createHash } from 'node:crypto';
import { CountSketch } from '../../src/lib/count-sketch.js';

function hash(name: string): Uint32Array {
  const digest = createHash('sha256').update(name).digest();
  return Uint32Array.from({ length: 4 }, (_, row) => digest.readUInt32LE(row * 4));
}

it('forgets nobody, however many names come, and blames hardly anybody for others', () => {
  const sketch = new CountSketch(4_096, hash);
  for (let n = 0; n < 200; n += 1) sketch.add('guesser');
  for (let n = 0; n < 100_000; n += 1) sketch.add(`stranger ${n}`);
  expect(sketch.count('guesser')).toBeGreaterThanOrEqual(200);
  const honest = Array.from({ length: 1_000 }, (_, n) => sketch.count(`honest ${n}`));
  // 100,000 names on 4,096 counters: 24 each.
  expect(Math.max(...honest)).toBeLessThan(100);
  sketch.clear();
  expect(sketch.count('guesser')).toBe(0);
});

it('counts exactly for a name that shares only some of its counters', () => {
  // `busy` has the first counter of `rare`, and others in the other rows.
  const rows: Record<string, number[]> = { rare: [0, 1, 1, 1], busy: [0, 2, 2, 2] };
  const sketch = new CountSketch(4, (name) => Uint32Array.from(rows[name] ?? []));
  for (let n = 0; n < 9; n += 1) sketch.add('busy');
  sketch.add('rare');
  expect(sketch.count('rare')).toBe(1);
});

it('counts no further than a counter holds', () => {
  const sketch = new CountSketch(16, hash);
  for (let n = 0; n < 70_000; n += 1) sketch.add('one');
  expect(sketch.count('one')).toBe(65_535);
});
