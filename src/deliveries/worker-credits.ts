import { SOON, type WorkerAnnouncement } from './handover-messages.js';

/** A worker that has announced nothing for this time, milliseconds, gets nothing more: a busy one does each second. */
const SILENT_MS = 2_500;
/** Until then a silent worker is taken for an idle one, milliseconds. */
const IDLE_MS = 25_000;
/** After this time a silent worker is forgotten, milliseconds. */
const FORGET_MS = 60_000;
/** While a worker has no credits for an endpoint yet, one of so many deliveries goes through the queue to it. */
const SPREAD = 16;
/** Workers usually renew credits that are used up within this time, milliseconds. */
const USED_UP_MS = 100;
/** A worker that says that it will soon have room is waited for so long, milliseconds. */
const SOON_MS = 1_000;
/** Endpoints remembered for one worker. Beyond that all are forgotten, and announced anew. */
const MAX_ENDPOINTS = 50_000;

/** A worker in another process. */
export interface RemoteWorker {
  readonly id: string;
  readonly inbox: string;
}

interface KnownWorker extends RemoteWorker {
  announcedAt: number;
  isSuspended: boolean;
  readonly credits: Map<string, number>;
}

/** How many deliveries of which endpoint may be leased to which worker. Times are monotonic milliseconds. */
export class WorkerCredits {
  private readonly workers = new Map<string, KnownWorker>();
  private picks = 0;
  /** The subscription whose credits were used up last, and until when to wait for others; null: it has got some. */
  private usedUp: { id: string; until: number } | null = null;
  /** Subscriptions that get credits soon, and until when to wait for them. */
  private readonly awaited = new Map<string, number>();

  update({ worker: id, inbox, isLeaving, credits }: WorkerAnnouncement, now: number): void {
    this.forgetAwaited(now);
    const known = this.workers.get(id);
    // A worker's id changes when it had to begin anew; its inbox stays.
    for (const [other, one] of this.workers)
      if (now - one.announcedAt > FORGET_MS || (one.inbox === inbox && other !== id))
        this.workers.delete(other);
    if (isLeaving) {
      this.workers.delete(id);
      return;
    }
    const mine = known ?? {
      id,
      inbox,
      announcedAt: now,
      isSuspended: false,
      credits: new Map<string, number>(),
    };
    [mine.announcedAt, mine.isSuspended] = [now, false];
    if (mine.credits.size > MAX_ENDPOINTS) mine.credits.clear();
    for (const [subscriptionId, count] of credits) {
      mine.credits.set(subscriptionId, Math.max(0, count));
      if (subscriptionId === this.usedUp?.id) this.usedUp = null;
      // Deleted first: what is set anew comes last, so the first one ends first.
      this.awaited.delete(subscriptionId);
      if (count === SOON && !this.hasCredits(subscriptionId)) this.awaited.set(subscriptionId, now + SOON_MS);
    }
    this.workers.set(id, mine);
  }

  /**
   * The worker that a delivery of this subscription may be leased to: the one with the most credits; null: use the
   * queue. While a worker has no credits for the endpoint yet, the queue still gets some, from which it learns of it.
   */
  pick(subscriptionId: string, now: number): RemoteWorker | null {
    let best: KnownWorker | null = null;
    let most = 0;
    let isNewToOne = false;
    for (const worker of this.workers.values()) {
      const credit = worker.credits.get(subscriptionId);
      const silentMs = now - worker.announcedAt;
      if (credit === undefined) isNewToOne ||= silentMs < IDLE_MS;
      else if (credit > most && silentMs < SILENT_MS && !worker.isSuspended) [best, most] = [worker, credit];
    }
    if (!best) return null;
    this.picks += 1;
    if (isNewToOne && this.picks % SPREAD === 0) return null;
    best.credits.set(subscriptionId, most - 1);
    if (most === 1) this.usedUp = { id: subscriptionId, until: now + USED_UP_MS };
    return best;
  }

  /** Whether there are no credits for an endpoint, and may soon be some. */
  isShort(now: number): boolean {
    this.forgetAwaited(now);
    return this.awaited.size > 0 || (this.usedUp !== null && now < this.usedUp.until);
  }

  /** Also with each announcement: a process that never publishes many at once never asks whether it is short. */
  private forgetAwaited(now: number): void {
    for (const [id, until] of this.awaited) {
      if (now < until) return;
      this.awaited.delete(id);
    }
  }

  private hasCredits(subscriptionId: string): boolean {
    for (const { credits } of this.workers.values()) if ((credits.get(subscriptionId) ?? 0) > 0) return true;
    return false;
  }

  find(id: string): RemoteWorker | null {
    return this.workers.get(id) ?? null;
  }

  /** A message to this worker failed: it gets nothing more until it announces something. */
  suspend(id: string): void {
    const worker = this.workers.get(id);
    if (worker) worker.isSuspended = true;
  }
}
