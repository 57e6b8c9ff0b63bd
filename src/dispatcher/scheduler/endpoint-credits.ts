import { SOON } from '../../deliveries/handover-messages.js';

/** Endpoints whose grants are remembered. Beyond that all are forgotten, and granted anew. */
const MAX_GRANTED = 20_000;

/** The capacity of an endpoint for which nothing may be leased. One that is full at the moment has 0. */
export const NOT_LEASED = -1;

interface Grant {
  count: number;
  used: number;
}

/**
 * The credits that a worker grants to publishers: for each healthy endpoint as many deliveries as can leave soon. When
 * half of them have come, it grants as many again.
 */
export class EndpointCredits {
  private granted = new Map<string, Grant>();
  /** Endpoints that are to get credits, and whether publishers know that these come when there is room. */
  private readonly open = new Map<string, boolean>();

  /** Whether an endpoint gets new credits as soon as it has room. */
  get isWaiting(): boolean {
    return this.open.size > 0;
  }

  /**
   * `count` deliveries were handed over, or others came through the queue (0), while there is room for `capacity`.
   * Returns whether the publishers should soon hear of it.
   */
  note(subscriptionId: string, count: number, capacity: number): boolean {
    const grant = this.granted.get(subscriptionId);
    if (grant) grant.used += count;
    const isShort = grant ? grant.used * 2 >= grant.count : true;
    const isOver = grant !== undefined && grant.count > 0 && capacity === NOT_LEASED;
    // Something came through the queue: a publisher has no credits for it, or used them up.
    if (count === 0 || ((isShort || isOver) && !this.open.has(subscriptionId)))
      this.open.set(subscriptionId, false);
    const isNews = isShort && this.open.get(subscriptionId) === false;
    return isOver || (isShort && capacity > 0) || (isNews && capacity === 0);
  }

  /** The new credits by subscription, for each of so many publishers; `SOON` once where there is no room yet. */
  grant(capacityOf: (subscriptionId: string) => number, publishers: number): [string, number][] {
    if (this.granted.size > MAX_GRANTED) this.granted.clear();
    const credits: [string, number][] = [];
    for (const [subscriptionId, isAnnounced] of this.open) {
      const capacity = capacityOf(subscriptionId);
      if (capacity === 0) {
        this.open.set(subscriptionId, true);
        if (!isAnnounced) credits.push([subscriptionId, SOON]);
        continue;
      }
      this.open.delete(subscriptionId);
      const count = Math.ceil(Math.max(0, capacity) / Math.max(1, publishers));
      if (count === 0 && !this.granted.get(subscriptionId)?.count) continue;
      this.granted.set(subscriptionId, { count, used: 0 });
      credits.push([subscriptionId, count]);
    }
    return credits;
  }

  /** A new publisher has no credits yet: all are granted anew. */
  forget(): void {
    this.granted.clear();
  }
}
