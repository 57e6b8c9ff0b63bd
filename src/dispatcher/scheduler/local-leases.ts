import { IdTable } from '../../lib/id-table.js';
import type { LocallyLeased } from '../../deliveries/locally-leased.js';

/** What may wait here: deliveries, and bytes of events. */
const MAX_COUNT = 4_096;
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * The local leases whose deliveries wait in their endpoints' queues: made by a publisher in this process, not used yet.
 */
export class LocalLeases {
  private readonly waiting = new IdTable<{ leased: LocallyLeased; since: number }>();
  private bytes = 0;

  get isFull(): boolean {
    return this.waiting.size >= MAX_COUNT || this.bytes >= MAX_BYTES;
  }

  add(leased: LocallyLeased, now: number): void {
    this.waiting.set(leased.delivery.id, { leased, since: now });
    this.bytes += leased.event.data.length;
  }

  /** Removes one and returns it; undefined when it is not here. */
  remove(id: string): LocallyLeased | undefined {
    const entry = this.waiting.get(id);
    if (!entry) return undefined;
    this.waiting.delete(id);
    this.bytes -= entry.leased.event.data.length;
    return entry.leased;
  }

  /** Removes those added before `before` (monotonic milliseconds), and returns them, oldest first. */
  removeOlderThan(before: number): LocallyLeased[] {
    const old = this.waiting.entries().filter(([, { since }]) => since < before);
    old.sort(([a], [b]) => (a < b ? -1 : 1));
    return old.flatMap(([id]) => this.remove(id) ?? []);
  }
}
