import { foldOutcomes, hasWeakEvidence, probeDelayMs } from '../core/health.js';
import type { Health, HealthChange, HealthState } from '../subscriptions/health.js';
import type { FinishedAttempt } from './finish-attempt.js';

/** A subscription's health after a batch of attempts, and whether that turned it. */
export interface NewHealth {
  change: HealthChange;
  turned: 'paused' | 'resumed' | null;
  /** When the last of the attempts ended. */
  at: Date;
  /** The end of the time the endpoint had asked for, when one of the attempts was answered well before it was over. */
  endedWait: Date | null;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * What a batch of attempts on one endpoint, all of them, makes of its subscription. `held` are the ids of deliveries that
 * used up their schedule and wait for the endpoint to recover (`exhausted.ts`): it is down.
 */
export function judgeHealth(health: Health, attempts: FinishedAttempt[], held = NONE): NewHealth {
  const inOrder = countable(attempts);
  const at = new Date(Math.max(...attempts.map(({ endedAt }) => endedAt)));
  const { change, endedWait } = baseOf(health, attempts, inOrder);
  const judged = (turned: NewHealth['turned'], to: Partial<HealthState> = {}): NewHealth => ({
    change: { ...change, ...to },
    turned,
    at,
    endedWait,
  });
  if (health.status === 'paused') return judgePaused(health, inOrder, at, judged);
  if (inOrder.some(({ verdict }) => verdict.kind === 'gone'))
    return judged('paused', pausedAs('gone', at, null));
  const counted = inOrder.filter(
    (attempt) =>
      leftSinceResume(attempt, health) && (health.pauseUnit === 'attempt' || endsDelivery(attempt)),
  );
  const { count, firstAt, pausedAt } = foldOutcomes(
    {
      count: health.failureCount,
      firstAt: health.failureCount > 0 ? (health.firstFailureAt?.getTime() ?? null) : null,
    },
    { after: health.pauseAfter, afterMs: health.pauseAfterSeconds * 1_000, mode: health.pauseMode },
    counted.map(({ verdict, endedAt }) => ({ succeeded: verdict.kind === 'delivered', at: endedAt })),
  );
  const streak = { failureCount: count, firstFailureAt: firstAt === null ? null : new Date(firstAt) };
  const isDown = counted.some(({ ready }) => held.has(ready.delivery.id));
  if (pausedAt === null && !isDown) return judged(null, streak);
  const since = new Date(pausedAt ?? at);
  const probeAt = probeTime({ ...health, ...streak, pausedAt: since }, 0, at);
  return judged('paused', { ...streak, ...pausedAs('failures', since, probeAt) });
}

/** What we broke off ourselves says nothing. */
function countable(attempts: FinishedAttempt[]): FinishedAttempt[] {
  return attempts
    .filter(({ record }) => record.errorCode !== 'interrupted')
    .toSorted((a, b) => a.endedAt - b.endedAt);
}

/** What the attempts change whether it is paused or not: when it failed and answered well, and whether it asks to wait. */
function baseOf(
  health: Health,
  attempts: FinishedAttempt[],
  inOrder: FinishedAttempt[],
): { change: HealthChange; endedWait: Date | null } {
  const change: HealthChange = { ...health, lost: null };
  for (const { verdict, endedAt } of inOrder) {
    if (verdict.kind !== 'delivered') change.lastFailureAt = later(change.lastFailureAt, endedAt);
    else if (isFirstSince(change.lastFailureAt, change.lastRecoveryAt))
      // After the failure, also where both ended in one millisecond.
      change.lastRecoveryAt = later(
        change.lastRecoveryAt,
        Math.max(endedAt, Number(change.lastFailureAt) + 1),
      );
  }
  const endedWait = inOrder.some((attempt) => endsWait(health, attempt)) ? health.waitsUntil : null;
  if (endedWait !== null) Object.assign(change, { waitsUntil: null, waitsSince: null });
  for (const { waitMs, endedAt } of attempts) {
    const until = waitMs === null ? 0 : endedAt + waitMs;
    if (until <= (change.waitsUntil?.getTime() ?? 0)) continue;
    Object.assign(change, { waitsUntil: new Date(until), waitsSince: new Date(endedAt) });
  }
  return { change, endedWait };
}

function later(known: Date | null, at: number): Date {
  return known !== null && known.getTime() >= at ? known : new Date(at);
}

function isFirstSince(failedAt: Date | null, recoveredAt: Date | null): boolean {
  return failedAt !== null && (recoveredAt === null || recoveredAt <= failedAt);
}

/**
 * Whether the endpoint took what somebody sent while it had asked to be left alone. What was under way when it asked says
 * nothing about the time since.
 */
function endsWait({ waitsUntil, waitsSince }: Health, { verdict, ready, record, endedAt }: FinishedAttempt) {
  if (waitsUntil === null || waitsUntil.getTime() <= endedAt) return false;
  const sinceThen = waitsSince === null || record.startedAt >= waitsSince;
  return verdict.kind === 'delivered' && ready.delivery.override !== null && sinceThen;
}

/** A request that left before the last resume, and failed, says nothing about the endpoint that somebody has mended since. */
export function leftSinceResume(
  { verdict, ready }: FinishedAttempt,
  { resumedVersion }: Pick<Health, 'resumedVersion'>,
): boolean {
  return verdict.kind === 'delivered' || ready.delivery.subscriptionVersion >= resumedVersion;
}

/**
 * Whether an attempt counts where deliveries are counted. One that will be tried again has not failed yet; a person's test
 * is no delivery of an event, and the delivery that a person tries once more has been counted when it failed.
 */
function endsDelivery({ verdict, ready }: FinishedAttempt): boolean {
  if (verdict.kind === 'delivered') return true;
  const { trigger, override } = ready.delivery;
  return verdict.kind !== 'retry' && trigger !== 'test' && trigger !== 'manual' && override !== 'once';
}

function pausedAs(reason: 'failures' | 'gone', at: Date, nextProbeAt: Date | null): Partial<HealthState> {
  return { status: 'paused', pausedReason: reason, pausedAt: at, probeStep: 0, nextProbeAt };
}

/** When the probe of this step is due, after what ended at `at`. */
function probeTime(health: Health, step: number, at: Date): Date | null {
  if (health.recovery !== 'probe') return null;
  return new Date(at.getTime() + probeDelayMs(step, hasWeakEvidence(health)));
}

/** Requests that were under way at the pause change nothing but for a 410; a probe that succeeds resumes, one that fails waits longer. */
function judgePaused(
  health: Health,
  attempts: FinishedAttempt[],
  at: Date,
  judged: (turned: NewHealth['turned'], to?: Partial<HealthState>) => NewHealth,
): NewHealth {
  // A person or a 410 paused it meanwhile: no probe may undo that.
  if (health.pausedReason !== 'failures') return judged(null);
  // Every further probe would cost a held delivery, since a 410 is the last word on the one it answers.
  if (attempts.some(({ verdict }) => verdict.kind === 'gone'))
    return judged(null, { pausedReason: 'gone', nextProbeAt: null });
  const probe = attempts.find(({ ready }) => ready.delivery.override === 'probe');
  if (!probe) return judged(null);
  if (probe.verdict.kind === 'delivered') {
    const active = { status: 'active' as const, pausedReason: null, pausedAt: null };
    return judged('resumed', {
      ...active,
      failureCount: 0,
      firstFailureAt: null,
      probeStep: 0,
      nextProbeAt: null,
    });
  }
  const probeStep = health.probeStep + 1;
  return judged(null, { probeStep, nextProbeAt: probeTime(health, probeStep, at) });
}
