/** Four steps for each doubling: a value is known to within a fifth. */
const STEPS = 4;
/** Up to 2^30 ms, twelve days. */
const SIZE = 30 * STEPS + 1;

/** Counts of milliseconds on a logarithmic scale: small enough to store by the minute, and two can be added. */
export class Histogram {
  constructor(readonly counts: number[] = Array<number>(SIZE).fill(0)) {}

  add(ms: number): void {
    const place = ms < 1 ? 0 : Math.min(SIZE - 1, 1 + Math.floor(Math.log2(ms) * STEPS));
    this.counts[place] = (this.counts[place] ?? 0) + 1;
  }

  merge(counts: readonly number[]): void {
    counts.forEach((count, place) => (this.counts[place] = (this.counts[place] ?? 0) + count));
  }

  /** The value below which this share (0 to 1) of all values lies, milliseconds; null when there are none. */
  percentile(share: number): number | null {
    const total = this.counts.reduce((sum, count) => sum + count, 0);
    if (total === 0) return null;
    let left = Math.max(1, Math.ceil(total * share));
    const place = this.counts.findIndex((count) => (left -= count) <= 0);
    return Math.round(2 ** (place / STEPS));
  }
}
