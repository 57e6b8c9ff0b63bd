/** Intervals of a text, from a start up to an end: sorted, without overlaps. Intervals that only touch stay two. */
export class Intervals {
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];

  get count(): number {
    return this.starts.length;
  }

  start(index: number): number {
    return this.starts[index] as number;
  }

  end(index: number): number {
    return this.ends[index] as number;
  }

  /**
   * Adds an interval and merges it with those it overlaps. No interval with a later end may have been added before.
   */
  add(start: number, end: number): void {
    if (start >= end) return;
    let first = start;
    while (this.ends.length > 0 && (this.ends.at(-1) as number) > first) {
      const before = this.starts.pop() as number;
      if (before < first) first = before;
      this.ends.pop();
    }
    this.starts.push(first);
    this.ends.push(end);
  }

  /** The union of two sets of intervals. */
  union(others: Intervals): Intervals {
    if (others.count === 0) return this;
    if (this.count === 0) return others;
    const all = new Intervals();
    for (let mine = 0, theirs = 0; mine < this.count || theirs < others.count;) {
      const next = mine < this.count ? this.end(mine) : Infinity;
      if (theirs === others.count || next <= others.end(theirs)) {
        all.add(this.start(mine), next);
        mine += 1;
      } else {
        all.add(others.start(theirs), others.end(theirs));
        theirs += 1;
      }
    }
    return all;
  }
}
