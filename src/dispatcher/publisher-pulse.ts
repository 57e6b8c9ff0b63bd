import { EndpointCredits } from './scheduler/endpoint-credits.js';

/** How often publishers are told that this worker lives, while it has something to do, milliseconds. */
const EVERY_MS = 1_000;
/** When it has something new to tell, and for how long it goes on when there is nothing more to do. */
const SOON_MS = 20;
const BUSY_MS = 3_000;
/** A publisher that says nothing for so long is gone, milliseconds. */
const PUBLISHER_MS = 30_000;
const MAX_PUBLISHERS = 1_000;

type Tell = (credits: [subscriptionId: string, count: number][], isLeaving: boolean) => Promise<void>;

/**
 * Tells the processes that publish what they may lease to this worker, while there are any and it has something to do.
 * A worker that is silent gets nothing.
 */
export class PublisherPulse {
  private readonly credits = new EndpointCredits();
  private readonly publishers = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;
  private notedAt = -Infinity;
  private isLeaving = false;
  /** When publishers were last told something, monotonic milliseconds. */
  toldAt = -Infinity;

  constructor(
    private readonly capacityOf: (subscriptionId: string) => number,
    private readonly tell: Tell,
  ) {}

  /** A publisher says that it is there. */
  hear(publisher: string): void {
    const isKnown = this.publishers.has(publisher);
    if (!isKnown) this.credits.forget();
    if (isKnown || this.publishers.size < MAX_PUBLISHERS) this.publishers.set(publisher, performance.now());
    this.tellWithin(SOON_MS);
  }

  /** So many deliveries of each subscription were handed over; 0: they came through the queue. */
  note(counts: Iterable<[subscriptionId: string, count: number]>): void {
    if (this.countPublishers() === 0) return;
    this.notedAt = performance.now();
    let isNews = false;
    for (const [id, count] of counts) isNews = this.credits.note(id, count, this.capacityOf(id)) || isNews;
    this.tellWithin(isNews ? SOON_MS : EVERY_MS);
  }

  /** Nothing more is to be handed over. */
  async leave(): Promise<void> {
    this.isLeaving = true;
    clearTimeout(this.timer);
    if (this.countPublishers() > 0) await this.tell([], true);
  }

  private countPublishers(): number {
    const now = performance.now();
    for (const [id, at] of this.publishers) if (now - at > PUBLISHER_MS) this.publishers.delete(id);
    return this.publishers.size;
  }

  private tellWithin(ms: number): void {
    const at = performance.now() + ms;
    if (this.isLeaving || at >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => this.tellNow(), ms).unref();
  }

  private tellNow(): void {
    this.dueAt = Infinity;
    const publishers = this.countPublishers();
    if (publishers === 0) return;
    const now = performance.now();
    const credits = this.credits.take(this.capacityOf, publishers);
    if (credits.length > 0 || now - this.toldAt >= EVERY_MS) {
      this.toldAt = now;
      void this.tell(credits, false);
    }
    const quietMs = now - this.notedAt;
    // A publisher of many events waits for room.
    if (quietMs < EVERY_MS && this.credits.isWaiting) this.tellWithin(SOON_MS);
    else if (quietMs < BUSY_MS) this.tellWithin(Math.max(SOON_MS, this.toldAt + EVERY_MS - now));
  }
}
