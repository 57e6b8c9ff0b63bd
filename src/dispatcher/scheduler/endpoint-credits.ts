/** Endpoints of which is remembered what was granted. With more, all are granted again as they come. */
const MAX_GRANTED = 20_000;

/** The capacity of an endpoint that nothing is to be leased for. One that is only full for the moment has 0. */
export const NOT_LEASED = -1;

interface Grant {
  count: number;
  used: number;
}

/**
 * What a worker lets others lease to it: for each endpoint that is healthy so many deliveries as leave soon, and again
 * so many when half of them have come.
 */
export class EndpointCredits {
  private granted = new Map<string, Grant>();
  private readonly open = new Set<string>();

  /** Whether there is one that gets more as soon as it has room. */
  get isWaiting(): boolean {
    return this.open.size > 0;
  }

  /**
   * `count` deliveries were handed over, or others came through the queue (0), while there is room for `capacity`.
   * Returns whether the publishers should soon be told something else than they know.
   */
  note(subscriptionId: string, count: number, capacity: number): boolean {
    const grant = this.granted.get(subscriptionId);
    if (grant) grant.used += count;
    const isShort = grant ? grant.used * 2 >= grant.count : true;
    const isOver = grant !== undefined && grant.count > 0 && capacity === NOT_LEASED;
    // What comes through the queue although there are credits: a publisher has not heard of them, or used them up.
    if (isShort || isOver || count === 0) this.open.add(subscriptionId);
    return isOver || (isShort && capacity > 0);
  }

  /** What to tell `publishers` publishers: how many deliveries each may lease from now on, by endpoint. */
  take(capacityOf: (subscriptionId: string) => number, publishers: number): [string, number][] {
    if (this.granted.size > MAX_GRANTED) this.granted.clear();
    const credits: [string, number][] = [];
    for (const subscriptionId of this.open) {
      const capacity = capacityOf(subscriptionId);
      if (capacity === 0) continue;
      this.open.delete(subscriptionId);
      const count = Math.ceil(Math.max(0, capacity) / Math.max(1, publishers));
      if (count === 0 && !this.granted.get(subscriptionId)?.count) continue;
      this.granted.set(subscriptionId, { count, used: 0 });
      credits.push([subscriptionId, count]);
    }
    return credits;
  }

  /** Somebody new knows of none. */
  forget(): void {
    this.granted.clear();
  }
}
