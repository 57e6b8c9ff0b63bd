import { Injectable } from '@nestjs/common';
import { Clock } from '../core/clock.js';
import type { Sql } from '../database/sql.js';
import { Doorbell } from '../queue/doorbell.js';
import type { DueDelivery } from '../queue/job.js';
import {
  cancelOpenDeliveries,
  discardDeliveries,
  endWait,
  holdDeliveries,
  releaseDeliveries,
  type WokenDelivery,
} from './move-deliveries.js';

/** What pausing, resuming and deleting a subscription do to its deliveries, inside the caller's transaction. */
@Injectable()
export class Deliveries {
  constructor(
    private readonly clock: Clock,
    private readonly doorbell: Doorbell,
  ) {}

  /** Pending deliveries of these subscriptions become `held`, or `skipped` where nothing waits for a resume. */
  hold(sql: Sql, subscriptionIds: string[]): Promise<void> {
    return holdDeliveries(sql, subscriptionIds, this.clock.date());
  }

  /** Held deliveries become due now, oldest first. Ring for them once the transaction has committed. */
  release(sql: Sql, subscriptionId: string): Promise<DueDelivery[]> {
    return releaseDeliveries(sql, subscriptionId, this.clock.date());
  }

  /** Held deliveries become `cancelled`; gives how many. */
  discard(sql: Sql, subscriptionId: string): Promise<number> {
    return discardDeliveries(sql, subscriptionId, this.clock.date());
  }

  /** Everything not finished becomes `cancelled`; gives how many. */
  cancel(sql: Sql, subscriptionId: string): Promise<number> {
    return cancelOpenDeliveries(sql, subscriptionId, this.clock.date());
  }

  /** What waits because the endpoint asked for it, until `until`, goes by its schedule again. Ring for it as for the released. */
  endWait(sql: Sql, subscriptionId: string, until: Date): Promise<WokenDelivery[]> {
    return endWait(sql, subscriptionId, this.clock.date(), until);
  }

  /** Tells the workers. */
  ring(due: (DueDelivery & { at?: number })[]): void {
    for (const { at, ...one } of due) this.doorbell.ring([one], at);
  }
}
