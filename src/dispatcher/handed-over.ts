import type { Handed } from '../deliveries/handoff.js';

/** What may wait here, in deliveries and in bytes of events. */
const MAX_COUNT = 4_096;
const MAX_BYTES = 32 * 1024 * 1024;

interface Entry {
  handed: Handed;
  since: number;
}

/** Deliveries that came past the queue and wait in their lanes, oldest first. They are leased to this process. */
export class HandedOver {
  /**
   * By id, where in `entries` each is. A `Map` with much coming and going is made anew many times a second, and its old table
   * points at the new one: once V8 takes one of them for old, it keeps all that follow, with all they hold. Entries in the map
   * itself, each with its event's data, were 20 to 25 MB more for a process.
   */
  private readonly places = new Map<string, number>();
  private readonly entries: (Entry | null)[] = [];
  private readonly free: number[] = [];
  private bytes = 0;

  get isFull(): boolean {
    return this.places.size >= MAX_COUNT || this.bytes >= MAX_BYTES;
  }

  add(handed: Handed, now: number): void {
    const place = this.free.pop() ?? this.entries.length;
    this.entries[place] = { handed, since: now };
    this.places.set(handed.delivery.id, place);
    this.bytes += handed.event.data.length;
  }

  /** Takes one out; undefined when it is not here. */
  take(id: string): Handed | undefined {
    const place = this.places.get(id);
    if (place === undefined) return undefined;
    const { handed } = this.entries[place] as Entry;
    this.places.delete(id);
    this.entries[place] = null;
    this.free.push(place);
    this.bytes -= handed.event.data.length;
    return handed;
  }

  /** Takes out what has waited since before `before` (monotonic milliseconds). */
  takeOlderThan(before: number): Handed[] {
    const old: Handed[] = [];
    for (const [id, place] of this.places) {
      const { handed, since } = this.entries[place] as Entry;
      if (since >= before) break;
      this.take(id);
      old.push(handed);
    }
    return old;
  }
}
