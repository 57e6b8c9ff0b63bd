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

interface Window {
  endsAt: number;
  used: number;
}

/** Counts calls by key in windows of a fixed length, in this process. A key's window begins with its first call. */
export class FixedWindow {
  private readonly windows: Lru<Window>;

  constructor(private readonly options: FixedWindowOptions) {
    this.windows = new Lru(options.maxKeys);
  }

  /** Counts a call at `now` (milliseconds) if it is allowed. */
  consume(key: string, now: number): WindowState {
    const window = this.windowOf(key, now);
    this.windows.set(key, window);
    const allowed = window.used < this.options.limit;
    if (allowed) window.used += 1;
    return { ...this.stateIn(window), allowed };
  }

  /** The same, and counts nothing. */
  stateOf(key: string, now: number): WindowState {
    return this.stateIn(this.windowOf(key, now));
  }

  private windowOf(key: string, now: number): Window {
    const window = this.windows.get(key);
    return window && window.endsAt > now ? window : { endsAt: now + this.options.windowMs, used: 0 };
  }

  private stateIn({ endsAt, used }: Window): WindowState {
    const { limit } = this.options;
    return { limit, remaining: limit - used, resetAt: endsAt, allowed: used < limit };
  }
}
