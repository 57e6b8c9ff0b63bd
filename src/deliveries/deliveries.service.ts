import { Injectable } from '@nestjs/common';
import { Clock } from '../lib/clock.js';
import { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { DeliveryQueue } from '../queue/delivery-queue.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import { endRestOfWait, endWait, type EndedWait } from './end-wait.js';
import {
  cancelOpenDeliveries,
  cancelSomeDeliveries,
  discardDeliveries,
  discardRest,
  holdDeliveries,
  moveInSlices,
  releaseDeliveries,
} from './move-deliveries.js';

/**
 * What pausing, resuming and deleting a subscription do to its deliveries. The first slice is moved in the caller's
 * transaction, the rest of a large backlog in slices with transactions of their own.
 */
@Injectable()
export class DeliveriesService {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly queue: DeliveryQueue,
  ) {}

  /**
   * The first pending deliveries of these paused subscriptions become `held`, or `skipped` where the profile drops
   * them.
   */
  async hold(sql: Sql, subscriptionIds: string[]): Promise<void> {
    await holdDeliveries(sql, subscriptionIds, this.clock.date());
  }

  /** Holds the others, after the transaction, unless the subscription has been resumed. */
  holdRest(subscriptionId: string): Promise<void> {
    return moveInSlices(this.database, (sql) => holdDeliveries(sql, [subscriptionId], this.clock.date()));
  }

  /** The oldest held deliveries of an active subscription become due now: enqueue them. The others follow. */
  release(subscriptionId: string): Promise<DueDelivery[]> {
    return releaseDeliveries(this.database.sql, subscriptionId, this.clock.date());
  }

  /** Most of what is held for a paused subscription becomes `cancelled`, before the transaction that resumes it. */
  discardMost(subscriptionId: string): Promise<void> {
    return moveInSlices(this.database, (sql) => discardDeliveries(sql, subscriptionId, this.clock.date()));
  }

  /** What is held becomes `cancelled`; gives how many. */
  discard(sql: Sql, subscriptionId: string): Promise<number> {
    return discardRest(sql, subscriptionId, this.clock.date());
  }

  /** Most of what is not finished becomes `cancelled`, before the transaction that deletes the subscription. */
  cancelMost(subscriptionId: string): Promise<void> {
    return moveInSlices(this.database, (sql) => cancelSomeDeliveries(sql, subscriptionId, this.clock.date()));
  }

  /** Everything not finished becomes `cancelled`; gives how many. */
  cancel(sql: Sql, subscriptionId: string): Promise<number> {
    return cancelOpenDeliveries(sql, subscriptionId, this.clock.date());
  }

  /**
   * What waits because the endpoint asked for it, until `until`, goes back to its schedule; `finishWait` does the rest.
   */
  endWait(sql: Sql, subscriptionId: string, until: Date): Promise<EndedWait> {
    return endWait(sql, subscriptionId, this.clock.date(), until);
  }

  /** After the commit: enqueues what is due, and takes what one slice did not hold. */
  async finishWait({ due, rest }: EndedWait): Promise<void> {
    this.enqueue(due);
    if (rest) await endRestOfWait(this.database, rest);
  }

  /** Puts deliveries into the queue, at their time. */
  enqueue(due: (DueDelivery & { at?: number })[]): void {
    for (const { at, ...one } of due) this.queue.enqueue([one], at);
  }
}
