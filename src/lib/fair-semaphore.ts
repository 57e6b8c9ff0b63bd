/** The task calls `release` when it is done. Further calls have no effect. */
type Begin = (release: () => void) => void;

/**
 * Lets a number of tasks run at a time. Owners take turns: however many tasks one owner has waiting, another owner's
 * next task is second in line.
 */
export class FairSemaphore {
  /** By owner, in the order of their next turn. */
  private readonly waiting = new Map<string, Begin[]>();

  constructor(private permits: number) {}

  /** How many tasks of this owner wait. */
  waitingOf(owner: string): number {
    return this.waiting.get(owner)?.length ?? 0;
  }

  /** Calls `begin` when a permit is free, which may be at once. */
  acquire(owner: string, begin: Begin): void {
    if (this.permits > 0) return this.start(begin);
    const mine = this.waiting.get(owner);
    if (mine) mine.push(begin);
    else this.waiting.set(owner, [begin]);
  }

  /** Runs the task when a permit is free, and returns its result. */
  run<T>(owner: string, work: () => Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      this.acquire(owner, (release) => {
        void work().then(resolve, reject).finally(release);
      });
    });
  }

  private start(begin: Begin): void {
    this.permits -= 1;
    begin(this.releaseOnce());
  }

  /** Made here so that it does not keep `begin`, and with it a whole request body, in memory. */
  private releaseOnce(): () => void {
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      this.permits += 1;
      this.startNext();
    };
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
