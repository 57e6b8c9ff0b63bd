import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { Settings } from '../../config/settings.js';
import { Clock } from '../../lib/clock.js';
import { publicId } from '../../core/ids.js';
import { Database } from '../../database/database.js';
import { recordNotices } from '../../database/notices.js';
import { OperationalEvents, type OperationalEvent } from '../../operational-events/operational-events.js';
import { ProcessMetrics } from '../../telemetry/process-metrics.js';
import type { Sql } from '../../database/sql.js';
import { WorkSignal } from '../../database/work-signal.js';
import {
  expireEvents,
  expireExcessHeld,
  expireOldHeld,
  expiringHeld,
  heldLimits,
  type HeldLimit,
} from '../../deliveries/expire-deliveries.js';
import { forgetExpiries, HAS_DUE_EXPIRY } from '../../event-store/expiries.js';

// One worker of the fleet at a time.
const LOCK = { name: 'expire_lock', text: `SELECT pg_try_advisory_xact_lock(7340022) AS mine` };

const DAY_MS = 86_400_000;
const HELD_EVERY_MS = 60_000;
/** One run expires at most so many thousand held deliveries; the next one follows at once. */
const SLICES = 5;
/** Counting held deliveries pauses for so many times as long as it took. */
const COUNT_REST = 100;

/** What one look did. */
interface Look {
  /** Whether there may be more. */
  more: boolean;
  lost: Notice[];
  expiring: (Notice & { heldDays: number })[];
  /** When to count again, monotonic milliseconds. */
  countAt: number;
}

/** Held deliveries of a subscription. */
interface Notice {
  subscriptionId: string;
  spaceId: string;
  deliveries: number;
}

/**
 * Expires deliveries: those of events that have ended, and those that are held for too long or too many. Warns a day
 * before a subscription loses held deliveries by their age.
 */
@Injectable()
export class Expirer implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('expiry');
  private readonly timers: NodeJS.Timeout[] = [];
  private looking: Promise<unknown> = Promise.resolve();
  private isStopping = false;
  /** When to count again, monotonic milliseconds. */
  private countAt = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly metrics: ProcessMetrics,
    private readonly work: WorkSignal,
    private readonly operational: OperationalEvents,
  ) {}

  onApplicationBootstrap(): void {
    const { sweepIntervalMs } = this.settings;
    const events = this.oneAtATime(() => this.events());
    this.work.register({ name: 'expiries', isDue: HAS_DUE_EXPIRY, wake: events });
    const look = () => {
      if (!this.work.isWatched) events();
    };
    this.timers.push(setInterval(look, sweepIntervalMs));
    const held = this.oneAtATime(() => this.held());
    this.timers.push(setInterval(held, Math.min(HELD_EVERY_MS, sweepIntervalMs * 30)));
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    for (const timer of this.timers) clearInterval(timer);
    await this.looking;
  }

  /** Expires the open deliveries of events that have ended. */
  async events(): Promise<void> {
    for (let more = true; more && !this.isStopping;) {
      const ended = await expireEvents(this.database.sql, this.clock.date());
      this.metrics.counters.deliveriesFinished.inc({ outcome: 'expired' }, ended.deliveries);
      if (ended.more || ended.deliveries > 0) this.work.found();
      if (ended.deliveries > 0) this.logger.debug({ msg: 'event.expired', deliveries: ended.deliveries });
      more = ended.more;
    }
  }

  /** Expires held deliveries beyond their limits, and warns. */
  async held(): Promise<void> {
    for (let more = true; more && !this.isStopping;) {
      const looked = await this.database.transaction((sql) => this.look(sql));
      if (!looked) return;
      // Only now: after a rollback the next look finds the same again.
      this.report(looked);
      this.countAt = looked.countAt;
      ({ more } = looked);
    }
  }

  /** Null when another worker looks. */
  private async look(sql: Sql): Promise<Look | null> {
    const [lock] = await sql<{ mine: boolean }>(LOCK);
    if (!lock?.mine) return null;
    const now = this.clock.date();
    const { heldDays: days, heldMax: max, retentionDays } = this.settings;
    const limits = await heldLimits(sql, { days, max });
    const ended = new Map<string, number>();
    let more = await this.slices(ended, () => expireOldHeld(sql, limits, now));
    const startedAt = performance.now();
    let { countAt } = this;
    if (startedAt >= countAt) {
      more = (await this.slices(ended, () => expireExcessHeld(sql, limits, now))) || more;
      if (!more) countAt = performance.now() + (performance.now() - startedAt) * COUNT_REST;
    }
    const lost = limits.flatMap(({ subscriptionId, spaceId }) => {
      const deliveries = ended.get(subscriptionId);
      return deliveries === undefined ? [] : [{ subscriptionId, spaceId, deliveries }];
    });
    const expiring = await findExpiring(sql, limits, now);
    await this.operational.publish(sql, [...lost.map(lostEvent), ...expiring.map(expiringEvent)]);
    await forgetExpiries(sql, now.getTime() - retentionDays * DAY_MS);
    return { more, lost, expiring, countAt };
  }

  private report({ lost, expiring }: Look): void {
    for (const { deliveries, ...of } of lost) {
      this.metrics.counters.deliveriesFinished.inc({ outcome: 'expired' }, deliveries);
      this.logger.warn({ msg: 'held.expired', ...named(of), deliveries });
    }
    for (const { deliveries, heldDays, ...of } of expiring)
      this.logger.warn({
        msg: 'held.expiring',
        ...named(of),
        deliveries,
        heldDays,
        hint: 'They expire within a day. Resume the subscription, or raise its heldDays.',
      });
  }

  /** Whether there may be more. */
  private async slices(
    ended: Map<string, number>,
    slice: () => Promise<Map<string, number>>,
  ): Promise<boolean> {
    for (let n = 0; n < SLICES; n += 1) {
      const counts = await slice();
      if (counts.size === 0) return false;
      for (const [id, count] of counts) ended.set(id, (ended.get(id) ?? 0) + count);
    }
    return true;
  }

  /** Starts the work, unless it is under way: a slow database gets it once, and not once more at each interval. */
  private oneAtATime(work: () => Promise<void>): () => void {
    let isUnderWay = false;
    return () => {
      if (isUnderWay) return;
      isUnderWay = true;
      const done = work()
        .catch((error: unknown) =>
          this.logger.error({ msg: 'expiry.failed', error: (error as Error).message }),
        )
        .finally(() => (isUnderWay = false));
      this.looking = Promise.all([this.looking, done]);
    };
  }
}

/** Those that are due for a warning that they will lose held deliveries within a day. */
async function findExpiring(sql: Sql, limits: HeldLimit[], now: Date): Promise<Look['expiring']> {
  const counts = new Map(
    (await expiringHeld(sql, limits, now)).map((one) => [one.subscriptionId, one.deliveries]),
  );
  const due = await recordNotices(sql, 'held-expiring', [...counts.keys()], now, DAY_MS);
  return limits
    .filter(({ subscriptionId }) => due.has(subscriptionId))
    .map(({ subscriptionId, spaceId, days }) => {
      return { subscriptionId, spaceId, deliveries: counts.get(subscriptionId) ?? 0, heldDays: days };
    });
}

function lostEvent({ subscriptionId, deliveries }: Notice): OperationalEvent {
  return {
    type: 'posthorn.subscription.held_expired',
    subscriptionId,
    summary: `has lost ${held(deliveries)}`,
    data: { deliveries },
  };
}

function expiringEvent({ subscriptionId, deliveries, heldDays }: Look['expiring'][number]): OperationalEvent {
  return {
    type: 'posthorn.subscription.held_expiring',
    subscriptionId,
    summary: `will lose ${held(deliveries)} within a day`,
    data: { deliveries, heldDays },
  };
}

function named({ subscriptionId, spaceId }: Omit<Notice, 'deliveries'>): {
  subscription: string;
  space: string;
} {
  return { subscription: publicId('sub', subscriptionId), space: publicId('spc', spaceId) };
}

function held(count: number): string {
  return `${count} held ${count === 1 ? 'delivery' : 'deliveries'}`;
}
