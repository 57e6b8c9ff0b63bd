import type { Logger } from '@nestjs/common';
import type { DeliveryStatus } from '../../core/domain-types.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';
import type { Settled } from './decide-settlement.js';

/** Logs a batch that was written: at `debug` how many became what, or at `info` all that is known of it (`isWide`). */
export function logBatch(
  logger: Pick<Logger, 'log' | 'debug'>,
  batch: FinishedAttempt[],
  settled: Settled[],
  { isWide, ...more }: { isWide: boolean; tookMs: number; trace_id?: string },
): void {
  const counts: Partial<Record<DeliveryStatus, number>> = {};
  for (const { status } of settled) counts[status] = (counts[status] ?? 0) + 1;
  const { succeeded = 0, pending: retrying = 0, failed = 0, held = 0 } = counts;
  const line = { msg: 'attempts.settled', attempts: batch.length, succeeded, retrying, failed, held };
  if (isWide) logger.log({ ...line, ...wideFactsOf(batch), ...more });
  else logger.debug(line);
}

function wideFactsOf(batch: FinishedAttempt[]): object {
  const answers: Record<string, number> = {};
  const spaces = new Set<string>();
  const subscriptions = new Set<string>();
  let slowestMs = 0;
  for (const { ready, record } of batch) {
    const answer = record.errorCode ?? String(record.statusCode);
    answers[answer] = (answers[answer] ?? 0) + 1;
    spaces.add(ready.delivery.spaceId);
    subscriptions.add(ready.delivery.subscriptionId);
    slowestMs = Math.max(slowestMs, record.totalMs ?? 0);
  }
  return {
    answers,
    spaces: spaces.size,
    subscriptions: subscriptions.size,
    slowestMs: Math.round(slowestMs),
  };
}
