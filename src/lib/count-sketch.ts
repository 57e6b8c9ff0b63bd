/** Rows of counters. A name has one counter in each. */
const ROWS = 4;

/**
 * Counts names in fixed memory (a count-min sketch), however many there are. It never counts too little; it counts
 * too much for names that share a counter in every row. `hash` returns 4 × 32 random bits for a name.
 */
export class CountSketch {
  private readonly counters: Uint16Array;

  /** `width`: counters in a row, a power of two. */
  constructor(
    private readonly width: number,
    private readonly hash: (name: string) => Uint32Array,
  ) {
    this.counters = new Uint16Array(ROWS * width);
  }

  count(name: string): number {
    return Math.min(...this.countersOf(name).map((at) => this.counters[at] ?? 0));
  }

  /** Counts one more of this name. Only its lowest counters are raised, which keeps the others more exact. */
  add(name: string): void {
    const places = this.countersOf(name);
    const count = Math.min(...places.map((at) => this.counters[at] ?? 0));
    if (count === 0xffff) return;
    for (const at of places) if (this.counters[at] === count) this.counters[at] = count + 1;
  }

  clear(): void {
    this.counters.fill(0);
  }

  private countersOf(name: string): number[] {
    const hash = this.hash(name);
    return Array.from({ length: ROWS }, (_, row) => row * this.width + ((hash[row] ?? 0) & (this.width - 1)));
  }
}
