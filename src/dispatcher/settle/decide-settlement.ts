import { isOwnFault } from '../../core/own-fault.js';
import type { AttemptTrigger, DeliveryStatus, Override, WhilePaused } from '../../core/domain-types.js';
import type { LeasedDelivery, Settlement } from '../../deliveries/delivery.js';
import type { Health } from '../../endpoints/health.js';
import { isLost } from '../health/exhausted.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';
import { leftSinceResume, type NewHealth } from '../health/judge-health.js';

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

/** What decides on the deliveries of a batch besides its attempts. */
interface BatchFacts {
  /** The subscriptions' healths before the batch, by id. Deleted ones are absent. */
  before: ReadonlyMap<string, Health>;
  after: ReadonlyMap<string, NewHealth>;
  /** Ids of deliveries that are held until their endpoint recovers. */
  held: ReadonlySet<string>;
  /** The deliveries whose leases this worker still has, and their overrides by now. */
  ours: ReadonlyMap<string, Override | null>;
}

/** What becomes of a delivery after its attempt. `facts`: null for an ordinary success, which needs none. */
export function decideSettlement(attempt: FinishedAttempt, facts: BatchFacts | null): Settled {
  if (!facts) return settledOf(attempt, null);
  const { id } = attempt.ready.delivery;
  const standing = standingOf(attempt, facts);
  const usual = facts.held.has(id)
    ? waitingForRecovery(attempt, standing, facts.before)
    : settledOf(attempt, standing);
  return facts.ours.get(id) === 'again' ? onceMore(attempt, usual) : usual;
}

export function subscriptionOf(attempt: FinishedAttempt): string {
  return attempt.ready.delivery.subscriptionId;
}

type Standing = { failures: number; state: 'active' | 'paused' | 'deleted'; whilePaused: WhilePaused };

/** A subscription that was not found has been deleted. */
function standingOf(attempt: FinishedAttempt, { before, after }: BatchFacts): Standing {
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
  if (override === 'once' && !isOwnFault(record.errorCode)) return finished('failed');
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
  before: ReadonlyMap<string, Health>,
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

/** The same as it is written. */
export function settlementOf(attempt: FinishedAttempt, settled: Settled): Settlement {
  const { ready, record, verdict, endedAt } = attempt;
  const { delivery, endpoint } = ready;
  const { status, nextAttemptAt, plannedAt, override, anew } = settled;
  const counts =
    !isOwnFault(record.errorCode) && delivery.override !== 'probe' && delivery.override !== 'once';
  return {
    deliveryId: delivery.id,
    lease: delivery.lease,
    attempt: record,
    attemptTrigger: attemptTriggerOf(delivery),
    status,
    scheduleStep: anew ? 0 : delivery.scheduleStep + (counts && verdict.kind !== 'delivered' ? 1 : 0),
    maxAttempts: delivery.trigger === 'test' ? 1 : endpoint.retrySchedule.length + 1,
    nextAttemptAt,
    finishedAt: status === 'pending' || status === 'held' ? null : new Date(endedAt),
    override,
    plannedAt: plannedAt ?? null,
    lostAt: isLost(attempt, status) ? new Date(endedAt) : null,
  };
}

/** Why this attempt was made. A test's first one is the delivery itself, not a retry. */
export function attemptTriggerOf({ trigger, override, attemptCount }: LeasedDelivery): AttemptTrigger {
  if (override === null || (trigger === 'test' && attemptCount === 0)) return 'schedule';
  return override === 'probe' ? 'probe' : 'manual';
}
