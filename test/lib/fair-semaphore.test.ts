import { FairSemaphore } from '../../src/lib/fair-semaphore.js';

/** Acquires for each owner; gives who began, in order, with what releases each. */
function acquireAll(semaphore: FairSemaphore, owners: string[]): { owner: string; release: () => void }[] {
  const begun: { owner: string; release: () => void }[] = [];
  for (const owner of owners) semaphore.acquire(owner, (release) => void begun.push({ owner, release }));
  return begun;
}

describe('a fair semaphore', () => {
  it('begins at once while there are permits, then owners in turns', () => {
    const semaphore = new FairSemaphore(2);
    const begun = acquireAll(semaphore, ['a', 'a', 'a', 'a', 'a', 'b', 'c', 'b']);
    expect(begun.map(({ owner }) => owner)).toEqual(['a', 'a']);
    expect(['a', 'b', 'c', 'd'].map((owner) => semaphore.waitingOf(owner))).toEqual([3, 2, 1, 0]);
    for (let next = 0; next < 8; next += 1) begun[next]?.release();
    expect(begun.map(({ owner }) => owner).join('')).toBe('aaabcaba');
  });

  it('counts a release once', () => {
    const semaphore = new FairSemaphore(1);
    const begun = acquireAll(semaphore, ['a', 'b', 'c']);
    begun[0]?.release();
    begun[0]?.release();
    expect(begun).toHaveLength(2);
    begun[1]?.release();
    begun[2]?.release();
    expect(acquireAll(semaphore, ['d', 'd'])).toHaveLength(1);
  });

  it('returns what the work returns or throws, and goes on', async () => {
    const semaphore = new FairSemaphore(1);
    const order: string[] = [];
    const work = (name: string) => async (): Promise<string> => {
      order.push(`${name}+`);
      await Promise.resolve();
      order.push(`${name}-`);
      if (name === 'bad') throw new Error(name);
      return name;
    };
    const results = ['one', 'bad', 'two'].map((name) => semaphore.run('a', work(name)));
    await expect(Promise.allSettled(results)).resolves.toMatchObject([
      { value: 'one' },
      { reason: new Error('bad') },
      { value: 'two' },
    ]);
    expect(order).toEqual(['one+', 'one-', 'bad+', 'bad-', 'two+', 'two-']);
  });
});
