/** Passes on one line in ten seconds and drops the others: with a server away, every attempt to reach it fails. */
export class RateLimitedLog {
  private quietUntil = -Infinity;

  constructor(
    private readonly write: (line: string) => void,
    private readonly intervalMs = 10_000,
  ) {}

  log(line: string): void {
    const now = performance.now();
    if (now < this.quietUntil) return;
    this.quietUntil = now + this.intervalMs;
    this.write(line);
  }
}
