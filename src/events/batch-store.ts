import { Clock } from '../lib/clock.js';
import { PosthornError, Unavailable } from '../core/errors.js';
import { Database, isDataError } from '../database/database.js';
import type { Sql } from '../database/sql.js';
import { isOutcomeUnknown } from '../database/unknown-outcome.js';
import type { BatchLeases } from '../deliveries/local-dispatch.js';
import { RoutingTable, type Routes } from '../endpoints/routing.js';
import { keyOf } from '../event-store/event-keys.js';
import { Announcer } from './announcer.js';
import { keyOfDraft } from './plan.js';
import { storeSpan } from './store-span.js';
import { store, writesAtOnce, type PublishRequest, type Stored, type StoreOutcome } from './store.js';

/** The outcome of a request whose caller has hung up. Nobody reads it. */
export const GIVEN_UP: StoreOutcome = {
  error: new Unavailable('The client disconnected before anything was stored.'),
};

/**
 * Stores batches of publish requests. In: requests that arrived together. Out: an outcome for each, once it is
 * committed and announced (`Announcer`). It chooses routes and a transaction; `store.ts` matches and writes.
 */
export class BatchStore {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
    private readonly announcer: Announcer,
  ) {}

  /** Never throws for a single request: its outcome has the error. */
  async storeBatch(requests: PublishRequest[]): Promise<StoreOutcome[]> {
    const outcomes = new Map<PublishRequest, StoreOutcome>();
    const wanted = requests.filter((request) => !request.isGivenUp?.());
    for (const request of requests) outcomes.set(request, GIVEN_UP);
    for (const wave of inWaves(wanted)) {
      const stored = await this.storeAndAnnounce(wave);
      wave.forEach((request, index) => outcomes.set(request, stored[index] as StoreOutcome));
    }
    return requests.map((request) => outcomes.get(request) as StoreOutcome);
  }

  /**
   * Stores requests together. When the database refuses a value of one of them, stores each by itself, so that one
   * caller's error is no other's.
   */
  private async storeAndAnnounce(wave: PublishRequest[]): Promise<StoreOutcome[]> {
    let stored: Stored;
    const leases = this.announcer.localDispatch.batch();
    const span = storeSpan(wave);
    try {
      stored = await this.storeWave(wave, leases);
      span?.end();
    } catch (error) {
      span?.fail('database_error');
      if (isOutcomeUnknown(error)) leases.release();
      if (!isDataError(error) || wave.length === 1) return wave.map(() => ({ error: error as Error }));
      const outcomes: StoreOutcome[] = [];
      for (const request of wave) outcomes.push(...(await this.storeAndAnnounce([request])));
      return outcomes;
    }
    this.announcer.announce(stored, span);
    return stored.outcomes;
  }

  /** Mostly one statement with callers and routes from memory. Else reads both first, and may need a transaction. */
  private async storeWave(requests: PublishRequest[], leases: BatchLeases): Promise<Stored> {
    const routes = this.routing.remembered(spacesOf(requests));
    if (routes && haveSameVersions(requests, routes)) {
      const routing = { routes, isRemembered: true };
      const stored =
        writesAtOnce(requests, routing) &&
        (await store(this.database.sql, this.clock, requests, routing, leases));
      if (stored) return stored;
    }
    const refusals = await Promise.all(requests.map(refusalOf));
    const admitted = requests.filter((_request, index) => refusals[index] === null);
    const { outcomes, check } = await this.storeCurrent(admitted, leases);
    const rest = outcomes.values();
    return {
      outcomes: refusals.map((error) => (error ? { error } : (rest.next().value as StoreOutcome))),
      check,
    };
  }

  /** Stores with routes read now, in a transaction where one statement is not enough. */
  private async storeCurrent(requests: PublishRequest[], leases: BatchLeases | null): Promise<Stored> {
    const { sql } = this.database;
    const routes = await this.routing.current(sql, spacesOf(requests));
    const work = (inside: Sql) => this.storeWith(inside, requests, routes, leases);
    return writesAtOnce(requests, { routes, isRemembered: false })
      ? work(sql)
      : this.database.transaction(work);
  }

  /** Stores with these routes, which are current, in the transaction `sql`. */
  async storeWith(
    sql: Sql,
    requests: PublishRequest[],
    routes: Map<string, Routes>,
    leases: BatchLeases | null,
  ): Promise<Stored> {
    const stored = await store(sql, this.clock, requests, { routes, isRemembered: false }, leases);
    // `store` returns null for stale routes from memory only.
    return stored as Stored;
  }
}

/** Why the request's caller may no longer publish; null when it may. */
export async function refusalOf({ remembered }: PublishRequest): Promise<PosthornError | null> {
  try {
    await remembered?.confirm();
    return null;
  } catch (error) {
    if (error instanceof PosthornError) return error;
    throw error;
  }
}

/** Whether all callers were remembered with the routing version that the statement checks. */
function haveSameVersions(requests: PublishRequest[], routes: Map<string, Routes>): boolean {
  return requests.every(
    ({ spaceId, remembered }) => !remembered || remembered.version === routes.get(spaceId)?.version,
  );
}

function spacesOf(requests: PublishRequest[]): string[] {
  return [...new Set(requests.map(({ spaceId }) => spaceId))];
}

/**
 * Splits requests so that none shares a key with another of its wave: in one statement the two would not see each
 * other. The later one finds the first one's event in the next wave.
 */
function inWaves(requests: PublishRequest[]): PublishRequest[][] {
  const waves: { requests: PublishRequest[]; keys: Set<string> }[] = [];
  for (const request of requests) {
    const keys = [...request.drafts.map(keyOfDraft), request.requestKey?.key].flatMap((key) =>
      key === undefined ? [] : keyOf(request.spaceId, key),
    );
    // After the last wave with one of its keys, so that equal keys keep their order.
    const last = waves.findLastIndex((wave) => keys.some((key) => wave.keys.has(key)));
    const wave = (waves[last + 1] ??= { requests: [], keys: new Set() });
    wave.requests.push(request);
    for (const key of keys) wave.keys.add(key);
  }
  return waves.map((wave) => wave.requests);
}
