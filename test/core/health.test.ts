import fc from 'fast-check';
import { foldOutcomes, probeDelayMs } from '../../src/core/health.js';

describe('counting failures', () => {
  it.each([
    [0, 10, [], 0, false],
    [3, 10, [false, false], 5, false],
    [3, 10, [false, true], 0, false],
    [3, 10, [true, false], 1, false],
    [9, 10, [false], 10, true],
    [8, 10, [false, false, false, false], 10, true],
    [9, 10, [false, true], 10, true],
    [9, 10, [true, false], 1, false],
    [0, 1, [false], 1, true],
    [500, null, [false, false], 502, false],
  ])(
    'from %i with a limit of %j, %j gives %i, paused: %s',
    (count, pauseAfter, outcomes, expected, paused) => {
      expect(foldOutcomes(count, pauseAfter, outcomes)).toEqual({ count: expected, paused });
    },
  );

  it('gives the same however outcomes share batches, until a pause', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean()), fc.array(fc.boolean()), (first, second) => {
        const one = foldOutcomes(0, 3, [...first, ...second]);
        const before = foldOutcomes(0, 3, first);
        const two = before.paused ? before : foldOutcomes(before.count, 3, second);
        expect(two).toEqual(one);
      }),
    );
  });
});

describe('probing a paused endpoint', () => {
  it('waits 5 minutes, 1 hour, 6 hours, and then 6 hours each time', () => {
    expect([0, 1, 2, 3, 50].map((step) => probeDelayMs(step) / 60_000)).toEqual([5, 60, 360, 360, 360]);
  });
});
