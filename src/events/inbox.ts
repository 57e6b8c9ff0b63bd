import {
  Injectable,
  Logger,
  type BeforeApplicationShutdown,
  type OnApplicationBootstrap,
} from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Clock } from '../lib/clock.js';
import { Poller } from '../lib/poller.js';
import { Invalid, PosthornError } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import { Database, isDataError } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { WorkSignal } from '../database/work-signal.js';
import { RoutingTable, type Routes } from '../endpoints/routing.js';
import { Announcer } from './announcer.js';
import { DataCheck } from './data-check.js';
import {
  deleteInbox,
  FIRST_SPACE,
  HAS_INBOX,
  hasInbox,
  refuseInbox,
  takeInbox,
  type InboxRow,
} from '../event-store/inbox-rows.js';
import { draftOf } from './inbox-draft.js';
import { PublishAdmission } from './publish-admission.js';
import { store, type PublishRequest, type Stored, type StoreOutcome } from './store.js';
import { storeInSlices, type SlicedOutcome } from './store-slices.js';
import { WIDE } from './wide-store.js';

/** How often an idle worker looks, and how often after a while without anything. */
const IDLE_MS = 400;
const QUIET_MS = 900;
const LATER_MS = 1_000;
/** After a check that took longer, milliseconds, the other events of its space wait. */
const CHECK_MS = 250;
const BATCH = 100;

/** What one transaction made. */
interface Taken {
  rows: number;
  /** Whether others that were found are left for the next one. */
  isCut: boolean;
  stored: Stored | null;
  wide: SlicedOutcome[];
}

interface Accepted {
  row: InboxRow;
  request: PublishRequest;
}

/**
 * Takes the events that the SQL function `posthorn.publish` left, and makes them events with deliveries. Both happen in
 * one transaction, so that none is lost or made twice. What cannot be published stays, with the reason.
 */
@Injectable()
export class Inbox implements OnApplicationBootstrap, BeforeApplicationShutdown {
  private readonly logger = new Logger('publish');
  private readonly poller = new Poller(() => this.step());
  /** How many are still taken one by one: the database has refused a value of one of a batch. */
  private leftToTakeSingly = 0;
  /** How many are looked for at once: fewer after some that made very many deliveries. */
  private most = BATCH;
  /** The space that was served last: the others have their turn. */
  private last = FIRST_SPACE;
  /** By space: until when its events wait. */
  private readonly throttledUntil = new Map<string, number>();

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
    private readonly announcer: Announcer,
    private readonly admission: PublishAdmission,
    private readonly dataCheck: DataCheck,
    private readonly work: WorkSignal,
  ) {}

  onApplicationBootstrap(): void {
    this.work.register({ name: 'inbox', isDue: HAS_INBOX, wake: () => this.poller.wake() });
    this.poller.start();
  }

  beforeApplicationShutdown(): Promise<void> {
    return this.poller.stop();
  }

  /** Takes the next events. Gives for how long to rest, milliseconds. */
  async step(): Promise<number> {
    const most = this.leftToTakeSingly > 0 ? 1 : this.most;
    let first: InboxRow | undefined;
    try {
      // One statement without a transaction: most looks find nothing.
      if (!(await hasInbox(this.database.sql))) return this.restMs;
      this.work.found();
      const { last } = this;
      const taken = await this.database.transaction(async (sql) => {
        const found = await takeInbox(sql, most, this.throttled(), last);
        [first] = found.rows;
        return { ...(await this.publish(sql, found.rows)), isMore: found.isMore, last: found.last };
      });
      this.last = taken.last;
      this.leftToTakeSingly = Math.max(0, this.leftToTakeSingly - 1);
      this.most = taken.isCut ? taken.rows : Math.min(BATCH, this.most * 2);
      this.announce(taken);
      const isMore = taken.isCut || taken.isMore || last !== FIRST_SPACE;
      return isMore || this.leftToTakeSingly > 0 ? 0 : this.restMs;
    } catch (error) {
      if (isDataError(error) && first) {
        if (most === 1) await this.refuse(this.database.sql, first, error as Error);
        else this.leftToTakeSingly = BATCH;
        return 0;
      }
      this.logger.error({ msg: 'inbox.failed', error: (error as Error).message });
      return LATER_MS;
    }
  }

  private get restMs(): number {
    return this.work.restMs(IDLE_MS, QUIET_MS);
  }

  /** The spaces whose events wait because they publish too many a second. */
  private throttled(): string[] {
    const now = this.clock.now();
    for (const [spaceId, until] of this.throttledUntil) if (until <= now) this.throttledUntil.delete(spaceId);
    return [...this.throttledUntil.keys()];
  }

  /** The events whose spaces may publish them now. The others stay for later. */
  private admitted(all: InboxRow[], routes: Map<string, Routes>): InboxRow[] {
    const counts = new Map<string, number>();
    for (const { spaceId } of all) counts.set(spaceId, (counts.get(spaceId) ?? 0) + 1);
    for (const [spaceId, count] of counts) {
      const own = routes.get(spaceId);
      const wait = own ? this.admission.waitMs(spaceId, count, own) : 0;
      if (wait > 0) this.throttledUntil.set(spaceId, this.clock.now() + Math.min(wait, LATER_MS));
    }
    return all.filter(({ spaceId }) => !this.throttledUntil.has(spaceId));
  }

  private async publish(sql: Sql, found: InboxRow[]): Promise<Taken> {
    if (found.length === 0) return { rows: 0, isCut: false, stored: null, wide: [] };
    const routes = await this.routing.current(sql, [...new Set(found.map(({ spaceId }) => spaceId))]);
    const rows = firstOf(found, routes);
    const read = await this.read(sql, this.admitted(rows, routes));
    const accepted = await this.checked(sql, read, routes);
    const isWide = ({ request: { spaceId } }: Accepted) => (routes.get(spaceId)?.routes.length ?? 0) > WIDE;
    const narrow = accepted.filter((one) => !isWide(one));
    const requests = narrow.map(({ request }) => request);
    const stored = await store(sql, this.clock, requests, { routes, isRemembered: false }, null);
    const refused = new Set<string>();
    for (const [index, { row }] of narrow.entries()) {
      const outcome = stored?.outcomes[index] as StoreOutcome;
      if (!('error' in outcome)) continue;
      await this.refuse(sql, row, outcome.error);
      refused.add(row.id);
    }
    const wide = await this.publishWide(sql, accepted.filter(isWide), routes, refused);
    const done = accepted.filter(({ row }) => !refused.has(row.id));
    await deleteInbox(
      sql,
      done.map(({ row }) => row.id),
    );
    return { rows: rows.length, isCut: rows.length < found.length, stored, wide };
  }

  /**
   * Those whose data may be published as the rules of their types are. A space whose schemas take long, or change,
   * waits alone.
   */
  private async checked(sql: Sql, all: Accepted[], routes: Map<string, Routes>): Promise<Accepted[]> {
    const accepted: Accepted[] = [];
    for (const one of all) {
      const { spaceId } = one.row;
      if (this.throttledUntil.has(spaceId)) continue;
      const own = routes.get(spaceId);
      const begunAt = performance.now();
      const refusal = own ? await this.dataCheck.refusalOf(one.request, own) : null;
      if (refusal instanceof Invalid) await this.refuse(sql, one.row, refusal);
      else if (!refusal) accepted.push(one);
      if ((refusal && !(refusal instanceof Invalid)) || performance.now() - begunAt > CHECK_MS)
        this.throttledUntil.set(spaceId, this.clock.now() + LATER_MS);
    }
    return accepted;
  }

  private async publishWide(
    sql: Sql,
    all: Accepted[],
    routes: Map<string, Routes>,
    refused: Set<string>,
  ): Promise<Taken['wide']> {
    const made: Taken['wide'] = [];
    for (const { row, request } of all) {
      try {
        const own = routes.get(request.spaceId) as Routes;
        made.push(await storeInSlices(sql, this.clock, request, own, nextTurn));
      } catch (error) {
        if (!(error instanceof PosthornError)) throw error;
        await this.refuse(sql, row, error);
        refused.add(row.id);
      }
    }
    return made;
  }

  /** The events as requests. Those that no request may have are refused. */
  private async read(sql: Sql, rows: InboxRow[]): Promise<Accepted[]> {
    const accepted: Accepted[] = [];
    for (const row of rows) {
      try {
        accepted.push({ row, request: { spaceId: row.spaceId, drafts: [draftOf(row)] } });
      } catch (error) {
        if (!(error instanceof PosthornError)) throw error;
        await this.refuse(sql, row, error);
      }
    }
    return accepted;
  }

  private async refuse(sql: Sql, { id, spaceId }: InboxRow, { message }: Error): Promise<void> {
    await refuseInbox(sql, id, message, this.clock.date());
    this.logger.warn({
      msg: 'inbox.refused',
      event: publicId('evt', id),
      space: publicId('spc', spaceId),
      reason: message,
    });
  }

  private announce({ stored, wide }: Taken): void {
    if (stored && stored.outcomes.length > 0) this.announcer.announce(stored);
    for (const outcome of wide) void this.announcer.announceMany(outcome, nextTurn);
  }
}

/** As many of the first ones as one statement may match, and the first one in any case. */
function firstOf(rows: InboxRow[], routes: Map<string, Routes>): InboxRow[] {
  let matches = 0;
  const end = rows.findIndex(({ spaceId }, index) => {
    matches += routes.get(spaceId)?.routes.length ?? 0;
    return index > 0 && matches > WIDE;
  });
  return end < 0 ? rows : rows.slice(0, end);
}
