import type { Health, RecoveredLoss } from '../../endpoints/health.js';
import { describePause } from '../../endpoints/pause-description.js';
import type { OperationalEvent } from '../../operational-events/operational-events.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';
import type { NewHealth } from './judge-health.js';

/** What a batch of attempts did to subscriptions. */
interface News {
  turned: NewHealth[];
  recovered: RecoveredLoss[];
  before: ReadonlyMap<string, Health>;
  batch: FinishedAttempt[];
}

/** The operational events of a batch: which endpoints were paused, and which have recovered. */
export function healthEvents({ turned, recovered, before, batch }: News): OperationalEvent[] {
  return [
    ...turned.map((health) =>
      health.turned === 'paused' ? pausedEvent(health, batch) : recoveredEvent(health, before),
    ),
    ...lossEvents(recovered),
  ];
}

/** The operational events of endpoints that respond well again after deliveries were lost. */
export function lossEvents(recovered: RecoveredLoss[]): OperationalEvent[] {
  return recovered.map(({ id, count, since }) => ({
    type: 'posthorn.subscription.lost_deliveries',
    subscriptionId: id,
    summary: `has recovered; ${deliveriesText(count)} lost of events since ${since.toISOString()}`,
    data: { deliveries: count, since },
  }));
}

function pausedEvent({ change, at }: NewHealth, batch: FinishedAttempt[]): OperationalEvent {
  const { pausedReason: reason, failureCount, firstFailureAt, pausedAt, nextProbeAt } = change;
  const [last] = batch
    .filter(({ ready }) => ready.delivery.subscriptionId === change.id)
    .sort((a, b) => b.endedAt - a.endedAt);
  const lastAttempt = last && {
    statusCode: last.record.statusCode,
    errorCode: last.record.errorCode,
    at: new Date(last.endedAt),
  };
  const detail = describePause(change, at);
  const data = { reason, detail, failureCount, firstFailureAt, pausedAt, nextProbeAt, lastAttempt };
  return {
    type: 'posthorn.subscription.paused',
    subscriptionId: change.id,
    summary: `is ${detail}`,
    data,
  };
}

function recoveredEvent({ change, at }: NewHealth, before: ReadonlyMap<string, Health>): OperationalEvent {
  const pausedAt = before.get(change.id)?.pausedAt ?? null;
  return {
    type: 'posthorn.subscription.recovered',
    subscriptionId: change.id,
    summary: 'has recovered; what was held is being sent',
    data: { pausedAt, recoveredAt: at },
  };
}

function deliveriesText(count: number): string {
  return count === 1 ? '1 delivery was' : `${count} deliveries were`;
}
