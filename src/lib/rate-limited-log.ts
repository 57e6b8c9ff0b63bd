/** Passes one line in ten seconds on and drops the others: a server that is away fails every attempt to reach it. */
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
