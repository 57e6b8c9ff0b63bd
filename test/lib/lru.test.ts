import { Lru } from '../../src/lib/lru.js';

describe('a bounded memory', () => {
  it('forgets what was used longest ago', () => {
    const memory = new Lru<number>(2);
    memory.set('a', 1);
    memory.set('b', 2);
    memory.get('a');
    memory.set('c', 3);
    expect(['a', 'b', 'c'].map((key) => memory.get(key))).toEqual([1, undefined, 3]);
  });

  it('knows what was used last, however often and in whatever order', () => {
    const memory = new Lru<number>(3);
    for (const key of ['a', 'b', 'c']) memory.set(key, 1);
    for (const key of ['c', 'c', 'a', 'a', 'b', 'a']) memory.get(key);
    memory.set('d', 1);
    expect(['a', 'b', 'c', 'd'].map((key) => memory.get(key))).toEqual([1, 1, undefined, 1]);
    memory.get('a');
    memory.set('e', 1);
    memory.get('a');
    memory.set('f', 1);
    memory.set('g', 1);
    expect(['a', 'e', 'f', 'g'].map((key) => memory.get(key))).toEqual([1, undefined, 1, 1]);
    memory.delete('g');
    memory.set('g', 2);
    expect(memory.get('g')).toBe(2);
  });

  it('counts weights, and one value again only once', () => {
    const memory = new Lru<number>(10);
    for (let turn = 0; turn < 5; turn += 1) memory.set('a', turn, 6);
    memory.set('b', 9, 4);
    expect([memory.get('a'), memory.get('b')]).toEqual([4, 9]);
    memory.set('c', 7, 5);
    expect(['a', 'b', 'c'].map((key) => memory.get(key))).toEqual([undefined, 9, 7]);
  });

  it('keeps the newest value even when that alone is too heavy', () => {
    const memory = new Lru<number>(3);
    memory.set('a', 1);
    memory.set('big', 2, 100);
    expect([memory.get('a'), memory.get('big')]).toEqual([undefined, 2]);
    memory.set('b', 3);
    expect([memory.get('big'), memory.get('b')]).toEqual([undefined, 3]);
  });
});
