import type { Sql } from '../../database/sql.js';
import { findFirstFailures } from '../../deliveries/settle-deliveries.js';
import type { Health, Loss } from '../../endpoints/health.js';
import { uuidTime } from '../../core/ids.js';
import type { DeliveryStatus } from '../../core/domain-types.js';
import { isUnrendered } from '../attempt/unrendered.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';

/**
 * Whether an attempt was the last one of its delivery's schedule. Test sends and single retries have no schedule, and a
 * probe's delivery goes on waiting.
 */
function usesUp({ verdict, ready }: FinishedAttempt): boolean {
  const { trigger, override } = ready.delivery;
  return verdict.kind === 'exhausted' && trigger !== 'test' && (override === null || override === 'manual');
}

/**
 * Which of these deliveries with a used-up schedule are held until their endpoint recovers: their subscription asks for
 * it, and the endpoint has had no success since they first failed. If it had, the delivery itself is the problem. Asks
 * the database only when a delivery with several attempts is exhausted.
 */
export async function heldWhenExhausted(
  sql: Sql,
  healths: Map<string, Health>,
  attempts: FinishedAttempt[],
): Promise<Set<string>> {
  const asking = attempts.filter((attempt) => {
    const health = healths.get(attempt.ready.delivery.subscriptionId);
    if (isUnrendered(attempt.record.errorCode)) return false;
    return health?.onExhausted === 'hold' && health.whilePaused === 'hold' && usesUp(attempt);
  });
  const older = asking.filter(({ record }) => record.n > 1).map(({ ready }) => ready.delivery.id);
  const first = older.length > 0 ? await findFirstFailures(sql, older) : new Map<string, Date>();
  const held = asking.filter(({ ready: { delivery }, endedAt }) => {
    const since = first.get(delivery.id)?.getTime() ?? endedAt;
    return lastSuccess(delivery.subscriptionId, healths, attempts) <= since;
  });
  return new Set(held.map(({ ready }) => ready.delivery.id));
}

/** When the endpoint last succeeded after a failure, epoch milliseconds. */
function lastSuccess(id: string, healths: Map<string, Health>, attempts: FinishedAttempt[]): number {
  const inBatch = attempts
    .filter(({ ready, verdict }) => ready.delivery.subscriptionId === id && verdict.kind === 'delivered')
    .map(({ endedAt }) => endedAt);
  return Math.max(healths.get(id)?.lastRecoveryAt?.getTime() ?? 0, ...inBatch);
}

/** Whether this attempt lost the delivery, unless somebody retries it: its schedule was used up, and it failed. */
export function isLost(attempt: FinishedAttempt, status: DeliveryStatus): boolean {
  return status === 'failed' && usesUp(attempt);
}

/**
 * The deliveries that these attempts lost, by subscription. `statusOf` gives the new status of an attempt's delivery.
 */
export function lossesOf(
  attempts: FinishedAttempt[],
  statusOf: (index: number) => DeliveryStatus,
): Map<string, Loss> {
  const losses = new Map<string, Loss>();
  for (const [index, attempt] of attempts.entries()) {
    if (!isLost(attempt, statusOf(index))) continue;
    const { subscriptionId, eventId } = attempt.ready.delivery;
    const known = losses.get(subscriptionId);
    const published = new Date(uuidTime(eventId));
    const at = new Date(attempt.endedAt);
    losses.set(subscriptionId, {
      count: (known?.count ?? 0) + 1,
      since: known && known.since < published ? known.since : published,
      firstAt: known && known.firstAt < at ? known.firstAt : at,
      lastAt: known && known.lastAt > at ? known.lastAt : at,
    });
  }
  return losses;
}
