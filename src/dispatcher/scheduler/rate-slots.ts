/** A slot may be used so much later than its time, milliseconds: a full event loop loses little of the rate, a long one all it missed. */
const LATEST_MS = 500;
/** Slots that are used late follow each other at this part of the interval. */
const CATCH_UP = 0.8;
/** The calls of so long, milliseconds, may leave together. */
const TOGETHER_MS = 50;
/** Slots are asked for so long ahead, milliseconds; at least one. */
const AHEAD_MS = 500;

/** The times at which one endpoint may be called by this worker, as they were given out to it. Milliseconds, monotonic. */
export class RateSlots {
  private slots: { at: number; count: number }[] = [];
  private notBefore = -Infinity;
  private isRequested = false;

  /** `perSecond`: of all workers together. */
  constructor(readonly perSecond: number) {}

  private get interval(): number {
    return 1_000 / this.perSecond;
  }

  /** When the next call may be made; null while there is no slot. */
  nextAt(now: number): number | null {
    this.dropExpired(now);
    const [first] = this.slots;
    return first ? Math.max(first.at, this.notBefore) : null;
  }

  /** How many calls may be made now. */
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
    first.at += this.interval * count;
    first.count -= count;
    if (first.count <= 0) this.slots.shift();
  }

  /** How many slots to ask for, where so many calls wait; 0 while there are enough, or an answer is awaited. */
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

  /** `count` slots from `at` on, or none where nobody could say. */
  grant(at: number, count: number): void {
    this.isRequested = false;
    if (count > 0) this.slots.push({ at, count });
  }

  /** Slots whose time is long over are lost. */
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
