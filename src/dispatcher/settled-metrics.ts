import { STATUS_CODES } from 'node:http';
import { uuidTime, publicId } from '../core/ids.js';
import { isOwnFault } from '../core/own-fault.js';
import type { ProcessMetrics } from '../telemetry/process-metrics.js';
import type { FinishedAttempt } from './finish-attempt.js';
import type { NewHealth } from './judge-health.js';
import type { Settled } from './decide-settlement.js';

type Outcome = 'delivered' | 'retrying' | 'failed' | 'held' | 'excused';

/** Counts a batch of recorded attempts. Labels cost more than sums, so each combination is counted once a batch. */
export function countSettled(metrics: ProcessMetrics, batch: FinishedAttempt[], settled: Settled[]): void {
  const counts = new Map<string, { attempt: FinishedAttempt; outcome: Outcome; count: number }>();
  let succeeded = 0;
  let failed = 0;
  let throttled = 0;
  for (const [index, attempt] of batch.entries()) {
    const { record, ready } = attempt;
    const { status } = settled[index] as Settled;
    const outcome = outcomeOf(attempt, status);
    const key = `${outcome} ${record.errorCode ?? record.statusCode}`;
    const known = counts.get(key);
    if (known) known.count += 1;
    else counts.set(key, { attempt, outcome, count: 1 });
    if (status === 'succeeded') succeeded += 1;
    else if (status === 'failed') failed += 1;
    if (record.statusCode === 429 || attempt.waitMs !== null) throttled += 1;
    if (ready.delivery.override === 'probe' && outcome !== 'excused')
      metrics.counters.probes.inc({ outcome: outcome === 'delivered' ? 'succeeded' : 'failed' });
  }
  for (const { attempt, outcome, count } of counts.values()) {
    metrics.counters.attempts.inc({ outcome, ...labelsOf(attempt) }, count);
    if (outcome === 'excused') metrics.counters.attemptsInterrupted.inc(count);
  }
  if (succeeded > 0) metrics.counters.deliveriesFinished.inc({ outcome: 'succeeded' }, succeeded);
  if (failed > 0) metrics.counters.deliveriesFinished.inc({ outcome: 'failed' }, failed);
  if (throttled > 0) metrics.counters.throttled.inc({ scope: 'endpoint' }, throttled);
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
function labelsOf({ record: { statusCode, errorCode } }: FinishedAttempt) {
  const isOddStatus = errorCode !== null && statusCode !== null && STATUS_CODES[statusCode] === undefined;
  return {
    error_code: isOddStatus ? 'http_other' : (errorCode ?? 'none'),
    response_class: statusCode === null || statusCode >= 600 ? 'none' : `${Math.floor(statusCode / 100)}xx`,
  };
}

/** With the slowest of the batch as an exemplar: checking the labels of each cost more than all else. */
function observeTimes({ histograms }: ProcessMetrics, batch: FinishedAttempt[]): void {
  const slowest = slowestOf(batch);
  for (const attempt of batch) {
    const { record, ready, verdict, endedAt } = attempt;
    const { id, trigger, eventId } = ready.delivery;
    const exemplar =
      attempt === slowest ? { exemplarLabels: { delivery_id: publicId('dlv', id) } } : undefined;
    if (record.totalMs !== null)
      histograms.attemptDuration.observe({ value: record.totalMs / 1_000, ...exemplar });
    if (trigger === 'event' && verdict.kind === 'delivered') {
      const seconds = Math.max(0, endedAt - uuidTime(eventId)) / 1_000;
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
