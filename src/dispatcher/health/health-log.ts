import type { BoundedLog } from '../../telemetry/bounded-log.js';
import { publicId } from '../../core/ids.js';
import { isOwnFault } from '../../core/own-fault.js';
import type { RecoveredLoss } from '../../endpoints/health.js';
import { describePause } from '../../endpoints/pause-description.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';
import type { NewHealth } from './judge-health.js';

type Log = Pick<BoundedLog, 'log' | 'warn'>;

interface News {
  turned: NewHealth[];
  recovered: RecoveredLoss[];
}

/**
 * Logs which endpoints were paused, which have recovered, and which deliveries were lost until then. `batch`: the
 * attempts that did it. `more` is added to each line.
 */
export function logHealth(
  log: Log,
  { turned, recovered }: News,
  batch: FinishedAttempt[],
  more: object = {},
): void {
  for (const { turned: to, change, at } of turned) {
    const spaceId = batch.find(({ ready }) => ready.delivery.subscriptionId === change.id)?.ready.delivery
      .spaceId;
    const ids = {
      ...(spaceId !== undefined && { space: publicId('spc', spaceId) }),
      ...named(change.id),
      ...more,
    };
    if (to === 'resumed') {
      log.log({ msg: 'subscription.recovered', ...ids });
      continue;
    }
    const { pausedReason, failureCount, firstFailureAt, pausedAt, nextProbeAt } = change;
    const isSpan = firstFailureAt !== null && pausedAt !== null;
    log.warn({
      msg: 'subscription.paused',
      ...ids,
      reason: pausedReason,
      failures: failureCount,
      withinMs: isSpan ? pausedAt.getTime() - firstFailureAt.getTime() : null,
      nextProbeAt: nextProbeAt?.toISOString() ?? null,
      detail: describePause(change, at),
    });
  }
  for (const { id, spaceId, count, since } of recovered) {
    const { subscription } = named(id);
    const what =
      `${count} ${count === 1 ? 'delivery was' : 'deliveries were'} lost of events since ` +
      since.toISOString();
    log.warn({
      msg: 'subscription.lost_deliveries',
      space: publicId('spc', spaceId),
      subscription,
      ...more,
      lost: count,
      since: since.toISOString(),
      detail:
        `The endpoint has recovered. ${what}; POST …/subscriptions/${subscription}/replay with {"lost": ` +
        'true} sends them again.',
    });
  }
}

/** Logs what probes came to, and which endpoints asked to be left alone; each subscription once. */
export function logAnswers(log: Log, batch: FinishedAttempt[], more: object = {}): void {
  const throttled = new Set<string>();
  for (const { ready, record, verdict, waitMs } of batch) {
    const { subscriptionId, spaceId, override } = ready.delivery;
    const isThrottled = record.statusCode === 429 || waitMs !== null;
    if (!isThrottled && override !== 'probe') continue;
    const ids = { space: publicId('spc', spaceId), ...named(subscriptionId), ...more };
    const answer = { status: record.statusCode, error: record.errorCode, totalMs: record.totalMs };
    if (override === 'probe' && !isOwnFault(record.errorCode)) {
      const outcome = verdict.kind === 'delivered' ? 'succeeded' : 'failed';
      log.log({ msg: 'subscription.probed', ...ids, outcome, ...answer });
    }
    if (isThrottled && !throttled.has(subscriptionId)) {
      throttled.add(subscriptionId);
      log.warn({ msg: 'endpoint.throttled', ...ids, status: record.statusCode, waitMs });
    }
  }
}

function named(subscriptionId: string): { subscription: string } {
  return { subscription: publicId('sub', subscriptionId) };
}
