import type { DeliveryStatus, Override, WhilePaused } from '../core/domain-types.js';
import type { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import type { Settlement } from '../deliveries/delivery.js';
import { endWait, type EndedWait } from '../deliveries/end-wait.js';
import { holdDeliveries, releaseDeliveries } from '../deliveries/move-deliveries.js';
import { lockLeases, settleDeliveries, settleFailedDeliveries } from '../deliveries/settle-deliveries.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import {
  lockHealth,
  resetHealth,
  writeHealth,
  type Health,
  type RecoveredLoss,
} from '../endpoints/health.js';
import type { FinishedAttempt } from './finish-attempt.js';
import { heldWhenExhausted, isLost, lossesOf } from './exhausted.js';
import { judgeHealth, leftSinceResume, type NewHealth } from './judge-health.js';

/** The result of one attempt once it is written. */
export interface Settled {
  status: DeliveryStatus;
  nextAttemptAt: Date | null;
  /** When it would be due by the schedule, if the endpoint asked to wait longer. */
  plannedAt?: Date;
  /** Whether the schedule starts from its beginning. */
  anew?: boolean;
  /** Why the next attempt may be sent, if somebody asked for it while this one was in flight. */
  override: Override | null;
  /** The subscription's failures in a row, and whether it is paused now; null when nothing failed. */
  health: { failures: number; paused: boolean } | null;
}

/** The results of a batch in its order, and what else the batch changed. */
export interface SettledBatch {
  settled: Settled[];
  /** Deliveries that a resumed subscription released. */
  released: DueDelivery[];
  /** The waits that ended because their endpoint succeeded before its time. */
  endedWaits: EndedWait[];
  /** Subscriptions that were paused or resumed. */
  turned: NewHealth[];
  recovered: RecoveredLoss[];
}

/**
 * Whether an attempt may change its subscription's health, and not only its own delivery. A success that somebody asked
 * for may end a pause or a wait.
 */
export function isFailureBatch(attempt: FinishedAttempt): boolean {
  return attempt.verdict.kind !== 'delivered' || attempt.ready.delivery.override !== null;
}

/** Writes a batch of ordinary successes. It locks no subscription. */
export async function settleSuccessBatch(
  database: Database,
  batch: FinishedAttempt[],
): Promise<SettledBatch> {
  const settled = batch.map((attempt) => settledOf(attempt, null));
  await settleDeliveries(database.sql, settlementsOf(batch, settled));
  const at = new Date(Math.max(...batch.map(({ endedAt }) => endedAt)));
  const recovered = await resetHealth(database.sql, [...new Set(batch.map(subscriptionOf))], at);
  return { settled, released: [], endedWaits: [], turned: [], recovered };
}

/** Writes a batch of attempts with the changes to their deliveries and subscriptions, in one transaction. */
export async function settleFailureBatch(
  database: Database,
  batch: FinishedAttempt[],
): Promise<SettledBatch> {
  return database.transaction(async (sql) => {
    // Subscriptions before deliveries: the order of locks everywhere.
    const before = await lockHealth(sql, [...new Set(batch.map(subscriptionOf))]);
    // A failure whose lease is lost is not written, so it must not count.
    const ours = await lockLeases(sql, batch.map(leaseOf));
    const mine = batch.filter((attempt) => ours.has(attempt.ready.delivery.id));
    const held = await heldWhenExhausted(sql, before, mine);
    const after = new Map<string, NewHealth>();
    for (const [id, health] of before) {
      const attempts = mine.filter((attempt) => subscriptionOf(attempt) === id);
      if (attempts.length > 0) after.set(id, judgeHealth(health, attempts, held));
    }
    const settled = batch.map((attempt) => {
      const standing = standingOf(attempt, before, after);
      const usual = held.has(attempt.ready.delivery.id)
        ? waitingForRecovery(attempt, standing, before)
        : settledOf(attempt, standing);
      return ours.get(attempt.ready.delivery.id) === 'again' ? onceMore(attempt, usual) : usual;
    });
    await settleFailedDeliveries(sql, settlementsOf(batch, settled));
    noteLosses(batch, settled, ours, after);
    return { settled, ...(await applyHealth(sql, after)) };
  });
}

/** Adds the lost deliveries to the new healths, if this worker still has their leases. */
function noteLosses(
  batch: FinishedAttempt[],
  settled: Settled[],
  ours: ReadonlyMap<string, unknown>,
  after: Map<string, NewHealth>,
): void {
  const losses = lossesOf(batch, (index) =>
    ours.has((batch[index] as FinishedAttempt).ready.delivery.id)
      ? (settled[index] as Settled).status
      : 'pending',
  );
  for (const [id, lost] of losses) {
    const health = after.get(id);
    if (health) health.change.lost = lost;
  }
}

/**
 * Writes new healths, holds the deliveries of paused subscriptions, releases those of resumed ones, and makes due what
 * waits for endpoints that have succeeded.
 */
async function applyHealth(sql: Sql, after: Map<string, NewHealth>): Promise<Omit<SettledBatch, 'settled'>> {
  const changes = [...after.values()];
  const recovered = await writeHealth(
    sql,
    changes.map(({ change }) => change),
  );
  const paused = changes.filter(({ turned }) => turned === 'paused').map(({ change }) => change.id);
  if (paused.length > 0)
    await holdDeliveries(sql, paused, new Date(Math.max(...changes.map(({ at }) => at.getTime()))));
  const released: DueDelivery[] = [];
  for (const { turned, change, at } of changes) {
    if (turned === 'resumed') released.push(...(await releaseDeliveries(sql, change.id, at)));
  }
  const endedWaits: EndedWait[] = [];
  for (const { endedWait, change, at } of changes) {
    if (endedWait) endedWaits.push(await endWait(sql, change.id, at, endedWait));
  }
  return { released, endedWaits, turned: changes.filter(({ turned }) => turned !== null), recovered };
}

function subscriptionOf(attempt: FinishedAttempt): string {
  return attempt.ready.delivery.subscriptionId;
}

function leaseOf({ ready, record }: FinishedAttempt) {
  return { deliveryId: ready.delivery.id, lease: ready.delivery.lease, n: record.n };
}

type Standing = { failures: number; state: 'active' | 'paused' | 'deleted'; whilePaused: WhilePaused };

/** A subscription that was not found has been deleted. */
function standingOf(
  attempt: FinishedAttempt,
  before: Map<string, Health>,
  after: Map<string, NewHealth>,
): Standing {
  const id = subscriptionOf(attempt);
  const was = before.get(id);
  if (!was) return { failures: 0, state: 'deleted', whilePaused: 'hold' };
  const { failureCount, status } = after.get(id)?.change ?? was;
  return { failures: failureCount, state: status, whilePaused: was.whilePaused };
}

function settledOf({ verdict, ready, record }: FinishedAttempt, standing: Standing | null): Settled {
  const health = standing && { failures: standing.failures, paused: standing.state === 'paused' };
  const finished = (status: DeliveryStatus): Settled => ({
    status,
    nextAttemptAt: null,
    override: null,
    health,
  });
  const { override } = ready.delivery;
  if (verdict.kind === 'delivered') return finished('succeeded');
  if (verdict.kind === 'gone' || verdict.kind === 'refused') return finished('failed');
  // A failed probe loses nothing: its delivery is held again.
  if (override === 'probe') return finished(standing?.state === 'deleted' ? 'cancelled' : 'held');
  if (verdict.kind === 'exhausted') return finished('failed');
  if (override === 'once' && record.errorCode !== 'interrupted') return finished('failed');
  if (standing?.state === 'deleted') return finished('cancelled');
  if (standing?.state === 'paused') return finished(standing.whilePaused === 'skip' ? 'skipped' : 'held');
  const { at, insteadOf } = verdict;
  return {
    status: 'pending',
    nextAttemptAt: new Date(at),
    ...(insteadOf !== undefined && { plannedAt: new Date(insteadOf) }),
    override: null,
    health,
  };
}

/**
 * The schedule is used up, and the endpoint is down: the delivery is held, and its schedule starts anew when the
 * endpoint has recovered; at once if somebody has resumed the subscription since this attempt started.
 */
function waitingForRecovery(
  attempt: FinishedAttempt,
  standing: Standing,
  before: Map<string, Health>,
): Settled {
  const health = { failures: standing.failures, paused: standing.state === 'paused' };
  const known = before.get(subscriptionOf(attempt));
  const isResumed = standing.state === 'active' && known !== undefined && !leftSinceResume(attempt, known);
  if (!isResumed) return { status: 'held', nextAttemptAt: null, override: null, health, anew: true };
  return {
    status: 'pending',
    nextAttemptAt: new Date(attempt.endedAt),
    override: null,
    health,
    anew: true,
  };
}

/** One more attempt was asked for while this one was in flight: it is due at once, unless this one succeeded. */
function onceMore({ ready, endedAt }: FinishedAttempt, usual: Settled): Settled {
  const { status, health } = usual;
  // This attempt was the one that was asked for.
  if (ready.delivery.override === 'again' || health?.paused) return usual;
  if (status !== 'pending' && status !== 'failed') return usual;
  const override = status === 'pending' ? 'manual' : 'once';
  return { status: 'pending', nextAttemptAt: new Date(endedAt), override, health };
}

function settlementsOf(batch: FinishedAttempt[], settled: Settled[]): Settlement[] {
  return batch.map((attempt, index) => {
    const { ready, record, verdict, endedAt } = attempt;
    const { delivery, endpoint } = ready;
    const { status, nextAttemptAt, plannedAt, override, anew } = settled[index] as Settled;
    const counts =
      record.errorCode !== 'interrupted' && delivery.override !== 'probe' && delivery.override !== 'once';
    return {
      deliveryId: delivery.id,
      lease: delivery.lease,
      attempt: record,
      status,
      scheduleStep: anew ? 0 : delivery.scheduleStep + (counts && verdict.kind !== 'delivered' ? 1 : 0),
      maxAttempts: delivery.trigger === 'test' ? 1 : endpoint.retrySchedule.length + 1,
      nextAttemptAt,
      finishedAt: status === 'pending' || status === 'held' ? null : new Date(endedAt),
      override,
      plannedAt: plannedAt ?? null,
      lostAt: isLost(attempt, status) ? new Date(endedAt) : null,
    };
  });
}
