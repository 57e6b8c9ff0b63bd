import type { Database } from '../../database/database.js';
import type { Sql } from '../../database/sql.js';
import type { Settlement } from '../../deliveries/delivery.js';
import { endWait, type EndedWait } from '../../deliveries/end-wait.js';
import { holdDeliveries, releaseDeliveries, MOVED_AT_ONCE } from '../../deliveries/move-deliveries.js';
import { lockLeases, settleDeliveries, settleFailedDeliveries } from '../../deliveries/settle-deliveries.js';
import type { DueDelivery } from '../../queue/deliver-job.js';
import { lockHealth, resetHealth, writeHealth, type RecoveredLoss } from '../../endpoints/health.js';
import type { OperationalEvents } from '../../operational-events/operational-events.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';
import { healthEvents } from '../health/health-events.js';
import { decideSettlement, settlementOf, subscriptionOf, type Settled } from './decide-settlement.js';
import { heldWhenExhausted, lossesOf } from '../health/exhausted.js';
import { judgeHealth, type NewHealth } from '../health/judge-health.js';

export interface Unheld {
  subscriptionIds: string[];
  /** When they were paused. */
  at: Date;
}

/** The results of a batch in its order, and what else the batch changed. */
export interface SettledBatch {
  settled: Settled[];
  /** Deliveries that a resumed subscription released. */
  released: DueDelivery[];
  /** The waits that ended because their endpoint succeeded before its time. */
  endedWaits: EndedWait[];
  /** Paused subscriptions of which more is pending than was held with the batch. */
  unheld: Unheld | null;
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

/** Writes a batch of successes. It locks no subscription but those that had failures on another worker. */
export async function settleSuccessBatch(
  database: Database,
  batch: FinishedAttempt[],
): Promise<SettledBatch> {
  const settled = batch.map((attempt) => decideSettlement(attempt, null));
  const subscriptions = [...new Set(batch.map(subscriptionOf))];
  const failing = await settleDeliveries(database.sql, settlementsOf(batch, settled), subscriptions);
  const recovered = await resetHealth(
    database.sql,
    failing.map((id) => ({ id, at: lastEndOf(batch, id) })),
  );
  return { settled, released: [], endedWaits: [], unheld: null, turned: [], recovered };
}

function lastEndOf(batch: FinishedAttempt[], subscriptionId: string): Date {
  const own = batch.filter((attempt) => subscriptionOf(attempt) === subscriptionId);
  return new Date(Math.max(...own.map(({ endedAt }) => endedAt)));
}

/**
 * Writes a batch of attempts with the changes to their deliveries and subscriptions, and the operational events about
 * them, in one transaction.
 */
export async function settleFailureBatch(
  database: Database,
  events: OperationalEvents,
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
    const facts = { before, after, held, ours };
    const settled = batch.map((attempt) => decideSettlement(attempt, facts));
    await settleFailedDeliveries(sql, settlementsOf(batch, settled));
    noteLosses(batch, settled, ours, after);
    const applied = await applyHealth(sql, after);
    await events.publish(sql, healthEvents({ ...applied, before, batch: mine }));
    return { settled, ...applied };
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
  const unheld = paused.length > 0 ? await holdSome(sql, paused, changes) : null;
  const released: DueDelivery[] = [];
  for (const { turned, change, at } of changes) {
    if (turned === 'resumed') released.push(...(await releaseDeliveries(sql, change.id, at)));
  }
  const endedWaits: EndedWait[] = [];
  for (const { endedWait, change, at } of changes) {
    if (endedWait) endedWaits.push(await endWait(sql, change.id, at, endedWait));
  }
  return { released, endedWaits, unheld, turned: changes.filter(({ turned }) => turned !== null), recovered };
}

/** Holds a slice of each paused subscription. Returns them when that may not have been all. */
async function holdSome(sql: Sql, paused: string[], changes: NewHealth[]): Promise<Unheld | null> {
  const at = new Date(Math.max(...changes.map((change) => change.at.getTime())));
  const held = await holdDeliveries(sql, paused, at);
  return held >= MOVED_AT_ONCE ? { subscriptionIds: paused, at } : null;
}

function leaseOf({ ready, record }: FinishedAttempt) {
  return { deliveryId: ready.delivery.id, lease: ready.delivery.lease, n: record.n };
}

function settlementsOf(batch: FinishedAttempt[], settled: Settled[]): Settlement[] {
  return batch.map((attempt, index) => settlementOf(attempt, settled[index] as Settled));
}
