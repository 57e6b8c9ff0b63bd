import { Consideration } from '../../src/dispatcher/consideration.js';
import { Lane } from '../../src/dispatcher/lane.js';
import type { Departures } from '../../src/dispatcher/lanes.js';

const NOTHING: Departures = { lone: [], cold: [], flood: [], risky: [] };
const some = [{ id: 'delivery', lane: new Lane('endpoint') }];
const nobody = () => undefined;

describe('a flood', () => {
  it('leaves as a whole where nothing else does', () => {
    const consideration = new Consideration();
    consideration.left({ ...NOTHING, flood: some }, 0, nobody);
    expect(consideration.allows(1).flood).toBe('all');
  });

  it('is spread over time beside single deliveries, and no longer', async () => {
    const consideration = new Consideration();
    consideration.left({ ...NOTHING, lone: some }, 0, nobody);
    expect(consideration.allows(1).flood).toBe('a group');

    const leftAt = performance.now();
    await new Promise<void>((reopened) => consideration.left({ ...NOTHING, flood: some }, 2, reopened));
    expect(performance.now() - leftAt).toBeGreaterThan(4);
    expect(consideration.allows(3).flood).toBe('a group');

    consideration.left({ ...NOTHING, flood: some }, 4, nobody);
    expect(consideration.allows(5).flood).toBe('none');
    expect(consideration.allows(600).flood).toBe('none');
    expect(consideration.allows(1_200).flood).toBe('all');
  });

  it('is not spread for what its own lane sent one by one before', () => {
    const consideration = new Consideration();
    const lane = new Lane('endpoint');
    consideration.left({ ...NOTHING, lone: [{ id: 'first', lane }] }, 0, nobody);
    expect(consideration.allows(1).flood).toBe('a group');

    lane.offer(Array.from({ length: 100 }, (_, n) => `delivery ${n}`));
    expect(consideration.allows(2).flood).toBe('all');
  });

  it('is spread again for a neighbour who comes back', () => {
    const consideration = new Consideration();
    for (const at of [0, 5_000, 10_000]) {
      expect(consideration.allows(at).flood).toBe('all');
      consideration.left({ ...NOTHING, lone: some }, at, nobody);
      expect(consideration.allows(at + 400).flood).toBe('a group');
    }
  });
});

describe('unproven endpoints', () => {
  it('are asked one group after the other while somebody would feel it', async () => {
    const consideration = new Consideration();
    consideration.left({ ...NOTHING, risky: some }, 0, nobody);
    expect(consideration.allows(1).risky).toBe(true);

    await new Promise<void>((reopened) => {
      consideration.left({ ...NOTHING, flood: some, risky: some }, 2, reopened);
      expect(consideration.allows(3).risky).toBe(false);
    });
    expect(consideration.allows(4).risky).toBe(true);
  });
});

describe('connections to quiet endpoints', () => {
  const many = (count: number) => Array.from({ length: count }, () => some).flat();

  it('are opened a number at a time, and then after a while', async () => {
    const consideration = new Consideration();
    consideration.left({ ...NOTHING, cold: many(20) }, 0, nobody);
    expect(consideration.allows(1).cold).toBe(12);

    await new Promise<void>((reopened) => {
      consideration.left({ ...NOTHING, cold: many(12) }, 2, reopened);
      expect(consideration.allows(3).cold).toBe(0);
    });
    expect(consideration.allows(30).cold).toBe(32);
  });

  it('are not counted for long', () => {
    const consideration = new Consideration();
    for (const at of [0, 30, 60]) {
      expect(consideration.allows(at).cold).toBe(32);
      consideration.left({ ...NOTHING, cold: many(31) }, at, nobody);
      expect(consideration.allows(at + 1).cold).toBe(1);
    }
    expect(consideration.allows(90).cold).toBe(32);
  });
});
