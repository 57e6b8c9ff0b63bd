import { Lru } from './lru.js';

/** Names remembered; one that is forgotten begins anew. */
const CAPACITY = 10_000;

/**
 * Holds what is spent by name to a rate. A second's worth may be spent at once, and who has anything left may overdraw: a
 * single spending may be larger than what a second brings, and those after it wait until it is paid off.
 */
export class RateBudget {
  private readonly accounts = new Lru<{ left: number; at: number }>(CAPACITY);

  /** Spends `amount` at `now` (milliseconds) and gives 0; or spends nothing and gives how long to wait, milliseconds. */
  spend(name: string, amount: number, perSecond: number, now: number): number {
    let account = this.accounts.get(name);
    if (!account) this.accounts.set(name, (account = { left: perSecond, at: now }));
    account.left = Math.min(perSecond, account.left + (Math.max(0, now - account.at) * perSecond) / 1_000);
    account.at = now;
    if (account.left <= 0) return Math.ceil(((1 - account.left) / perSecond) * 1_000);
    account.left -= amount;
    return 0;
  }
}
