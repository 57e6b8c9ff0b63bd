/**
 * Work that is done one after the other, owners in turns: however much one brings, another's next comes second. An owner may
 * have only so much waiting.
 */
export class FairQueue {
  private isBusy = false;
  /** By owner, in the order of their next turn. */
  private readonly waiting = new Map<string, (() => Promise<void>)[]>();

  constructor(private readonly maxWaiting: number) {}

  /** Whether this owner may bring more. */
  hasCapacity(owner: string): boolean {
    return (this.waiting.get(owner)?.length ?? 0) < this.maxWaiting;
  }

  /** Does the work when it is its turn, and gives what came of it. */
  run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const task = () => work().then(resolve, reject);
      const mine = this.waiting.get(owner);
      if (mine) mine.push(task);
      else this.waiting.set(owner, [task]);
      if (!this.isBusy) void this.drain();
    });
  }

  private async drain(): Promise<void> {
    this.isBusy = true;
    for (let next = this.next(); next; next = this.next()) await next();
    this.isBusy = false;
  }

  private next(): (() => Promise<void>) | undefined {
    for (const [owner, mine] of this.waiting) {
      this.waiting.delete(owner);
      const first = mine.shift();
      if (mine.length > 0) this.waiting.set(owner, mine);
      if (first) return first;
    }
    return undefined;
  }
}
