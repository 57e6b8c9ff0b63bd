import { Lru } from '../../lib/lru.js';
import type { FinishedAttempt } from '../attempt/finish-attempt.js';
import { subscriptionOf } from './decide-settlement.js';
import { isFailureBatch } from './settle.js';

/** Endpoints that are remembered. */
const CAPACITY = 20_000;

interface Streak {
  /** Attempts that are not written yet. */
  unwritten: number;
  /** Whether the last of them succeeded. */
  endsWell: boolean;
}

/**
 * Which endpoints have failures that no success has ended. Their next success is written with the failures: in a batch
 * of its own, failures that came later could be counted before it.
 */
export class OpenStreaks {
  private readonly bySubscription = new Lru<Streak>(CAPACITY);

  /** Whether the attempt has to be written in order with failures. */
  joins(attempt: FinishedAttempt): boolean {
    const id = subscriptionOf(attempt);
    let streak = this.bySubscription.get(id);
    if (streak === undefined) {
      if (!isFailureBatch(attempt)) return false;
      streak = { unwritten: 0, endsWell: false };
      this.bySubscription.set(id, streak);
    }
    streak.unwritten += 1;
    streak.endsWell = attempt.verdict.kind === 'delivered';
    return true;
  }

  /** These attempts, for which `joins` was true, are written. */
  recordWritten(batch: readonly FinishedAttempt[]): void {
    for (const id of batch.map(subscriptionOf)) {
      const streak = this.bySubscription.get(id);
      if (streak === undefined) continue;
      streak.unwritten -= 1;
      if (streak.unwritten <= 0 && streak.endsWell) this.bySubscription.delete(id);
    }
  }
}
