import { Batcher } from '../../src/lib/batcher.js';

describe('Batcher', () => {
  /** Gives the batches as they were flushed, and when. */
  function recording(options: { max: number; apartMs?: number }) {
    const flushed: { items: number[]; at: number }[] = [];
    const batcher = new Batcher<number, number>((items) => {
      flushed.push({ items, at: performance.now() });
      return Promise.resolve(items.map((item) => item * 10));
    }, options);
    return { batcher, flushed };
  }

  it('flushes what arrives in one turn together, and gives each its own result', async () => {
    const { batcher, flushed } = recording({ max: 10 });
    expect(await Promise.all([1, 2, 3].map((item) => batcher.add(item)))).toEqual([10, 20, 30]);
    expect(flushed.map(({ items }) => items)).toEqual([[1, 2, 3]]);
  });

  it('keeps flushes apart: the first goes at once, what follows shares the next', async () => {
    const { batcher, flushed } = recording({ max: 10, apartMs: 30 });
    await batcher.add(1);
    const second = batcher.add(2);
    await new Promise((resolve) => setImmediate(resolve));
    await Promise.all([second, batcher.add(3)]);
    expect(flushed.map(({ items }) => items)).toEqual([[1], [2, 3]]);
    const [first, next] = flushed;
    expect((next?.at ?? 0) - (first?.at ?? 0)).toBeGreaterThanOrEqual(29);
  });

  it('does not keep a full batch waiting', async () => {
    const { batcher, flushed } = recording({ max: 2, apartMs: 600_000 });
    await batcher.add(1);
    await Promise.all([batcher.add(2), batcher.add(3)]);
    expect(flushed.map(({ items }) => items)).toEqual([[1], [2, 3]]);
  });

  it('flushes an item that is heavier than a whole batch by itself', async () => {
    const flushed: number[][] = [];
    const flush = async (items: number[]) => {
      await new Promise((resolve) => setImmediate(resolve));
      flushed.push(items);
      return items;
    };
    const batcher = new Batcher<number, number>(flush, { max: 10, weigh: (item) => item });
    expect(await Promise.all([11, 4, 5, 12].map((item) => batcher.add(item)))).toEqual([11, 4, 5, 12]);
    expect(flushed).toEqual([[11], [4, 5], [12]]);
  });

  it('fails every item of a batch whose flush fails, and goes on', async () => {
    let isBroken = true;
    const batcher = new Batcher<number, number>(
      (items) => (isBroken ? Promise.reject(new Error('broken')) : Promise.resolve(items)),
      { max: 10, apartMs: 1 },
    );
    const failed = await Promise.allSettled([batcher.add(1), batcher.add(2)]);
    expect(failed.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    isBroken = false;
    expect(await batcher.add(3)).toBe(3);
  });
});
