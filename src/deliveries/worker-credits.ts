import type { Pulse } from './handover-messages.js';

/** A worker that is silent for so long, milliseconds, gets nothing more: it says something every second. */
const SILENT_MS = 2_500;
/** For so long it counts as one that is there, but has nothing to do. */
const IDLE_MS = 25_000;
/** After so long it is forgotten. */
const FORGET_MS = 60_000;
/** Where a worker does not know an endpoint yet, so many handovers are made before one goes through the queue. */
const SPREAD = 16;
/** Endpoints of one worker. With more, all are asked for again. */
const MAX_ENDPOINTS = 50_000;

/** A worker elsewhere, as this process has heard of it. */
export interface RemoteWorker {
  readonly id: string;
  readonly inbox: string;
}

interface HeardWorker extends RemoteWorker {
  heardAt: number;
  isSilent: boolean;
  readonly credits: Map<string, number>;
}

/** How many deliveries of which endpoint may be leased to which worker. Times are monotonic milliseconds. */
export class WorkerCredits {
  private readonly workers = new Map<string, HeardWorker>();
  private picks = 0;
  /** The endpoint whose credits were used up last, and when; null: they have been renewed. */
  private short: { id: string; at: number } | null = null;

  hear({ worker: id, inbox, isLeaving, credits }: Pulse, now: number): void {
    const known = this.workers.get(id);
    // A worker that was replaced goes on under another id, with the same inbox.
    for (const [other, one] of this.workers)
      if (now - one.heardAt > FORGET_MS || (one.inbox === inbox && other !== id)) this.workers.delete(other);
    if (isLeaving) {
      this.workers.delete(id);
      return;
    }
    const mine = known ?? { id, inbox, heardAt: now, isSilent: false, credits: new Map<string, number>() };
    [mine.heardAt, mine.isSilent] = [now, false];
    if (mine.credits.size > MAX_ENDPOINTS) mine.credits.clear();
    for (const [subscriptionId, count] of credits) {
      mine.credits.set(subscriptionId, count);
      if (subscriptionId === this.short?.id) this.short = null;
    }
    this.workers.set(id, mine);
  }

  /**
   * The worker that a delivery of this subscription may be leased to, the one with the most room; null: the queue
   * finds one. The queue gets a few even so while a worker has not met the endpoint yet.
   */
  pick(subscriptionId: string, now: number): RemoteWorker | null {
    let best: HeardWorker | null = null;
    let most = 0;
    let isNewToOne = false;
    for (const worker of this.workers.values()) {
      const credit = worker.credits.get(subscriptionId);
      const silentMs = now - worker.heardAt;
      if (credit === undefined) isNewToOne ||= silentMs < IDLE_MS;
      else if (credit > most && silentMs < SILENT_MS && !worker.isSilent) [best, most] = [worker, credit];
    }
    if (!best) return null;
    this.picks += 1;
    if (isNewToOne && this.picks % SPREAD === 0) return null;
    best.credits.set(subscriptionId, most - 1);
    if (most === 1) this.short = { id: subscriptionId, at: now };
    return best;
  }

  /** Whether credits were used up within the last milliseconds, and may soon be renewed. */
  isShortSince(ms: number, now: number): boolean {
    return this.short !== null && now - this.short.at < ms;
  }

  find(id: string): RemoteWorker | null {
    return this.workers.get(id) ?? null;
  }

  /** It was not there, or may not have been: nothing more for it until it says something. */
  silence(id: string): void {
    const worker = this.workers.get(id);
    if (worker) worker.isSilent = true;
  }
}
