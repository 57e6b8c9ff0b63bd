import { foldOutcomes, probeDelayMs } from '../core/health.js';
import type { Health, HealthChange } from '../subscriptions/health.js';
import type { FinishedAttempt } from './decide.js';

/** A subscription's health after a batch of attempts, and whether that turned it. */
export interface NewHealth {
  change: HealthChange;
  turned: 'paused' | 'resumed' | null;
  /** When the last of the attempts ended. */
  at: Date;
}

/** What a batch of attempts on one endpoint, all of them, makes of its subscription. */
export function judgeHealth(health: Health, attempts: FinishedAttempt[]): NewHealth {
  const inOrder = attempts
    .filter(({ record }) => record.errorCode !== 'interrupted')
    .toSorted((a, b) => a.endedAt - b.endedAt);
  const at = new Date(Math.max(...attempts.map(({ endedAt }) => endedAt)));
  const waits = attempts.flatMap(({ waitMs, endedAt }) => (waitMs === null ? [] : endedAt + waitMs));
  const change: HealthChange = {
    ...health,
    waitsUntil: waits.length > 0 ? new Date(Math.max(...waits)) : null,
  };
  if (health.status === 'paused') return judgePaused(health, change, inOrder, at);
  if (inOrder.some(({ verdict }) => verdict.kind === 'gone'))
    return { change: pause(health, change, 'gone', at), turned: 'paused', at };
  const { count, paused } = foldOutcomes(
    health.failureCount,
    health.pauseAfter,
    inOrder
      .filter(
        (attempt) =>
          leftSinceResume(attempt, health) && (health.pauseUnit === 'attempt' || endsDelivery(attempt)),
      )
      .map(({ verdict }) => verdict.kind === 'delivered'),
    health.pauseMode,
  );
  change.failureCount = count;
  return paused
    ? { change: pause(health, change, 'failures', at), turned: 'paused', at }
    : { change, turned: null, at };
}

/** A request that left before the last resume, and failed, says nothing about the endpoint that somebody has mended since. */
function leftSinceResume({ verdict, ready }: FinishedAttempt, { resumedVersion }: Health): boolean {
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

function pause(health: Health, change: HealthChange, reason: 'failures' | 'gone', at: Date): HealthChange {
  // A 410 says the endpoint is gone for good: there is nothing to probe.
  const probes = reason === 'failures' && health.recovery === 'probe';
  return {
    ...change,
    status: 'paused',
    pausedReason: reason,
    pausedAt: at,
    probeStep: 0,
    nextProbeAt: probes ? new Date(at.getTime() + probeDelayMs(0)) : null,
  };
}

/** Requests that were under way at the pause change nothing but for a 410; a probe that succeeds resumes, one that fails waits longer. */
function judgePaused(health: Health, change: HealthChange, attempts: FinishedAttempt[], at: Date): NewHealth {
  // A person or a 410 paused it meanwhile: no probe may undo that.
  if (health.pausedReason !== 'failures') return { change, turned: null, at };
  // Every further probe would cost a held delivery, since a 410 is the last word on the one it answers.
  if (attempts.some(({ verdict }) => verdict.kind === 'gone'))
    return { change: { ...change, pausedReason: 'gone', nextProbeAt: null }, turned: null, at };
  const probe = attempts.find(({ ready }) => ready.delivery.override === 'probe');
  if (!probe) return { change, turned: null, at };
  if (probe.verdict.kind === 'delivered') {
    const active = { status: 'active' as const, pausedReason: null, pausedAt: null, failureCount: 0 };
    return { change: { ...change, ...active, probeStep: 0, nextProbeAt: null }, turned: 'resumed', at };
  }
  const probeStep = health.probeStep + 1;
  return {
    change: { ...change, probeStep, nextProbeAt: new Date(at.getTime() + probeDelayMs(probeStep)) },
    turned: null,
    at,
  };
}
