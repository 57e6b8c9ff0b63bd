interface Waiting<In, Out> {
  item: In;
  resolve: (out: Out) => void;
  reject: (reason: unknown) => void;
}

/**
 * Collects single calls into batches without a timer: an idle batcher flushes at once, a busy one collects what
 * arrives while its flushes run. A batch weighs at most `max` (an item weighs 1 unless `weigh` says otherwise), and
 * up to `parallel` flushes (default 1) run at once. With `gatherMs` a batch waits that long before it is flushed; with
 * `apartMs` it waits until that long after the last one began, and no longer than until it has `max` items.
 * `flush` returns its results in the order of the items; when it throws, every item of the batch fails.
 */
export class Batcher<In, Out> {
  private waiting: Waiting<In, Out>[] = [];
  private running = 0;
  private scheduled = false;
  /** When the last flush began, monotonic milliseconds. */
  private begunAt = -Infinity;
  private later: NodeJS.Timeout | undefined;

  constructor(
    private readonly flush: (items: In[]) => Promise<Out[]>,
    private readonly options: {
      max: number;
      parallel?: number;
      weigh?: (item: In) => number;
      gatherMs?: number;
      apartMs?: number;
    },
  ) {}

  add(item: In): Promise<Out> {
    return new Promise<Out>((resolve, reject) => {
      this.waiting.push({ item, resolve, reject });
      this.schedule();
    });
  }

  /** Whether nothing waits and nothing is being flushed. */
  get isIdle(): boolean {
    return this.waiting.length === 0 && this.running === 0;
  }

  private schedule(): void {
    if (this.scheduled || this.running >= (this.options.parallel ?? 1)) return;
    const begin = () => {
      this.later = undefined;
      this.scheduled = false;
      this.start();
    };
    const restMs = this.restMs();
    if (restMs > 0) {
      // Rounded up: setTimeout takes whole milliseconds, and would begin too early.
      this.later ??= setTimeout(begin, Math.ceil(restMs));
      return;
    }
    clearTimeout(this.later);
    this.scheduled = true;
    if (this.options.gatherMs) setTimeout(begin, this.options.gatherMs);
    // One turn of the event loop: calls made by the same burst of socket reads share the batch.
    else setImmediate(begin);
  }

  /** For how long the next batch waits for more, milliseconds: not at all when it is full. */
  private restMs(): number {
    const { apartMs, max } = this.options;
    if (apartMs === undefined || this.waiting.length >= max) return 0;
    return this.begunAt + apartMs - performance.now();
  }

  private start(): void {
    while (this.waiting.length > 0 && this.running < (this.options.parallel ?? 1)) {
      const batch = this.waiting.splice(0, this.batchLength());
      this.running += 1;
      this.begunAt = performance.now();
      void this.run(batch);
    }
  }

  /** How many waiting items make up `max`, by weight; at least one. */
  private batchLength(): number {
    const { max, weigh } = this.options;
    if (!weigh) return max;
    let total = 0;
    const end = this.waiting.findIndex(({ item }) => (total += weigh(item)) > max);
    return end === -1 ? this.waiting.length : Math.max(1, end);
  }

  private async run(batch: Waiting<In, Out>[]): Promise<void> {
    try {
      const results = await this.flush(batch.map((entry) => entry.item));
      batch.forEach((entry, index) => entry.resolve(results[index] as Out));
    } catch (error) {
      for (const entry of batch) entry.reject(error);
    } finally {
      this.running -= 1;
      if (this.waiting.length > 0) {
        if (this.options.gatherMs || this.options.apartMs) this.schedule();
        else this.start();
      }
    }
  }
}
