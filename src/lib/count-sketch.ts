/** Rows of counters; a name has one in each. */
const ROWS = 4;

/**
 * Counts by name in a memory of fixed size (a count-min sketch): it forgets nobody, however many names come, and never counts
 * too little. What counts too much is two names that share a counter in every row. `hash` gives a name's 4 × 32 random bits.
 */
export class CountSketch {
  private readonly counters: Uint16Array;

  /** `width`: counters a row has, a power of two. */
  constructor(
    private readonly width: number,
    private readonly hash: (name: string) => Uint32Array,
  ) {
    this.counters = new Uint16Array(ROWS * width);
  }

  count(name: string): number {
    return Math.min(...this.countersOf(name).map((at) => this.counters[at] ?? 0));
  }

  /** One more of this name. Only its lowest counters go up, which keeps the others truer. */
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
