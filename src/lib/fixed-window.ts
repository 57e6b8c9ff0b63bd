import { Lru } from './lru.js';

/** What is left of a key's calls in its window. */
export interface WindowState {
  limit: number;
  remaining: number;
  /** When the window ends, milliseconds of the caller's clock. */
  resetAt: number;
  allowed: boolean;
}

interface FixedWindowOptions {
  /** Calls of one key in one window. */
  limit: number;
  windowMs: number;
  /** Keys remembered; the least recently used window is forgotten early. */
  maxKeys: number;
}

/** Counts calls by key in windows of a fixed length, in this process. A key's window begins with its first call. */
export class FixedWindow {
  private readonly windows: Lru<{ endsAt: number; used: number }>;

  constructor(private readonly options: FixedWindowOptions) {
    this.windows = new Lru(options.maxKeys);
  }

  /** Counts a call at `now` (milliseconds) if it is allowed. */
  consume(key: string, now: number): WindowState {
    const { limit, windowMs } = this.options;
    let window = this.windows.get(key);
    if (!window || window.endsAt <= now)
      this.windows.set(key, (window = { endsAt: now + windowMs, used: 0 }));
    const allowed = window.used < limit;
    if (allowed) window.used += 1;
    return { limit, remaining: limit - window.used, resetAt: window.endsAt, allowed };
  }
}
