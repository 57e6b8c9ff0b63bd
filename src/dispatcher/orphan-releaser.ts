import type { Database } from '../database/database.js';
import { releaseDeliveries } from '../deliveries/move-deliveries.js';
import { findWaitingDeliveries } from '../deliveries/recover-deliveries.js';
import type { DueDelivery } from '../queue/deliver-job.js';

/** What one sweep releases at the most, and for how many subscriptions it looks whether they need more. */
const MOST = 5_000;
const LOOKS = 200;

/**
 * Releases what is held for active subscriptions, a slice for each that has nothing to do: the workers that send a slice release the
 * next one themselves. The rest of a great backlog stays where it costs nothing until its turn comes.
 */
export class OrphanReleaser {
  /** The subscription that was served last. */
  private last = '';

  constructor(private readonly database: Database) {}

  /** Gives what it released of these subscriptions, which are in the order of their ids; the others are served the next time. */
  async release(subscriptions: string[], now: Date): Promise<DueDelivery[]> {
    const { sql } = this.database;
    const next = subscriptions.findIndex((id) => id > this.last);
    const from = Math.max(0, next);
    const inTurn = [...subscriptions.slice(from), ...subscriptions.slice(0, from)];
    const released: DueDelivery[] = [];
    for (const id of inTurn.slice(0, LOOKS)) {
      if (released.length >= MOST) break;
      this.last = id;
      const waiting = await findWaitingDeliveries(sql, id, now, 1);
      if (waiting.length === 0) released.push(...(await releaseDeliveries(sql, id, now)));
    }
    return released;
  }
}
