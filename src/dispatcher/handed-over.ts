import { PassingMap } from '../core/passing-map.js';
import type { Handed } from '../deliveries/handoff.js';

/** What may wait here, in deliveries and in bytes of events. */
const MAX_COUNT = 4_096;
const MAX_BYTES = 32 * 1024 * 1024;

/** Deliveries that came past the queue and wait in their lanes. They are leased to this process. */
export class HandedOver {
  private readonly waiting = new PassingMap<{ handed: Handed; since: number }>();
  private bytes = 0;

  get isFull(): boolean {
    return this.waiting.size >= MAX_COUNT || this.bytes >= MAX_BYTES;
  }

  add(handed: Handed, now: number): void {
    this.waiting.set(handed.delivery.id, { handed, since: now });
    this.bytes += handed.event.data.length;
  }

  /** Takes one out; undefined when it is not here. */
  take(id: string): Handed | undefined {
    const entry = this.waiting.get(id);
    if (!entry) return undefined;
    this.waiting.delete(id);
    this.bytes -= entry.handed.event.data.length;
    return entry.handed;
  }

  /** Takes out what has waited since before `before` (monotonic milliseconds), oldest first. */
  takeOlderThan(before: number): Handed[] {
    const old = this.waiting.entries().filter(([, { since }]) => since < before);
    old.sort(([a], [b]) => (a < b ? -1 : 1));
    return old.flatMap(([id]) => this.take(id) ?? []);
  }
}
