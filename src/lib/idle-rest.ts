/** For how long a poller rests that finds nothing: briefly while there was something lately, longer afterwards. */
export class IdleRest {
  /** Monotonic milliseconds. */
  private foundAt = performance.now();

  /** `briefMs`: until nothing was found for `afterMs`; then `longMs`. */
  constructor(
    private readonly briefMs: number,
    private readonly longMs: number,
    private readonly afterMs: number,
  ) {}

  /** To be called when there was something to do. */
  found(): void {
    this.foundAt = performance.now();
  }

  get ms(): number {
    return performance.now() - this.foundAt < this.afterMs ? this.briefMs : this.longMs;
  }
}
