import { setImmediate as nextTurn } from 'node:timers/promises';
import { Invalid, PosthornError } from '../core/errors.js';
import { publicId } from '../core/ids.js';
import type { Clock } from '../lib/clock.js';
import type { Sql } from '../database/sql.js';
import type { Routes, RoutingTable } from '../endpoints/routing.js';
import type { DataCheck } from '../events/data-check.js';
import type { EventDraft } from '../events/draft.js';
import { unknownTypes } from '../events/plan.js';
import { store, type PublishRequest, type Stored, type StoreOutcome } from '../events/store.js';
import { storeInSlices, type SlicedOutcome } from '../events/store-slices.js';
import { eventIdOf, type BroadcastProblem } from './broadcast.js';
import { nextSpaces, type OpenBroadcast } from './broadcast-record.js';

/** Spaces of one slice, and their subscriptions: one statement of some 10 ms. */
const SPACES = 20;
const MATCHES = 200;
/** Text of events that one slice writes, bytes. */
const BYTES = 2 * 1024 * 1024;
/** For how long a slice compares data with the schemas of spaces, milliseconds. */
const CHECK_MS = 250;
/** So often a slice is repeated for a space whose schemas take too long or change; then that space goes without. */
const PATIENCE = 3;

/** Where a slice finds what it needs. */
export interface SliceTools {
  clock: Clock;
  routing: RoutingTable;
  dataCheck: DataCheck;
}

/** What a slice did. */
export interface BroadcastSlice {
  published: number;
  skipped: number;
  failed: number;
  deliveries: number;
  problems: BroadcastProblem[];
  /** The last space; null when there are no more. */
  position: string | null;
  /** What to announce after the commit. */
  stored: Stored | null;
  wide: SlicedOutcome | null;
}

/** Publishes the event in the next spaces, in the transaction `sql`. */
export async function broadcastSlice(
  sql: Sql,
  tools: SliceTools,
  broadcast: OpenBroadcast,
  draft: EventDraft,
): Promise<BroadcastSlice> {
  const most = Math.max(1, Math.min(SPACES, Math.floor(BYTES / draft.text.length)));
  const ids = await nextSpaces(sql, broadcast, most);
  const routes = await tools.routing.current(sql, ids);
  const slice = new Slice(sql, tools, broadcast, draft);
  const end = performance.now() + CHECK_MS;
  for (const id of ids) {
    const own = routes.get(id);
    // It was deleted a moment ago.
    if (!own) slice.pass(id);
    // One space at least: a slice without any would look like the end.
    else if (!slice.hasRoomFor(own) || (slice.position !== null && performance.now() > end)) break;
    else await slice.add(id, own);
  }
  await slice.write(routes);
  const isLast = slice.position === (ids.at(-1) ?? null) && ids.length < most;
  return { ...slice.result, position: isLast ? null : slice.position };
}

/** The spaces of one slice, first collected and then written together; one with very many subscriptions by itself. */
class Slice {
  position: string | null = null;
  readonly result: Omit<BroadcastSlice, 'position'> = {
    ...{ published: 0, skipped: 0, failed: 0, deliveries: 0, problems: [], stored: null, wide: null },
  };

  private readonly requests: PublishRequest[] = [];
  private matches = 0;

  constructor(
    private readonly sql: Sql,
    private readonly tools: SliceTools,
    private readonly broadcast: OpenBroadcast,
    private readonly draft: EventDraft,
  ) {}

  pass(spaceId: string): void {
    this.position = spaceId;
  }

  hasRoomFor({ routes }: Routes): boolean {
    return this.position === null || this.matches + routes.length <= MATCHES;
  }

  async add(spaceId: string, routes: Routes): Promise<void> {
    this.position = spaceId;
    if (unknownTypes([this.draft], routes)) {
      this.result.skipped += 1;
      return;
    }
    const eventId = eventIdOf(this.broadcast.id, spaceId);
    const request = { spaceId, drafts: [{ ...this.draft, eventId }] };
    const refusal = await this.tools.dataCheck.refusalOf(request, routes);
    if (refusal && !(refusal instanceof Invalid) && this.broadcast.failures < PATIENCE) throw refusal;
    if (refusal) this.fail(spaceId, refusal);
    else {
      this.requests.push(request);
      this.matches += routes.routes.length;
    }
  }

  async write(routes: Map<string, Routes>): Promise<void> {
    const { sql, tools, requests } = this;
    const [first] = requests;
    if (!first) return;
    const own = routes.get(first.spaceId) as Routes;
    if (requests.length === 1 && own.routes.length > MATCHES) return this.writeWide(first, own);
    const stored = await store(sql, tools.clock, requests, { routes, isRemembered: false }, null);
    this.result.stored = stored;
    requests.forEach(({ spaceId }, index) => this.count(spaceId, stored?.outcomes[index] as StoreOutcome));
  }

  private async writeWide(request: PublishRequest, routes: Routes): Promise<void> {
    try {
      const outcome = await storeInSlices(this.sql, this.tools.clock, request, routes, nextTurn);
      this.result.wide = outcome;
      this.count(request.spaceId, { ...outcome, fresh: [], due: [] });
    } catch (error) {
      this.fail(request.spaceId, error);
    }
  }

  private count(spaceId: string, outcome: StoreOutcome): void {
    if ('error' in outcome) return this.fail(spaceId, outcome.error);
    const [event] = outcome.events;
    if (!event || event.duplicate) {
      this.result.skipped += 1;
      return;
    }
    this.result.published += 1;
    this.result.deliveries += event.deliveries;
  }

  /** Only what the space refuses is its failure. */
  private fail(spaceId: string, error: unknown): void {
    if (!(error instanceof PosthornError)) throw error;
    this.result.failed += 1;
    const [issue] = error.issues ?? [];
    const code = issue?.code ?? error.code;
    const message = issue ? `${issue.path}: ${issue.message}` : error.message;
    this.result.problems.push({ space: publicId('spc', spaceId), code, message });
  }
}
