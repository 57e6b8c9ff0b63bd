/** Passes on one line in ten seconds and drops the others: with a server away, every attempt to reach it fails. */
export class RateLimitedLog<Line = string> {
  private quietUntil = -Infinity;
  private dropped = 0;

  /** `write` gets a line, and how many were dropped since the one before. */
  constructor(
    private readonly write: (line: Line, dropped: number) => void,
    private readonly intervalMs = 10_000,
  ) {}

  log(line: Line): void {
    const now = performance.now();
    if (now < this.quietUntil) {
      this.dropped += 1;
      return;
    }
    const { dropped } = this;
    this.quietUntil = now + this.intervalMs;
    this.dropped = 0;
    this.write(line, dropped);
  }
}
