import { randomUUID } from 'node:crypto';
import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { Database } from '../database/database.js';
import { findMissedHandovers, MOST_MISSED } from '../deliveries/find-missed-handovers.js';
import {
  HandoverMessages,
  MAX_AGE_MS,
  PUBLISHERS,
  unpackHandover,
  WORKERS,
  type Handover,
  type PublisherAnnouncement,
} from '../deliveries/handover-messages.js';
import { Clock } from '../lib/clock.js';
import { RateLimitedLog } from '../lib/rate-limited-log.js';
import { RedisChannels } from '../queue/redis-channels.js';
import { Dispatcher } from './dispatcher.js';
import { Heartbeat } from './upkeep/heartbeat.js';
import { CreditAnnouncer } from './credit-announcer.js';
import { NOT_LEASED } from './scheduler/endpoint-credits.js';
import { SeenLeases } from './seen-leases.js';

/** How much the clocks of two processes may differ, milliseconds: both follow the database's. */
const CLOCK_MARGIN_MS = 5;
/** How often to search for leases whose message was lost, and how old these are at least, milliseconds. */
const SEARCH_MS = 2_000;
const MISSED_MS = 1_500;
/** They are searched for until they are so old: several times, since a transaction may commit late. */
const MAX_SEARCHED_AGE_MS = 2 * MAX_AGE_MS;
/** The same after this process or the database stood still, when nobody searched: about as long as a lease lasts. */
const MAX_SEARCHED_AGE_AFTER_STALL_MS = 60_000;
/** How long after its last announcement publishers may still lease something to this worker, milliseconds. */
const KEEP_SEARCHING_MS = 15_000;

/**
 * In: deliveries that a process without a worker has leased to this one, with all that their attempts need
 * (`deliveries/handover-sender.ts`). Out: the same for the `Dispatcher`. A lease whose message was lost, or whose
 * sender died, is found within seconds and released.
 */
@Injectable()
export class HandoverReceiver
  implements OnApplicationBootstrap, BeforeApplicationShutdown, OnApplicationShutdown
{
  private readonly inbox = `worker:${randomUUID()}`;
  private readonly seen = new SeenLeases();
  private readonly credits: CreditAnnouncer;
  private readonly failures = new RateLimitedLog((line) => new Logger('queue').warn(line));
  private timer: NodeJS.Timeout | undefined;
  /** Up to when no lost message can be missing: the last search that succeeded, milliseconds of the injected clock. */
  private searchedUntil = -Infinity;
  private isOver = false;
  /** What must be over before the database is closed. */
  private pending: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly channels: RedisChannels,
    private readonly messages: HandoverMessages,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly dispatcher: Dispatcher,
    private readonly heartbeat: Heartbeat,
  ) {
    this.credits = new CreditAnnouncer(
      (id) => capacityOf(dispatcher, id),
      (credits, isLeaving) => this.announce(credits, isLeaving),
    );
  }

  onApplicationBootstrap(): void {
    if (!this.channels.isAvailable) return;
    void this.listen();
  }

  /** Deliveries of these subscriptions have come through the queue: they may be handed over from now on. */
  noteQueued(subscriptionIds: string[]): void {
    this.credits.note(subscriptionIds.map((id) => [id, 0]));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.credits.leave();
  }

  async onApplicationShutdown(): Promise<void> {
    this.isOver = true;
    clearTimeout(this.timer);
    await this.pending;
  }

  private finishBeforeClose(work: Promise<void>): void {
    this.pending = Promise.all([this.pending, work]).then(() => undefined);
  }

  private async listen(): Promise<void> {
    try {
      await this.channels.listen(this.inbox, (message) => this.receive(message));
      await this.channels.listen(PUBLISHERS, (message) => {
        const opened = this.messages.open<PublisherAnnouncement>(PUBLISHERS, message);
        if (opened) this.credits.addPublisher(opened.message.publisher);
      });
    } catch (error) {
      if (this.channels.isClosed) return;
      this.failures.log(`queue.listen_failed: ${(error as Error).message}; nothing is handed over`);
    }
  }

  private async announce(credits: [string, number][], isLeaving: boolean): Promise<void> {
    this.searchSoon();
    const announcement = { worker: this.heartbeat.workerId, inbox: this.inbox, isLeaving, credits };
    // Without an announcement publishers use the queue.
    await this.channels.publish(WORKERS, this.messages.seal(WORKERS, announcement)).catch(() => undefined);
  }

  private receive(sealed: Buffer): void {
    const opened = this.messages.open<Handover>(this.inbox, sealed);
    if (!opened) return;
    const { message, ageMs } = opened;
    const now = performance.now();
    if (!this.seen.add(message.lease, now)) return;
    this.heartbeat.noteLease();
    const leased = unpackHandover(message);
    if (!this.dispatcher.isAccepting) {
      this.finishBeforeClose(this.dispatcher.releaseLocal(leased));
      return;
    }
    const checkedAt = now - message.checkedMsAgo - ageMs - CLOCK_MARGIN_MS;
    this.dispatcher.accept(leased, { sendable: message.sendable, checkedAt });
    const counts = new Map<string, number>();
    for (const [, , id] of message.deliveries) counts.set(id, (counts.get(id) ?? 0) + 1);
    this.dispatcher.reportBehind(counts.keys());
    this.credits.note(counts);
  }

  /** Goes on as long as somebody may lease something to this worker. */
  private searchSoon(): void {
    if (this.isOver || performance.now() - this.credits.announcedAt > KEEP_SEARCHING_MS) return;
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.finishBeforeClose(this.search().finally(() => this.searchSoon()));
    }, SEARCH_MS).unref();
  }

  private async search(): Promise<void> {
    const now = this.clock.now();
    const backMs = Math.min(MAX_SEARCHED_AGE_AFTER_STALL_MS, now - this.searchedUntil + MAX_SEARCHED_AGE_MS);
    this.seen.prune(performance.now(), backMs + MAX_SEARCHED_AGE_MS);
    const window = { from: now - backMs, to: now - MISSED_MS };
    try {
      const rows = await findMissedHandovers(
        this.database.sql,
        this.heartbeat.workerId,
        this.seen.known,
        window,
      );
      if (rows.length < MOST_MISSED) this.searchedUntil = now;
      // In the meantime the message may have come after all. From now on it comes too late.
      const missed = new Set<string>();
      for (const { lease } of rows) if (this.seen.add(lease, performance.now())) missed.add(lease);
      if (missed.size === 0) return;
      const ids = rows.flatMap(({ id, lease }) => (missed.has(lease) ? [id] : []));
      this.dispatcher.releaseUnused(ids, [...missed]);
    } catch (error) {
      this.failures.log(
        `queue.handover_search_failed: ${(error as Error).message}; searching again in two seconds`,
      );
    }
  }
}

/** 0: there will be room soon. */
function capacityOf(dispatcher: Dispatcher, subscriptionId: string): number {
  const capacity = dispatcher.capacity(subscriptionId);
  return capacity > 0 || dispatcher.hasRoomSoon(subscriptionId) ? capacity : NOT_LEASED;
}
