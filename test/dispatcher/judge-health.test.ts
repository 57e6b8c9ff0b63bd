import { judgeHealth } from '../../src/dispatcher/health/judge-health.js';
import type { Health } from '../../src/endpoints/health.js';
import { at, finishedAttempt as attempt, HEALTHY, NOW } from '../support/finished-attempt.js';

const MINUTE = 60_000;

const PAUSED: Health = {
  ...HEALTHY,
  status: 'paused',
  pausedReason: 'failures',
  pausedAt: at(-MINUTE),
  failureCount: 10,
  firstFailureAt: at(-10 * MINUTE),
  lastFailureAt: at(-MINUTE),
  nextProbeAt: at(0),
};

const failures = (count: number) => Array.from({ length: count }, (_, end) => attempt('retry', { end }));

describe('the health of an active subscription', () => {
  it('counts failures in a row and is not turned by nine', () => {
    expect(judgeHealth(HEALTHY, failures(9))).toMatchObject({
      change: { status: 'active', failureCount: 9, pausedAt: null, nextProbeAt: null },
      turned: null,
    });
  });

  it('counts only what failed for good when the unit is the delivery', () => {
    const health: Health = { ...HEALTHY, pauseUnit: 'delivery', pauseAfter: 2 };
    const first = judgeHealth(health, [...failures(20), attempt('exhausted', { end: 30 })]);
    expect(first).toMatchObject({ change: { status: 'active', failureCount: 1 }, turned: null });
    const second = judgeHealth({ ...health, failureCount: 1 }, [attempt('exhausted')]);
    expect(second).toMatchObject({ change: { status: 'paused' }, turned: 'paused' });
  });

  it.each([
    ['event', 1],
    ['replay', 1],
    ['test', 0],
    ['manual', 0],
  ] as const)('counts the failed delivery of a trigger %s %i times, and each attempt', (trigger, count) => {
    const batch = [attempt('exhausted', { trigger })];
    expect(judgeHealth({ ...HEALTHY, pauseUnit: 'delivery' }, batch).change.failureCount).toBe(count);
    expect(judgeHealth(HEALTHY, batch).change.failureCount).toBe(1);
  });

  it.each([
    ['once', 0],
    ['manual', 1],
    ['probe', 1],
  ] as const)('counts the failed delivery of an attempt that left as %s %i times', (override, count) => {
    const batch = [attempt('exhausted', { override })];
    expect(judgeHealth({ ...HEALTHY, pauseUnit: 'delivery' }, batch).change.failureCount).toBe(count);
  });

  it('counts a delivery no second time that is tried again after its schedule was used up', () => {
    const counted = (scheduleStep: number) =>
      judgeHealth({ ...HEALTHY, pauseUnit: 'delivery' }, [attempt('exhausted', { scheduleStep })]).change;
    expect([1, 2].map((step) => counted(step).failureCount)).toEqual([1, 0]);
  });

  it('counts on through successes when the mode is total', () => {
    const outcomes = [
      attempt('exhausted', { end: 1 }),
      attempt('delivered', { end: 2 }),
      attempt('exhausted', { end: 3 }),
    ];
    expect(judgeHealth({ ...HEALTHY, pauseMode: 'total' }, outcomes).change.failureCount).toBe(2);
    expect(judgeHealth(HEALTHY, outcomes).change.failureCount).toBe(1);
  });

  it('is paused by the tenth, with a probe five minutes after the last attempt', () => {
    const health = { ...HEALTHY, failureCount: 8, firstFailureAt: at(-2 * MINUTE) };
    expect(judgeHealth(health, failures(2))).toMatchObject({
      change: {
        status: 'paused',
        pausedReason: 'failures',
        failureCount: 10,
        pausedAt: at(1),
        probeStep: 0,
        nextProbeAt: at(1 + 5 * MINUTE),
      },
      turned: 'paused',
      at: at(1),
    });
  });

  it('is paused at the tenth of those in flight together, and probed ten seconds later', () => {
    expect(judgeHealth(HEALTHY, failures(14))).toMatchObject({
      change: { failureCount: 10, firstFailureAt: at(0), pausedAt: at(9), nextProbeAt: at(13 + 10_000) },
      turned: 'paused',
    });
    const slow = judgeHealth({ ...HEALTHY, failureCount: 9, firstFailureAt: at(-MINUTE - 1) }, failures(1));
    expect(slow.change.nextProbeAt).toEqual(at(5 * MINUTE));
    const provider = judgeHealth({ ...HEALTHY, pauseUnit: 'delivery', pauseAfter: 1 }, [
      attempt('exhausted'),
    ]);
    expect(provider.change.nextProbeAt).toEqual(at(5 * MINUTE));
  });

  it('is not paused before the failures span the time that was asked for', () => {
    const health = { ...HEALTHY, pauseAfterSeconds: 60 };
    const { change, turned } = judgeHealth(health, failures(30));
    expect({ turned, ...change }).toMatchObject({ turned: null, failureCount: 30, firstFailureAt: at(0) });
    const last = judgeHealth({ ...health, ...change }, [attempt('retry', { end: MINUTE })]);
    expect(last).toMatchObject({ turned: 'paused', change: { failureCount: 31, pausedAt: at(MINUTE) } });
  });

  it('keeps the time of the first failure in a row, of the last one, and of the first success after it', () => {
    const { change } = judgeHealth(HEALTHY, failures(3));
    expect(change).toMatchObject({ firstFailureAt: at(0), lastFailureAt: at(2), lastRecoveryAt: null });
    const more = judgeHealth({ ...HEALTHY, ...change }, [
      attempt('delivered', { end: 10, override: 'once' }),
      attempt('delivered', { end: 11, override: 'once' }),
      attempt('retry', { end: 20 }),
    ]);
    expect(more.change).toMatchObject({
      failureCount: 1,
      firstFailureAt: at(20),
      lastFailureAt: at(20),
      lastRecoveryAt: at(10),
    });
  });

  it('counts from the next failure when an older release has reset the count alone', () => {
    const { change } = judgeHealth({ ...HEALTHY, firstFailureAt: at(-MINUTE) }, failures(1));
    expect(change).toMatchObject({ failureCount: 1, firstFailureAt: at(0) });
  });

  it('keeps the later time of two failures, whichever is written first', () => {
    const known = { ...HEALTHY, failureCount: 1, lastFailureAt: at(100) };
    expect(judgeHealth(known, failures(1)).change.lastFailureAt).toEqual(at(100));
    expect(judgeHealth(known, [attempt('retry', { end: 101 })]).change.lastFailureAt).toEqual(at(101));
  });

  it('has recovered only if it failed before, and always after that failure', () => {
    const success = attempt('delivered', { override: 'once' });
    expect(judgeHealth(HEALTHY, [success]).change.lastRecoveryAt).toBeNull();
    const failed = { ...HEALTHY, lastFailureAt: at(0) };
    expect(judgeHealth(failed, [success]).change.lastRecoveryAt).toEqual(at(1));
    const again = { ...failed, lastFailureAt: at(3), lastRecoveryAt: at(2) };
    expect(judgeHealth(again, [attempt('delivered', { end: 9 })]).change.lastRecoveryAt).toEqual(at(9));
    const atOnce = { ...failed, lastFailureAt: at(2), lastRecoveryAt: at(2) };
    expect(judgeHealth(atOnce, [attempt('delivered', { end: 9 })]).change.lastRecoveryAt).toEqual(at(9));
    const recovered = { ...failed, lastRecoveryAt: at(2) };
    expect(judgeHealth(recovered, [attempt('delivered', { end: 9 })]).change.lastRecoveryAt).toEqual(at(2));
  });

  it('is paused when a delivery waits for it to recover, however few failures there were', () => {
    const batch = [attempt('exhausted', { end: 7, id: 'held' }), attempt('retry', { end: 3 })];
    const health = { ...HEALTHY, failureCount: 4, firstFailureAt: at(-10 * MINUTE) };
    expect(judgeHealth(health, batch, new Set(['held']))).toMatchObject({
      turned: 'paused',
      change: {
        pausedReason: 'failures',
        failureCount: 6,
        pausedAt: at(7),
        nextProbeAt: at(7 + 5 * MINUTE),
      },
    });
    // It left before somebody resumed the endpoint, which may have been mended since.
    const resumed = { ...health, version: 3, resumedVersion: 3 };
    expect(judgeHealth(resumed, batch, new Set(['held'])).turned).toBeNull();
  });

  it('is judged in the order in which the attempts ended, however they were batched', () => {
    const batch = [...failures(9).reverse(), attempt('delivered', { end: 4.5 })];
    expect(judgeHealth({ ...HEALTHY, failureCount: 4 }, batch).change).toMatchObject({
      status: 'active',
      failureCount: 4,
    });
  });

  it('counts an attempt that used up its schedule or was refused like any other failure', () => {
    const batch = [attempt('exhausted'), attempt('refused', { errorCode: 'blocked_address' })];
    expect(judgeHealth(HEALTHY, batch).change.failureCount).toBe(2);
  });

  it('does not hold against the endpoint what we broke off ourselves', () => {
    const batch = [attempt('retry', { errorCode: 'interrupted' })];
    const health = { ...HEALTHY, failureCount: 9 };
    expect(judgeHealth(health, batch)).toMatchObject({
      change: { status: 'active', failureCount: 9 },
      turned: null,
    });
  });

  it('does not hold against the endpoint what failed before it was resumed, but for a 410', () => {
    // The attempts left under version 1.
    const health: Health = { ...HEALTHY, version: 3, resumedVersion: 3 };
    expect(judgeHealth(health, failures(20))).toMatchObject({
      change: { status: 'active', failureCount: 0 },
      turned: null,
    });
    expect(judgeHealth({ ...health, failureCount: 4 }, [attempt('delivered')]).change.failureCount).toBe(0);
    expect(judgeHealth(health, [attempt('gone')])).toMatchObject({ turned: 'paused' });
    expect(judgeHealth({ ...health, resumedVersion: 1 }, failures(3)).change.failureCount).toBe(3);
  });

  it('is never paused by failures when pauseAfter is null', () => {
    expect(judgeHealth({ ...HEALTHY, pauseAfter: null }, failures(50))).toMatchObject({
      change: { status: 'active', failureCount: 50 },
      turned: null,
    });
  });

  it('has no probe ahead when a person has to resume it', () => {
    const { change } = judgeHealth({ ...HEALTHY, recovery: 'manual' }, failures(10));
    expect(change).toMatchObject({ status: 'paused', nextProbeAt: null });
  });

  it('is paused as gone by one 410, whatever else came with it, and never probed', () => {
    const batch = [...failures(10), attempt('gone', { end: 20 }), attempt('delivered', { end: 30 })];
    expect(judgeHealth(HEALTHY, batch)).toMatchObject({
      change: { status: 'paused', pausedReason: 'gone', pausedAt: at(30), nextProbeAt: null },
      turned: 'paused',
    });
  });

  it('waits until the latest time an answer asked for', () => {
    const batch = [
      attempt('retry', { waitMs: 60_000 }),
      attempt('retry', { end: 100, waitMs: 30_000 }),
      attempt('retry'),
    ];
    expect(judgeHealth(HEALTHY, batch).change.waitsUntil).toEqual(at(60_000));
    expect(judgeHealth(HEALTHY, failures(1)).change.waitsUntil).toBeNull();
  });

  it('goes on waiting until the latest time that was ever asked for', () => {
    const waiting = { ...HEALTHY, waitsUntil: at(MINUTE), waitsSince: at(-MINUTE) };
    const sooner = judgeHealth(waiting, [attempt('retry', { waitMs: 1_000 })]);
    expect(sooner.change).toMatchObject({ waitsUntil: at(MINUTE), waitsSince: at(-MINUTE) });
    const later = judgeHealth(waiting, [attempt('retry', { end: 5, waitMs: 2 * MINUTE })]);
    expect(later.change).toMatchObject({ waitsUntil: at(5 + 2 * MINUTE), waitsSince: at(5) });
  });

  it.each([
    ['a test that is answered well', attempt('delivered', { override: 'once' }), true],
    ['a retry that is answered well', attempt('delivered', { override: 'manual' }), true],
    ['a retry that is not', attempt('retry', { override: 'manual' }), false],
    ['what was under way when it was asked', attempt('delivered'), false],
  ])('waits no longer after %s: %s', (_, one, ends) => {
    const waiting = { ...HEALTHY, waitsUntil: at(MINUTE), waitsSince: at(-1) };
    const { change, endedWait } = judgeHealth(waiting, [one]);
    expect(endedWait).toEqual(ends ? at(MINUTE) : null);
    expect(change.waitsUntil).toEqual(ends ? null : at(MINUTE));
  });

  it('ends no wait that is over, but one that began with the request or whose beginning is not known', () => {
    const success = attempt('delivered', { end: 5, override: 'once' });
    const over = judgeHealth({ ...HEALTHY, waitsUntil: at(5), waitsSince: at(-1) }, [success]);
    expect([over.change.waitsUntil, over.endedWait]).toEqual([at(5), null]);
    const sameMoment = judgeHealth({ ...HEALTHY, waitsUntil: at(6), waitsSince: at(0) }, [success]);
    expect(sameMoment.endedWait).toEqual(at(6));
    const unknown = judgeHealth({ ...HEALTHY, waitsUntil: at(6) }, [success]);
    expect([unknown.change.waitsUntil, unknown.endedWait]).toEqual([null, at(6)]);
  });

  it('goes on waiting after a retry that had left before the endpoint asked', () => {
    const waiting = { ...HEALTHY, waitsUntil: at(MINUTE), waitsSince: at(1) };
    const { change, endedWait } = judgeHealth(waiting, [attempt('delivered', { end: 5, override: 'once' })]);
    expect([change.waitsUntil, endedWait]).toEqual([at(MINUTE), null]);
  });

  it('waits anew when the same batch asks for it after a success', () => {
    const waiting = { ...HEALTHY, waitsUntil: at(10 * MINUTE), waitsSince: at(-1) };
    const batch = [attempt('delivered', { override: 'once' }), attempt('retry', { end: 5, waitMs: 1_000 })];
    const { change, endedWait } = judgeHealth(waiting, batch);
    expect([change.waitsUntil, endedWait]).toEqual([at(1_005), at(10 * MINUTE)]);
  });
});

describe('the health of a paused subscription', () => {
  it('is not changed by what was under way at the pause', () => {
    const batch = [...failures(3), attempt('delivered', { end: 5 })];
    expect(judgeHealth(PAUSED, batch)).toEqual({
      change: { ...PAUSED, lastFailureAt: at(2), lastRecoveryAt: at(5), lost: null },
      turned: null,
      at: at(5),
      endedWait: null,
    });
  });

  it('is resumed by a probe that succeeds', () => {
    expect(judgeHealth(PAUSED, [attempt('delivered', { override: 'probe' })])).toMatchObject({
      change: { status: 'active', pausedReason: null, pausedAt: null, failureCount: 0, nextProbeAt: null },
      turned: 'resumed',
    });
  });

  it('waits 1 h, 6 h and then 6 h again for the next probe', () => {
    const waits = [0, 1, 2, 7].map((probeStep) => {
      const { change } = judgeHealth({ ...PAUSED, probeStep }, [attempt('retry', { override: 'probe' })]);
      expect(change).toMatchObject({ status: 'paused', probeStep: probeStep + 1, pausedAt: PAUSED.pausedAt });
      return Number(change.nextProbeAt) - NOW;
    });
    expect(waits).toEqual([60 * MINUTE, 360 * MINUTE, 360 * MINUTE, 360 * MINUTE]);
  });

  it('waits 30 s, 2 min, 5 min, 1 h and 6 h when it was paused by failures of one moment', () => {
    const paused = { ...PAUSED, firstFailureAt: at(-MINUTE - 400) };
    const waits = [0, 1, 2, 3, 4, 5].map((probeStep) => {
      const probe = attempt('retry', { override: 'probe' });
      return Number(judgeHealth({ ...paused, probeStep }, [probe]).change.nextProbeAt) - NOW;
    });
    expect(waits.map((ms) => ms / 1_000)).toEqual([30, 120, 300, 3_600, 21_600, 21_600]);
  });

  it('leaves the plan of a probe alone that we broke off ourselves', () => {
    const batch = [attempt('retry', { override: 'probe', errorCode: 'interrupted' })];
    expect(judgeHealth(PAUSED, batch)).toMatchObject({ change: PAUSED, turned: null });
  });

  it.each(['manual', 'gone'] as const)(
    'is not resumed by a probe when it is paused as %s',
    (pausedReason) => {
      const health = { ...PAUSED, pausedReason, nextProbeAt: null };
      expect(judgeHealth(health, [attempt('delivered', { override: 'probe' })])).toMatchObject({
        change: { ...health, lastRecoveryAt: at(0) },
        turned: null,
      });
    },
  );

  // A probe answered by 410 used to go on every six hours, and each one failed another held delivery.
  it.each(['probe', undefined] as const)(
    'is gone, and probed no more, after a 410 (override: %s)',
    (override) => {
      const batch = [attempt('gone', { errorCode: 'http_410', ...(override && { override }) })];
      expect(judgeHealth(PAUSED, batch)).toMatchObject({
        change: { status: 'paused', pausedReason: 'gone', pausedAt: PAUSED.pausedAt, nextProbeAt: null },
        turned: null,
      });
      const byHand: Health = { ...PAUSED, pausedReason: 'manual', nextProbeAt: null };
      expect(judgeHealth(byHand, batch).change.pausedReason).toBe('manual');
    },
  );
});
