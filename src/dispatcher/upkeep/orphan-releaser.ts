import type { Database } from '../../database/database.js';
import { releaseDeliveries } from '../../deliveries/move-deliveries.js';
import { findWaitingDeliveries } from '../../deliveries/recover-deliveries.js';
import type { DueDelivery } from '../../queue/deliver-job.js';

/** How many deliveries one sweep releases, and how many subscriptions it checks, at the most. */
const MOST = 5_000;
const MAX_SCANNED = 200;

/**
 * Releases what is still held for active subscriptions, one slice for each that has no due delivery. The worker that
 * sends a slice releases the next one, so the rest of a great backlog stays held, where it costs nothing.
 */
export class OrphanReleaser {
  /** The subscription that was served last. */
  private last = '';

  constructor(private readonly database: Database) {}

  /**
   * Returns the released deliveries. `subscriptions` are in the order of their ids; the next call goes on after the
   * last one.
   */
  async release(subscriptions: string[], now: Date): Promise<DueDelivery[]> {
    const { sql } = this.database;
    const next = subscriptions.findIndex((id) => id > this.last);
    const from = Math.max(0, next);
    const inTurn = [...subscriptions.slice(from), ...subscriptions.slice(0, from)];
    const released: DueDelivery[] = [];
    for (const id of inTurn.slice(0, MAX_SCANNED)) {
      if (released.length >= MOST) break;
      this.last = id;
      const waiting = await findWaitingDeliveries(sql, id, now, 1);
      if (waiting.length === 0) released.push(...(await releaseDeliveries(sql, id, now)));
    }
    return released;
  }
}
