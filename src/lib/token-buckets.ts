import { LRUCache } from 'lru-cache';

/** Names remembered; one that is forgotten begins anew. */
const CAPACITY = 10_000;

/**
 * Holds what is spent by name to a rate. A second's worth may be spent at once, and who has anything left may overdraw: a
 * single spending may be larger than what a second brings, and those after it wait until it is paid off.
 */
export class TokenBuckets {
  private readonly buckets = new LRUCache<string, { left: number; at: number }>({ max: CAPACITY });

  /** Spends `amount` at `now` (milliseconds) and gives 0; or spends nothing and gives how long to wait, milliseconds. */
  consume(name: string, amount: number, perSecond: number, now: number): number {
    let bucket = this.buckets.get(name);
    if (!bucket) this.buckets.set(name, (bucket = { left: perSecond, at: now }));
    bucket.left = Math.min(perSecond, bucket.left + (Math.max(0, now - bucket.at) * perSecond) / 1_000);
    bucket.at = now;
    if (bucket.left <= 0) return Math.ceil(((1 - bucket.left) / perSecond) * 1_000);
    bucket.left -= amount;
    return 0;
  }
}
