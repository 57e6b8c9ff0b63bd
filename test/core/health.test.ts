import fc from 'fast-check';
import {
  foldOutcomes,
  hasWeakEvidence,
  probeDelayMs,
  stepWithoutProbe,
  type PauseLimit,
} from '../../src/core/health.js';

const limit = (after: number | null, afterMs = 0, mode: PauseLimit['mode'] = 'consecutive') => ({
  after,
  afterMs,
  mode,
});
/** Outcomes a second apart, the first one at 1000. */
const outcomes = (all: boolean[]) => all.map((succeeded, index) => ({ succeeded, at: (index + 1) * 1_000 }));
const streak = (count: number) => ({ count, firstAt: count > 0 ? 0 : null });

describe('counting failures', () => {
  it.each([
    [0, 10, [], 0, null, null],
    [3, 10, [false, false], 5, 0, null],
    [0, 10, [false, false], 2, 1_000, null],
    [3, 10, [false, true], 0, null, null],
    [3, 10, [true, false], 1, 2_000, null],
    [9, 10, [false], 10, 0, 1_000],
    [8, 10, [false, false, false, false], 10, 0, 2_000],
    [9, 10, [false, true], 10, 0, 1_000],
    [9, 10, [true, false], 1, 2_000, null],
    [0, 1, [false], 1, 1_000, 1_000],
    [500, null, [false, false], 502, 0, null],
  ])(
    'from %i with a limit of %j, %j gives %i since %j, paused at %j',
    (count, after, all, expected, firstAt, pausedAt) => {
      expect(foldOutcomes(streak(count), limit(after), outcomes(all))).toEqual({
        count: expected,
        firstAt,
        pausedAt,
      });
    },
  );

  it('asks for a time between the first and the last of them, too', () => {
    const fails = (count: number) => outcomes(Array.from({ length: count }, () => false));
    expect(foldOutcomes(streak(0), limit(3, 5_000), fails(5))).toMatchObject({ count: 5, pausedAt: null });
    expect(foldOutcomes(streak(0), limit(3, 5_000), fails(9))).toMatchObject({ count: 6, pausedAt: 6_000 });
    expect(foldOutcomes(streak(0), limit(3, 1_000), fails(9))).toMatchObject({ count: 3, pausedAt: 3_000 });
    const broken = outcomes([false, false, false, true, false, false, false, false]);
    expect(foldOutcomes(streak(0), limit(3, 4_000), broken)).toMatchObject({ count: 4, firstAt: 5_000 });
  });

  it('never reaches the limit by a success', () => {
    const all = outcomes([false, false, true, true, true, true]);
    expect(foldOutcomes(streak(0), limit(2, 3_000, 'total'), all)).toMatchObject({
      count: 2,
      pausedAt: null,
    });
  });

  it('takes the first failure it sees for the first one where that is not known', () => {
    const folded = foldOutcomes({ count: 4, firstAt: null }, limit(10), outcomes([false, false]));
    expect(folded).toEqual({ count: 6, firstAt: 1_000, pausedAt: null });
  });

  it('gives the same however outcomes share batches, until a pause', () => {
    const batches = fc.tuple(fc.array(fc.boolean()), fc.array(fc.boolean()), fc.nat(5_000));
    fc.assert(
      fc.property(batches, ([first, second, afterMs]) => {
        const all = outcomes([...first, ...second]);
        const rule = limit(3, afterMs);
        const one = foldOutcomes(streak(0), rule, all);
        const before = foldOutcomes(streak(0), rule, all.slice(0, first.length));
        const rest = all.slice(first.length);
        expect(before.pausedAt === null ? foldOutcomes(before, rule, rest) : before).toEqual(one);
      }),
    );
  });
});

describe('probing a paused endpoint', () => {
  const minutes = (isWeak: boolean, steps: number[]) =>
    steps.map((step) => probeDelayMs(step, isWeak) / 60_000);

  it('waits 5 minutes, 1 hour, 6 hours, and then 6 hours each time', () => {
    expect(minutes(false, [0, 1, 2, 3, 50])).toEqual([5, 60, 360, 360, 360]);
  });

  it('waits 10 s, 30 s and 2 min first after failures of one moment', () => {
    expect(minutes(true, [0, 1, 2, 3, 4, 5, 6, 50])).toEqual([1 / 6, 0.5, 2, 5, 60, 360, 360, 360]);
  });

  it('lets an early probe pass for which there is nothing to send, and no other', () => {
    expect([0, 1, 2, 3, 4].map((step) => stepWithoutProbe(step, true))).toEqual([1, 2, 3, 3, 4]);
    expect([0, 1].map((step) => stepWithoutProbe(step, false))).toEqual([0, 1]);
  });

  it.each([
    ['attempt', 0, true],
    ['attempt', 60_000, true],
    ['attempt', 60_001, false],
    ['attempt', null, false],
    ['delivery', 0, false],
  ] as const)('by the %s, failures within %j ms are weak evidence: %s', (pauseUnit, within, expected) => {
    const pausedAt = new Date(1_800_000_000_000);
    const firstFailureAt = within === null ? null : new Date(pausedAt.getTime() - within);
    expect(hasWeakEvidence({ pauseUnit, firstFailureAt, pausedAt })).toBe(expected);
  });
});
