import { isOwnFault } from '../../core/own-fault.js';
import { foldOutcomes, hasWeakEvidence, probeDelayMs } from '../../core/health.js';
import type { Health, HealthChange, HealthState } from '../../endpoints/health.js';
import { isUnrendered } from '../attempt/unrendered.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';

/** A subscription's health after a batch of attempts, and whether they paused or resumed it. */
export interface NewHealth {
  change: HealthChange;
  turned: 'paused' | 'resumed' | null;
  /** When the last of the attempts ended. */
  at: Date;
  /** Until when the endpoint had asked to wait, if an attempt succeeded before that. */
  endedWait: Date | null;
}

const NONE: ReadonlySet<string> = new Set();

/**
 * The subscription's health after all attempts of a batch on its endpoint. `held`: ids of deliveries that used up their
 * schedule and are held until the endpoint recovers (`exhausted.ts`).
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
      !isForbidden(attempt) &&
      leftSinceResume(attempt, health) &&
      (health.pauseUnit === 'attempt' || endsDelivery(attempt)),
  );
  const { count, firstAt, pausedAt } = foldOutcomes(
    {
      count: health.failureCount,
      // An older release that runs beside this one resets the count alone.
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

/** Attempts that failed on our side say nothing about the endpoint. */
function countable(attempts: FinishedAttempt[]): FinishedAttempt[] {
  return attempts
    .filter(({ record }) => !isOwnFault(record.errorCode))
    .toSorted((a, b) => a.endedAt - b.endedAt);
}

/**
 * The egress proxy's rules do not allow the endpoint, or the subscription's template gave no body: that is not the
 * endpoint's failure.
 */
function isForbidden({ record }: FinishedAttempt): boolean {
  return record.errorCode === 'proxy_refused' || isUnrendered(record.errorCode);
}

/** What the attempts change in any status: when it last failed and succeeded, and whether it asks to wait. */
function baseOf(
  health: Health,
  attempts: FinishedAttempt[],
  inOrder: FinishedAttempt[],
): { change: HealthChange; endedWait: Date | null } {
  const change: HealthChange = { ...health, lost: null };
  for (const { verdict, endedAt } of inOrder.filter((attempt) => !isForbidden(attempt))) {
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
  return new Date(Math.max(known?.getTime() ?? at, at));
}

function isFirstSince(failedAt: Date | null, recoveredAt: Date | null): boolean {
  return failedAt !== null && (recoveredAt === null || recoveredAt <= failedAt);
}

/**
 * Whether the endpoint succeeded with something that was sent after it had asked to wait. What was in flight when it
 * asked says nothing.
 */
function endsWait({ waitsUntil, waitsSince }: Health, { verdict, ready, record, endedAt }: FinishedAttempt) {
  if (waitsUntil === null || waitsUntil.getTime() <= endedAt) return false;
  const isLater = record.startedAt.getTime() >= (waitsSince?.getTime() ?? 0);
  return verdict.kind === 'delivered' && ready.delivery.override !== null && isLater;
}

/**
 * A failure of a request that was sent before the last resume says nothing: the endpoint may have been repaired since.
 */
export function leftSinceResume(
  { verdict, ready }: FinishedAttempt,
  { resumedVersion }: Pick<Health, 'resumedVersion'>,
): boolean {
  return verdict.kind === 'delivered' || ready.delivery.subscriptionVersion >= resumedVersion;
}

/**
 * Whether an attempt counts for a profile that counts deliveries. One that is repeated has not failed yet; a test send
 * is not a delivery, and a delivery that is retried by hand was counted when it failed.
 */
function endsDelivery({ verdict, ready }: FinishedAttempt): boolean {
  if (verdict.kind === 'delivered') return true;
  const { trigger, override, scheduleStep } = ready.delivery;
  if (verdict.kind === 'retry' || trigger === 'test' || override === 'once') return false;
  return trigger !== 'manual' && scheduleStep <= ready.endpoint.retrySchedule.length;
}

function pausedAs(reason: 'failures' | 'gone', at: Date, nextProbeAt: Date | null): Partial<HealthState> {
  return { status: 'paused', pausedReason: reason, pausedAt: at, probeStep: 0, nextProbeAt };
}

/** When the probe of this step is due, after what ended at `at`. */
function probeTime(health: Health, step: number, at: Date): Date | null {
  if (health.recovery !== 'probe') return null;
  return new Date(at.getTime() + probeDelayMs(step, hasWeakEvidence(health)));
}

/**
 * While paused, only a 410 and probes count: a probe that succeeds resumes, one that fails makes the next one wait
 * longer.
 */
function judgePaused(
  health: Health,
  attempts: FinishedAttempt[],
  at: Date,
  judged: (turned: NewHealth['turned'], to?: Partial<HealthState>) => NewHealth,
): NewHealth {
  // A person or a 410 paused it meanwhile: no probe may undo that.
  if (health.pausedReason !== 'failures') return judged(null);
  // No further probes: each would lose a held delivery, since a 410 is final.
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
