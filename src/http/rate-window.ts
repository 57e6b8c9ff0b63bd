/** What is left of a caller's requests. */
export interface RateState {
  limit: number;
  remaining: number;
  /** When the window ends, milliseconds. */
  resetAt: number;
  allowed: boolean;
}

/** Callers remembered at most; then the oldest windows are forgotten early. */
const MAX_CALLERS = 50_000;

/** Counts each caller's requests in windows of a fixed length, in this process. */
export class RateWindow {
  private readonly windows = new Map<string, { endsAt: number; used: number }>();

  constructor(
    private readonly limit: number,
    private readonly windowMs: number,
  ) {}

  consume(caller: string, now: number): RateState {
    let window = this.windows.get(caller);
    if (!window || window.endsAt <= now) {
      window = { endsAt: now + this.windowMs, used: 0 };
      this.windows.delete(caller);
      this.windows.set(caller, window);
      this.evictOldest();
    }
    const allowed = window.used < this.limit;
    if (allowed) window.used += 1;
    return { limit: this.limit, remaining: this.limit - window.used, resetAt: window.endsAt, allowed };
  }

  private evictOldest(): void {
    const [oldest] = this.windows.keys();
    if (this.windows.size > MAX_CALLERS && oldest !== undefined) this.windows.delete(oldest);
  }
}
