/**
 * The leases that others made for this worker: those of messages, and those that it found in the database. Each is used
 * once: a message that is repeated, or comes after its deliveries were released, changes nothing. Times are monotonic
 * milliseconds.
 */
export class SeenLeases {
  private readonly all = new Map<string, number>();

  get known(): string[] {
    return [...this.all.keys()];
  }

  /** Returns false, and does nothing, for one that is known. */
  add(lease: string, now: number): boolean {
    if (this.all.has(lease)) return false;
    this.all.set(lease, now);
    return true;
  }

  /** Forgets those that are `keptMs` old: nobody asks for them, and no message that is as old is accepted. */
  prune(now: number, keptMs: number): void {
    // In the order in which they were added.
    for (const [lease, at] of this.all) {
      if (now - at < keptMs) return;
      this.all.delete(lease);
    }
  }
}
