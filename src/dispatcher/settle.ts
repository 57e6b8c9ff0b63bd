import type { DeliveryStatus, Override, WhilePaused } from '../core/domain-types.js';
import type { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import type { Settlement } from '../deliveries/delivery.js';
import {
  endWait,
  holdDeliveries,
  releaseDeliveries,
  type WokenDelivery,
} from '../deliveries/move-deliveries.js';
import { lockLeases, settleDeliveries, settleFailedDeliveries } from '../deliveries/settle-deliveries.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import {
  lockHealth,
  resetHealth,
  writeHealth,
  type Health,
  type RecoveredLoss,
} from '../subscriptions/health.js';
import type { FinishedAttempt } from './finish-attempt.js';
import { heldWhenExhausted, isLost, lossesOf } from './exhausted.js';
import { judgeHealth, leftSinceResume, type NewHealth } from './judge-health.js';

/** What became of one attempt once it was written. */
export interface Settled {
  status: DeliveryStatus;
  nextAttemptAt: Date | null;
  /** When it would be due by the schedule, where the endpoint asked for longer. */
  plannedAt?: Date;
  /** Whether the schedule starts anew. */
  anew?: boolean;
  /** Why the next attempt may leave, when somebody asked for it while this one was under way. */
  override: Override | null;
  /** The subscription's failures in a row, and whether it is paused now; null when nothing failed. */
  health: { failures: number; paused: boolean } | null;
}

/** A whole batch, in the order it was given, and what it brought about. */
export interface SettledBatch {
  settled: Settled[];
  /** What a resumed subscription released. */
  released: DueDelivery[];
  /** What was put off for an endpoint that answers well before its time. */
  woken: WokenDelivery[];
  /** Subscriptions that were paused or resumed. */
  turned: NewHealth[];
  recovered: RecoveredLoss[];
}

/**
 * Whether an attempt changes more than its own delivery: its subscription's health has to be judged. A success that somebody
 * asked for may end a pause or a wait.
 */
export function isFailureBatch(attempt: FinishedAttempt): boolean {
  return attempt.verdict.kind !== 'delivered' || attempt.ready.delivery.override !== null;
}

/** Writes a batch of plain successes, the usual one. It locks no subscription. */
export async function settleSuccessBatch(
  database: Database,
  batch: FinishedAttempt[],
): Promise<SettledBatch> {
  const settled = batch.map((attempt) => settledOf(attempt, null));
  await settleDeliveries(database.sql, settlementsOf(batch, settled));
  const at = new Date(Math.max(...batch.map(({ endedAt }) => endedAt)));
  const recovered = await resetHealth(database.sql, [...new Set(batch.map(subscriptionOf))], at);
  return { settled, released: [], woken: [], turned: [], recovered };
}

/** Writes a batch of attempts with what they mean for their deliveries and subscriptions, in one transaction. */
export async function settleFailureBatch(
  database: Database,
  batch: FinishedAttempt[],
): Promise<SettledBatch> {
  return database.transaction(async (sql) => {
    // Subscriptions before deliveries: everything that locks both goes in this order.
    const before = await lockHealth(sql, [...new Set(batch.map(subscriptionOf))]);
    // A failure that is not ours to write must not be counted either.
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

/** Adds to the new healths what was lost, as far as it is this worker's to write. */
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
 * Writes new healths, holds what waits for the newly paused, releases what was held for the resumed, and wakes what waits
 * for endpoints that have answered well.
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
  const woken: WokenDelivery[] = [];
  for (const { endedWait, change, at } of changes) {
    if (endedWait) woken.push(...(await endWait(sql, change.id, at, endedWait)));
  }
  return { released, woken, turned: changes.filter(({ turned }) => turned !== null), recovered };
}

function subscriptionOf(attempt: FinishedAttempt): string {
  return attempt.ready.delivery.subscriptionId;
}

function leaseOf({ ready, record }: FinishedAttempt) {
  return { deliveryId: ready.delivery.id, lease: ready.delivery.lease, n: record.n };
}

type Standing = { failures: number; state: 'active' | 'paused' | 'deleted'; whilePaused: WhilePaused };

/** A subscription that was looked for and is not there has been deleted. */
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
  // A probe that fails has lost nothing: the delivery goes on waiting for its endpoint.
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
 * Its schedule is used up, and its endpoint is down: it is held, and its schedule starts anew once the endpoint has recovered.
 * At once, where somebody has resumed the endpoint since this attempt left.
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

/** Somebody asked for one more attempt while this one was under way: at once, unless it has succeeded or may not leave. */
function onceMore({ ready, endedAt }: FinishedAttempt, usual: Settled): Settled {
  const { status, health } = usual;
  // An attempt that was made because somebody had asked has done that.
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
