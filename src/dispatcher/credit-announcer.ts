import { EndpointCredits } from './scheduler/endpoint-credits.js';

/** How often a worker with something to do announces itself, milliseconds. */
const EVERY_MS = 1_000;
/** How soon it announces new credits, and for how long it goes on when it has nothing more to do, milliseconds. */
const SOON_MS = 20;
const BUSY_MS = 3_000;
/** A publisher that has not announced itself for this time is gone, milliseconds. */
const PUBLISHER_MS = 30_000;
const MAX_PUBLISHERS = 1_000;

type Announce = (credits: [subscriptionId: string, count: number][], isLeaving: boolean) => Promise<void>;

/**
 * Announces to publishing processes how many deliveries they may lease to this worker, while there are any and it has
 * something to do. A worker that announces nothing gets nothing.
 */
export class CreditAnnouncer {
  private readonly credits = new EndpointCredits();
  private readonly publishers = new Map<string, number>();
  private timer: NodeJS.Timeout | undefined;
  private dueAt = Infinity;
  private notedAt = -Infinity;
  private isLeaving = false;
  /** When this worker last announced something, monotonic milliseconds. */
  announcedAt = -Infinity;

  constructor(
    private readonly capacityOf: (subscriptionId: string) => number,
    private readonly announce: Announce,
  ) {}

  /** A publisher has announced itself. */
  addPublisher(publisher: string): void {
    const isKnown = this.publishers.has(publisher);
    if (!isKnown) this.credits.forget();
    if (isKnown || this.publishers.size < MAX_PUBLISHERS) this.publishers.set(publisher, performance.now());
    this.announceWithin(SOON_MS);
  }

  /** How many deliveries of each subscription were handed over; 0: they came through the queue. */
  note(counts: Iterable<[subscriptionId: string, count: number]>): void {
    if (this.countPublishers() === 0) return;
    this.notedAt = performance.now();
    let isNews = false;
    for (const [id, count] of counts) isNews = this.credits.note(id, count, this.capacityOf(id)) || isNews;
    this.announceWithin(isNews ? SOON_MS : EVERY_MS);
  }

  /** Announces that this worker takes nothing more. */
  async leave(): Promise<void> {
    this.isLeaving = true;
    clearTimeout(this.timer);
    if (this.countPublishers() > 0) await this.announce([], true);
  }

  private countPublishers(): number {
    const now = performance.now();
    for (const [id, at] of this.publishers) if (now - at > PUBLISHER_MS) this.publishers.delete(id);
    return this.publishers.size;
  }

  private announceWithin(ms: number): void {
    const at = performance.now() + ms;
    if (this.isLeaving || at >= this.dueAt) return;
    clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => this.announceNow(), ms).unref();
  }

  private announceNow(): void {
    this.dueAt = Infinity;
    const publishers = this.countPublishers();
    if (publishers === 0) return;
    const now = performance.now();
    const credits = this.credits.grant(this.capacityOf, publishers);
    if (credits.length > 0 || now - this.announcedAt >= EVERY_MS) {
      this.announcedAt = now;
      void this.announce(credits, false);
    }
    const quietMs = now - this.notedAt;
    // A publisher of many events is waiting for new credits.
    if (quietMs < EVERY_MS && this.credits.isWaiting) this.announceWithin(SOON_MS);
    else if (quietMs < BUSY_MS) this.announceWithin(Math.max(SOON_MS, this.announcedAt + EVERY_MS - now));
  }
}
