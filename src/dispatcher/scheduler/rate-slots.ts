/** A slot may be used so long after its time, milliseconds, so that a busy event loop loses little of the rate. */
const LATEST_MS = 500;
/** Late slots follow each other at this part of the interval. */
const CATCH_UP = 0.8;
/** Slots within so long, milliseconds, may be used together. */
const TOGETHER_MS = 50;
/** Slots are reserved for so long ahead, milliseconds; at least one. */
const AHEAD_MS = 500;

/** The times, monotonic milliseconds, that this worker has reserved for requests to one endpoint. */
export class RateSlots {
  private slots: { at: number; count: number }[] = [];
  private notBefore = -Infinity;
  private isRequested = false;
  /** The time of the slot that was used last. */
  private usedAt = -Infinity;

  /** `perSecond`: requests a second by all workers together. */
  constructor(readonly perSecond: number) {}

  private get interval(): number {
    return 1_000 / this.perSecond;
  }

  /** When the next request may start; null without a slot. */
  nextAt(now: number): number | null {
    this.dropExpired(now);
    const [first] = this.slots;
    return first ? Math.max(first.at, this.notBefore) : null;
  }

  /** How many requests may start now. */
  due(now: number): number {
    const next = this.nextAt(now);
    const [first] = this.slots;
    if (next === null || next > now || !first) return 0;
    const together = Math.max(1, Math.ceil((this.perSecond * TOGETHER_MS) / 1_000));
    return Math.min(first.count, together, Math.floor((now - first.at) / this.interval) + 1);
  }

  /** Uses as many slots as were due. */
  use(count: number, now: number): void {
    const [first] = this.slots;
    if (!first || count === 0) return;
    this.notBefore = now + this.interval * CATCH_UP * count;
    this.usedAt = first.at;
    first.at += this.interval * count;
    first.count -= count;
    if (first.count <= 0) this.slots.shift();
  }

  /** Takes back the slot of a request that was not made: the next one has it. */
  takeBack(): void {
    const [first] = this.slots;
    this.notBefore -= this.interval * CATCH_UP;
    if (!first) this.slots.push({ at: this.usedAt, count: 1 });
    else {
      first.at -= this.interval;
      first.count += 1;
    }
  }

  /**
   * How many slots to reserve while `waiting` deliveries wait; 0 with enough of them, or while a reservation is under
   * way.
   */
  needed(waiting: number, now: number): number {
    if (this.isRequested || waiting === 0) return 0;
    this.dropExpired(now);
    const most = Math.max(1, Math.ceil((this.perSecond * AHEAD_MS) / 1_000));
    const left = this.slots.reduce((sum, { count }) => sum + count, 0);
    return left > most / 2 ? 0 : Math.min(most, Math.max(0, waiting - left));
  }

  markRequested(): void {
    this.isRequested = true;
  }

  /** The reservation has ended: `count` slots from `at` on, or none when it failed. */
  grant(at: number, count: number): void {
    this.isRequested = false;
    if (count > 0) this.slots.push({ at, count });
  }

  /** Drops slots that are too late to be used. */
  private dropExpired(now: number): void {
    for (let first = this.slots[0]; first; first = this.slots[0]) {
      const lost = Math.min(first.count, Math.floor((now - LATEST_MS - first.at) / this.interval) + 1);
      if (lost <= 0) return;
      first.at += lost * this.interval;
      first.count -= lost;
      if (first.count > 0) return;
      this.slots.shift();
    }
  }
}
