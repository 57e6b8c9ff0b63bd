import type { Crowd } from './crowd.js';
import type { EndpointQueue } from './endpoint-queue.js';

/** Queues that are not empty. Their spaces take turns, and so do the queues of a space. */
export class FairGroup {
  /** The space of each queue as it was when the queue was added: it may be learned later. */
  private readonly spaces = new Map<EndpointQueue, Crowd>();
  /** The queues of each space, both in the order of their next turn. */
  private readonly queuesBySpace = new Map<Crowd, Set<EndpointQueue>>();

  get size(): number {
    return this.spaces.size;
  }

  has(queue: EndpointQueue): boolean {
    return this.spaces.has(queue);
  }

  /** Puts the queue, which is in no group, at the end of its space. */
  add(queue: EndpointQueue): void {
    const { crowd } = queue;
    crowd.waiting += 1;
    this.spaces.set(queue, crowd);
    const mine = this.queuesBySpace.get(crowd);
    if (mine) mine.add(queue);
    else this.queuesBySpace.set(crowd, new Set([queue]));
  }

  /** The queue has had its turn, and so has its space. Returns whether it was here. */
  delete(queue: EndpointQueue): boolean {
    const crowd = this.spaces.get(queue);
    const mine = crowd && this.queuesBySpace.get(crowd);
    if (!mine) return false;
    crowd.waiting -= 1;
    this.spaces.delete(queue);
    this.queuesBySpace.delete(crowd);
    mine.delete(queue);
    if (mine.size > 0) this.queuesBySpace.set(crowd, mine);
    return true;
  }

  clear(): void {
    for (const queue of this.all()) this.delete(queue);
  }

  /** All queues, in any order. */
  all(): EndpointQueue[] {
    return [...this.spaces.keys()];
  }

  bySpace(): Iterable<ReadonlySet<EndpointQueue>> {
    return this.queuesBySpace.values();
  }

  /** A queue of each space in turn, until none is left. Queues may be added and deleted meanwhile. */
  *inTurn(): Iterable<EndpointQueue> {
    let rows: Iterator<EndpointQueue>[] = [];
    for (const queues of [...this.queuesBySpace.values()]) {
      const row = queues.values();
      rows.push(row);
      const first = row.next();
      if (!first.done) yield first.value;
    }
    while (rows.length > 0) {
      const left: Iterator<EndpointQueue>[] = [];
      for (const row of rows) {
        const next = row.next();
        if (next.done) continue;
        left.push(row);
        yield next.value;
      }
      rows = left;
    }
  }
}
