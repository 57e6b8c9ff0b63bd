import { Lru } from '../lib/lru.js';

/** Endpoints that are remembered, and for how long, milliseconds: then keeping their connections is tried again. */
const CAPACITY = 1_000;
const REMEMBERED_MS = 60_000;
/** So often in a row, each time on a connection that was opened after the time before. Once is a restart. */
const ENDS = 2;
/** The part of the idle time after which a connection had ended. */
const SAFE_PART = 1 / 2;
/** A connection that may be kept for less, milliseconds, is not kept. */
const LEAST_MS = 5;

interface Ends {
  count: number;
  lastAt: number;
  limitMs: number;
}

/** A kept connection that had ended, or was about to, when a request was sent on it. Monotonic milliseconds. */
export interface EndedConnection {
  openedAt: number;
  /** How long it had been idle. */
  idleMs: number;
}

/**
 * Endpoints that end their connections sooner than they say. A request that meets such an end is sent twice, and the
 * endpoint may have read both: so their connections are kept for less, or not at all.
 */
export class KeepLimits {
  private readonly byPoolKey = new Lru<Ends>(CAPACITY, { ttl: REMEMBERED_MS });

  noteEnd(poolKey: string, { openedAt, idleMs }: EndedConnection, now: number): void {
    const known = this.byPoolKey.get(poolKey);
    const limitMs = idleMs * SAFE_PART;
    if (known === undefined) this.byPoolKey.set(poolKey, { count: 1, lastAt: now, limitMs });
    else if (openedAt > known.lastAt)
      this.byPoolKey.set(poolKey, {
        count: known.count + 1,
        lastAt: now,
        limitMs: Math.min(known.limitMs, limitMs),
      });
  }

  /** A kept connection carried another request. */
  noteReuse(poolKey: string): void {
    if (this.byPoolKey.size === 0) return;
    const known = this.byPoolKey.get(poolKey);
    if (known !== undefined && known.count < ENDS) this.byPoolKey.delete(poolKey);
  }

  /** For how long a connection may be kept that the endpoint would keep for `keepMs`. */
  limit(poolKey: string, keepMs: number): number {
    if (this.byPoolKey.size === 0) return keepMs;
    const known = this.byPoolKey.get(poolKey);
    if (known === undefined || known.count < ENDS) return keepMs;
    return known.limitMs < LEAST_MS ? 0 : Math.min(keepMs, known.limitMs);
  }
}
