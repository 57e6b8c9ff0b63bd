import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { publicId } from '../core/ids.js';
import { Clock } from '../lib/clock.js';
import { Poller } from '../lib/poller.js';
import { Database } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { WorkSignal } from '../database/work-signal.js';
import { RoutingTable } from '../endpoints/routing.js';
import { Announcer } from '../events/announcer.js';
import { DataCheck } from '../events/data-check.js';
import { readEventAt } from '../events/publish-input.js';
import { parseStrictly } from '../http/json-body.js';
import {
  BROADCAST_DUE,
  failBroadcast,
  isBroadcastDue,
  keepBroadcast,
  takeBroadcast,
  type OpenBroadcast,
} from './broadcast-record.js';
import { broadcastSlice, type BroadcastSlice } from './broadcast-slice.js';

/** How often an idle worker looks for broadcasts, and how often after a while without any. */
const IDLE_MS = 250;
const QUIET_MS = 1_000;
/** Time for live traffic after each slice, and for each delivery that it made: at most 1,000 a second. */
const SLICE_PAUSE_MS = 25;
const MS_PER_DELIVERY = 1;
const LATER_MS = 1_000;
/** Spaces that are named with what they refused. */
const MAX_PROBLEMS = 20;

interface Step {
  slice: BroadcastSlice;
  rest: number;
}

/**
 * Carries broadcasts out, a slice of spaces at a time. What a slice publishes and how far the broadcast has come commit
 * together, so no space gets the event twice and none is left out, whatever dies in between; the next slice may be any
 * worker's.
 */
@Injectable()
export class BroadcastRunner implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('broadcasts');
  private readonly poller = new Poller(() => this.step());

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
    private readonly dataCheck: DataCheck,
    private readonly announcer: Announcer,
    private readonly work: WorkSignal,
  ) {}

  onApplicationBootstrap(): void {
    this.work.register({ name: 'broadcasts', isDue: BROADCAST_DUE, wake: () => this.poller.wake() });
    this.poller.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  /** Does the next slice of the broadcast that has waited longest. Gives for how long to rest, milliseconds. */
  async step(): Promise<number> {
    let taken: OpenBroadcast | undefined;
    try {
      if (!(await isBroadcastDue(this.database.sql, this.clock.date()))) return this.restMs;
      this.work.found();
      const done = await this.database.transaction(async (sql) => {
        taken = await takeBroadcast(sql, this.clock.date());
        return taken ? this.slice(sql, taken) : null;
      });
      if (done === null) return this.restMs;
      this.announce(done.slice);
      return done.rest;
    } catch (error) {
      const id = taken && publicId('brd', taken.id);
      this.logger.error({ msg: 'broadcasts.slice_failed', broadcast: id, error: (error as Error).message });
      if (taken) await failBroadcast(this.database.sql, taken.id, this.clock.date()).catch(() => undefined);
      return LATER_MS;
    }
  }

  private get restMs(): number {
    return this.work.restMs(IDLE_MS, QUIET_MS);
  }

  private async slice(sql: Sql, broadcast: OpenBroadcast): Promise<Step> {
    const { clock, routing, dataCheck } = this;
    const text = broadcast.event ?? '{}';
    const draft = readEventAt(parseStrictly(text), text, 'event');
    const slice = await broadcastSlice(sql, { clock, routing, dataCheck }, broadcast, draft);
    const rest = SLICE_PAUSE_MS + slice.deliveries * MS_PER_DELIVERY;
    const now = clock.date();
    const next = after(broadcast, slice);
    const finishedAt = slice.position === null ? now : null;
    await keepBroadcast(sql, next, { nextSliceAt: new Date(now.getTime() + rest), finishedAt });
    if (finishedAt) this.tell(next);
    return { slice, rest };
  }

  private announce({ stored, wide }: BroadcastSlice): void {
    if (stored) this.announcer.announce(stored);
    if (wide) void this.announcer.announceMany(wide, nextTurn);
  }

  private tell({ id, published, skipped, failed }: OpenBroadcast): void {
    this.logger.log({
      ...{ msg: 'broadcasts.finished', broadcast: publicId('brd', id), published, skipped, failed },
    });
  }
}

/** The broadcast with one more slice behind it. */
function after(broadcast: OpenBroadcast, slice: BroadcastSlice): OpenBroadcast {
  const isLast = slice.position === null;
  const next: OpenBroadcast = {
    ...broadcast,
    status: isLast ? 'completed' : 'running',
    position: slice.position ?? broadcast.position,
    published: broadcast.published + slice.published,
    skipped: broadcast.skipped + slice.skipped,
    failed: broadcast.failed + slice.failed,
    deliveries: String(BigInt(broadcast.deliveries) + BigInt(slice.deliveries)),
    problems: [...broadcast.problems, ...slice.problems].slice(0, MAX_PROBLEMS),
  };
  // Spaces that were deleted meanwhile are not missing.
  if (isLast) next.spaces = next.published + next.skipped + next.failed;
  return next;
}
