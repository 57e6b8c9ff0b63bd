/** Calls `release` when its work is done; more than once does no harm. */
type Begin = (release: () => void) => void;

/** Lets so many pieces of work run at a time, owners in turns: however many one has waiting, another's next comes second. */
export class FairSemaphore {
  /** By owner, in the order of their next turn. */
  private readonly waiting = new Map<string, Begin[]>();

  constructor(private permits: number) {}

  /** How many pieces of this owner's work wait. */
  waitingOf(owner: string): number {
    return this.waiting.get(owner)?.length ?? 0;
  }

  /** Calls `begin` when it is its turn: at once when there is a permit. */
  acquire(owner: string, begin: Begin): void {
    if (this.permits > 0) return this.start(begin);
    const mine = this.waiting.get(owner);
    if (mine) mine.push(begin);
    else this.waiting.set(owner, [begin]);
  }

  /** Does the work when it is its turn, and returns its result. */
  run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.acquire(owner, (release) => {
        void work().then(resolve, reject).finally(release);
      });
    });
  }

  private start(begin: Begin): void {
    this.permits -= 1;
    let isReleased = false;
    begin(() => {
      if (isReleased) return;
      isReleased = true;
      this.permits += 1;
      this.startNext();
    });
  }

  private startNext(): void {
    for (const [owner, mine] of this.waiting) {
      this.waiting.delete(owner);
      const begin = mine.shift();
      if (mine.length > 0) this.waiting.set(owner, mine);
      if (begin) this.start(begin);
      return;
    }
  }
}
