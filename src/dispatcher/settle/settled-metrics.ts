import { STATUS_CODES } from 'node:http';
import { uuidTime, publicId } from '../../core/ids.js';
import { isOwnFault } from '../../core/own-fault.js';
import type { ProcessMetrics } from '../../telemetry/process-metrics.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';
import type { NewHealth } from '../health/judge-health.js';
import { attemptTriggerOf, type Settled } from './decide-settlement.js';

type Outcome = 'delivered' | 'retrying' | 'failed' | 'held' | 'excused';

/** Counts a batch of recorded attempts. */
export function countSettled(metrics: ProcessMetrics, batch: FinishedAttempt[], settled: Settled[]): void {
  const { attempts, attemptsInterrupted, deliveriesFinished, probes, throttled } = metrics.counters;
  for (const [index, attempt] of batch.entries()) {
    const { record, ready } = attempt;
    const { status } = settled[index] as Settled;
    const outcome = outcomeOf(attempt, status);
    attempts.add(`${outcome} ${record.errorCode ?? record.statusCode}`, () => labelsOf(attempt, outcome));
    if (status === 'succeeded' || status === 'failed')
      deliveriesFinished.add(status, () => ({ outcome: status }));
    if (outcome === 'excused') attemptsInterrupted.inc();
    if (record.statusCode === 429 || attempt.waitMs !== null) throttled.inc({ scope: 'endpoint' });
    if (ready.delivery.override === 'probe' && outcome !== 'excused')
      probes.inc({ outcome: outcome === 'delivered' ? 'succeeded' : 'failed' });
  }
  observeTimes(metrics, batch);
}

/** Counts subscriptions that failures paused and probes resumed. */
export function countTurned({ counters }: ProcessMetrics, turned: NewHealth[]): void {
  for (const { turned: to, change } of turned) {
    if (to === 'paused') counters.endpointPauses.inc({ reason: change.pausedReason ?? 'failures' });
    else counters.endpointResumes.inc({ reason: 'probe' });
  }
}

function outcomeOf({ record, verdict }: FinishedAttempt, status: Settled['status']): Outcome {
  if (isOwnFault(record.errorCode)) return 'excused';
  if (verdict.kind === 'delivered') return 'delivered';
  if (status === 'held') return 'held';
  return status === 'pending' ? 'retrying' : 'failed';
}

/** Receivers choose their status from 900 values: those that no standard names are one. */
function labelsOf({ record: { statusCode, errorCode } }: FinishedAttempt, outcome: Outcome) {
  const isOddStatus = errorCode !== null && statusCode !== null && STATUS_CODES[statusCode] === undefined;
  return {
    outcome,
    error_code: isOddStatus ? 'http_other' : (errorCode ?? 'none'),
    response_class:
      statusCode !== null && isOfAClass(statusCode) ? `${Math.floor(statusCode / 100)}xx` : 'none',
  };
}

/** Receivers also answer with statuses like 099 or 600. */
function isOfAClass(statusCode: number): boolean {
  return statusCode >= 100 && statusCode < 600;
}

/**
 * With the slowest of the batch as an exemplar: checking the labels of each cost more than all else. A replay or a
 * manual retry says nothing about how fast events are delivered.
 */
function observeTimes({ histograms }: ProcessMetrics, batch: FinishedAttempt[]): void {
  const slowest = slowestOf(batch);
  for (const attempt of batch) {
    const { record, ready, verdict, endedAt } = attempt;
    const { id, trigger, eventId, deliverAt } = ready.delivery;
    const exemplar =
      attempt === slowest ? { exemplarLabels: { delivery_id: publicId('dlv', id) } } : undefined;
    if (record.totalMs !== null)
      histograms.attemptDuration.observe({ value: record.totalMs / 1_000, ...exemplar });
    const isManual = attemptTriggerOf(ready.delivery) === 'manual';
    if (trigger === 'event' && verdict.kind === 'delivered' && !isManual) {
      const dueAt = Math.max(uuidTime(eventId), deliverAt?.getTime() ?? 0);
      const seconds = Math.max(0, endedAt - dueAt) / 1_000;
      histograms.publishToArrival.observe({ value: seconds, ...exemplar });
    }
  }
}

function slowestOf(batch: FinishedAttempt[]): FinishedAttempt | undefined {
  let slowest = batch[0];
  for (const attempt of batch)
    if ((attempt.record.totalMs ?? 0) > (slowest?.record.totalMs ?? 0)) slowest = attempt;
  return slowest;
}
