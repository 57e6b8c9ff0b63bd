import { Lru } from './lru.js';

/** Names remembered. A forgotten name starts with a full bucket. */
const CAPACITY = 10_000;

/**
 * Limits spending by name to a rate. A bucket holds one second's worth, and may be overdrawn while anything is left:
 * one large amount may exceed it, and later ones wait until it has refilled.
 */
export class TokenBuckets {
  private readonly buckets = new Lru<{ left: number; at: number }>(CAPACITY);

  /**
   * Spends `amount` at `now` (milliseconds) and returns 0; or spends nothing and returns how long to wait,
   * milliseconds.
   */
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
