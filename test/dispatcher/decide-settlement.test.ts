import type { Override, WhilePaused } from '../../src/core/domain-types.js';
import {
  decideSettlement,
  settlementOf,
  subscriptionOf,
} from '../../src/dispatcher/settle/decide-settlement.js';
import type { FinishedAttempt } from '../../src/dispatcher/attempt/finish-attempt.js';
import { judgeHealth } from '../../src/dispatcher/health/judge-health.js';
import type { Health } from '../../src/endpoints/health.js';
import { at, finishedAttempt as attempt, HEALTHY } from '../support/finished-attempt.js';

const PAUSED: Health = { ...HEALTHY, status: 'paused', pausedReason: 'failures', pausedAt: at(-1) };

interface Facts {
  /** Null: the subscription is deleted. */
  health?: Health | null;
  held?: boolean;
  /** The delivery's override by now; `undefined`: the lease is lost. */
  now?: Override | null;
}

function decide(one: FinishedAttempt, { health = HEALTHY, held = false, now = null }: Facts = {}) {
  const { id } = one.ready.delivery;
  const heldIds = new Set(held ? [id] : []);
  const subscription = subscriptionOf(one);
  return decideSettlement(one, {
    before: new Map(health && [[subscription, health]]),
    after: new Map(health && [[subscription, judgeHealth(health, [one], heldIds)]]),
    held: heldIds,
    ours: new Map([[id, now]]),
  });
}

const AGAIN_AT = at(5_000);

describe('a delivery after its attempt', () => {
  it('has succeeded, whatever its subscription is by now', () => {
    const success = attempt('delivered');
    const done = { status: 'succeeded', nextAttemptAt: null, override: null };
    expect(decideSettlement(success, null)).toEqual({ ...done, health: null });
    expect(decide(success, { health: PAUSED })).toMatchObject(done);
    expect(decide(success, { health: null })).toEqual({ ...done, health: { failures: 0, paused: false } });
  });

  it.each(['gone', 'refused', 'exhausted'] as const)('has failed when the verdict is %s', (kind) => {
    expect(decide(attempt(kind))).toMatchObject({ status: 'failed', nextAttemptAt: null });
  });

  it('is due again when its schedule says so, and knows when it would have been without a Retry-After', () => {
    expect(decide(attempt('retry'))).toEqual({
      status: 'pending',
      nextAttemptAt: AGAIN_AT,
      override: null,
      health: { failures: 1, paused: false },
    });
    const asked = attempt('retry');
    asked.verdict = { kind: 'retry', at: Number(at(9_000)), insteadOf: Number(AGAIN_AT) };
    expect(decide(asked)).toMatchObject({ nextAttemptAt: at(9_000), plannedAt: AGAIN_AT });
  });

  it.each([
    ['hold', 'held'],
    ['skip', 'skipped'],
  ] as [WhilePaused, string][])('of a paused subscription that says %s is %s', (whilePaused, status) => {
    const settled = decide(attempt('retry'), { health: { ...PAUSED, whilePaused } });
    expect(settled).toMatchObject({ status, nextAttemptAt: null, health: { paused: true } });
  });

  it('is held by the pause that its own failure caused', () => {
    const settled = decide(attempt('retry'), { health: { ...HEALTHY, failureCount: 9 } });
    expect(settled).toMatchObject({ status: 'held', health: { failures: 10, paused: true } });
  });

  it('is cancelled when its subscription has been deleted, unless it has failed for good', () => {
    for (const override of [undefined, 'probe', 'manual'] as const)
      expect(decide(attempt('retry', { ...(override && { override }) }), { health: null }).status).toBe(
        'cancelled',
      );
    expect(decide(attempt('exhausted'), { health: null }).status).toBe('failed');
  });

  it.each(['retry', 'exhausted'] as const)('is held again when it was a probe: %s', (kind) => {
    expect(decide(attempt(kind, { override: 'probe' }), { health: PAUSED }).status).toBe('held');
    expect(decide(attempt(kind, { override: 'probe' })).status).toBe('held');
  });

  it('fails with a single retry, which is repeated only if Posthorn aborted it', () => {
    const override = 'once';
    expect(decide(attempt('retry', { override })).status).toBe('failed');
    const interrupted = attempt('retry', { override, errorCode: 'interrupted' });
    expect(decide(interrupted).status).toBe('pending');
    expect(decide(attempt('retry', { override: 'manual' })).status).toBe('pending');
  });
});

describe('a delivery that waits for its endpoint to recover', () => {
  const exhausted = attempt('exhausted', { end: 7 });
  it('is held, and its schedule starts anew', () => {
    const settled = decide(exhausted, { held: true });
    expect(settled).toEqual({
      status: 'held',
      nextAttemptAt: null,
      override: null,
      health: { failures: 1, paused: true },
      anew: true,
    });
    expect(settlementOf(attempt('exhausted', { scheduleStep: 4 }), settled).scheduleStep).toBe(0);
  });

  it('is sent at once if a person resumed the subscription meanwhile', () => {
    const resumed = { ...HEALTHY, version: 3, resumedVersion: 3 };
    expect(decide(exhausted, { held: true, health: resumed })).toEqual({
      status: 'pending',
      nextAttemptAt: at(7),
      override: null,
      health: { failures: 0, paused: false },
      anew: true,
    });
    const pausedAgain = { ...PAUSED, version: 4, resumedVersion: 3 };
    expect(decide(exhausted, { held: true, health: pausedAgain }).status).toBe('held');
    expect(decide(exhausted, { held: true, health: null }).status).toBe('held');
  });
});

describe('a delivery that was asked for again while its attempt was in flight', () => {
  const now = 'again';
  it.each([
    ['retry', 'manual'],
    ['exhausted', 'once'],
    ['gone', undefined],
  ] as const)('is due at once after a %s, with the override %s', (kind, override) => {
    const settled = decide(attempt(kind, { end: 3 }), { now });
    // A 410 pauses the subscription.
    if (!override) expect(settled).toMatchObject({ status: 'failed', health: { paused: true } });
    else expect(settled).toMatchObject({ status: 'pending', nextAttemptAt: at(3), override });
  });

  it('is not sent again when the attempt succeeded, was the one asked for, or met a pause', () => {
    expect(decide(attempt('delivered'), { now }).status).toBe('succeeded');
    expect(decide(attempt('exhausted', { override: 'again' }), { now }).status).toBe('failed');
    expect(decide(attempt('retry'), { now, health: PAUSED }).status).toBe('held');
    expect(decide(attempt('retry'), { now, health: null }).status).toBe('cancelled');
    expect(decide(attempt('exhausted')).status).toBe('failed');
  });
});

describe('what is written of a delivery', () => {
  const written = (one: FinishedAttempt, facts: Facts = {}) => settlementOf(one, decide(one, facts));

  it.each([
    ['a failure', attempt('retry', { scheduleStep: 2 }), 3],
    ['a manual retry that fails', attempt('retry', { scheduleStep: 2, override: 'manual' }), 3],
    ['a success', attempt('delivered', { scheduleStep: 2 }), 2],
    ['a probe', attempt('retry', { scheduleStep: 2, override: 'probe' }), 2],
    ['a single retry', attempt('retry', { scheduleStep: 2, override: 'once' }), 2],
    ['what Posthorn aborted', attempt('retry', { scheduleStep: 2, errorCode: 'interrupted' }), 2],
  ])('has its schedule go on after %s', (_name, one, step) => {
    expect(written(one).scheduleStep).toBe(step);
  });

  it.each([
    ['schedule', attempt('retry')],
    ['manual', attempt('retry', { override: 'manual' })],
    ['manual', attempt('delivered', { override: 'once' })],
    ['manual', attempt('exhausted', { override: 'again' })],
    ['probe', attempt('retry', { override: 'probe' })],
    ['schedule', attempt('delivered', { override: 'once', trigger: 'test' })],
  ])('has an attempt that says %s', (trigger, one) => {
    expect(written(one).attemptTrigger).toBe(trigger);
  });

  it('is finished unless it is pending or held', () => {
    expect(written(attempt('delivered', { end: 4 }))).toMatchObject({
      status: 'succeeded',
      finishedAt: at(4),
    });
    expect(written(attempt('exhausted', { end: 4 }))).toMatchObject({ status: 'failed', finishedAt: at(4) });
    expect(written(attempt('retry')).finishedAt).toBeNull();
    expect(written(attempt('retry'), { health: PAUSED }).finishedAt).toBeNull();
    expect(written(attempt('retry'), { health: null }).finishedAt).toEqual(at(0));
  });

  it('counts as lost when its schedule is used up, and it failed', () => {
    expect(written(attempt('exhausted', { end: 4 })).lostAt).toEqual(at(4));
    for (const one of [
      attempt('gone'),
      attempt('exhausted', { trigger: 'test' }),
      attempt('exhausted', { override: 'once' }),
    ])
      expect(written(one).lostAt).toBeNull();
    expect(written(attempt('exhausted', { override: 'manual' })).lostAt).not.toBeNull();
    expect(written(attempt('exhausted'), { held: true }).lostAt).toBeNull();
  });

  it('has one attempt for each delay and one more, and a test a single one', () => {
    expect(written(attempt('retry')).maxAttempts).toBe(2);
    expect(written(attempt('exhausted', { trigger: 'test' })).maxAttempts).toBe(1);
  });

  it('says when the schedule would have had the next attempt', () => {
    const asked = attempt('retry');
    asked.verdict = { kind: 'retry', at: Number(at(9_000)), insteadOf: Number(AGAIN_AT) };
    expect(written(asked)).toMatchObject({ nextAttemptAt: at(9_000), plannedAt: AGAIN_AT });
    expect(written(attempt('retry')).plannedAt).toBeNull();
  });
});
