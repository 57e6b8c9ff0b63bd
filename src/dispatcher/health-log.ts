import type { Logger } from '@nestjs/common';
import { publicId } from '../core/ids.js';
import type { RecoveredLoss } from '../endpoints/health.js';
import { describePause } from '../endpoints/pause-description.js';
import type { NewHealth } from './judge-health.js';

/** Logs which endpoints were paused, which have recovered, and which deliveries were lost until then. */
export function logHealth(
  logger: Pick<Logger, 'log' | 'warn'>,
  { turned, recovered }: { turned: NewHealth[]; recovered: RecoveredLoss[] },
): void {
  for (const { turned: to, change, at } of turned) {
    const subscription = publicId('sub', change.id);
    if (to === 'resumed') {
      logger.log({ msg: 'subscription.recovered', subscription });
      continue;
    }
    const { pausedReason, failureCount, firstFailureAt, pausedAt, nextProbeAt } = change;
    const isSpan = firstFailureAt !== null && pausedAt !== null;
    logger.warn({
      msg: 'subscription.paused',
      subscription,
      reason: pausedReason,
      failures: failureCount,
      withinMs: isSpan ? pausedAt.getTime() - firstFailureAt.getTime() : null,
      nextProbeAt: nextProbeAt?.toISOString() ?? null,
      detail: describePause(change, at),
    });
  }
  for (const { id, count, since } of recovered) {
    const subscription = publicId('sub', id);
    const what = `${count} ${count === 1 ? 'delivery was' : 'deliveries were'} lost of events since ${since.toISOString()}`;
    logger.warn({
      msg: 'subscription.lost_deliveries',
      subscription,
      lost: count,
      since: since.toISOString(),
      detail: `The endpoint answers again. ${what}; POST …/subscriptions/${subscription}/replay with {"lost": true} sends them again.`,
    });
  }
}
