import { Injectable } from '@nestjs/common';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Batcher } from '../lib/batcher.js';
import { Clock } from '../lib/clock.js';
import { OutcomeUnknown, PosthornError, Unavailable } from '../core/errors.js';
import { Database, isDataError } from '../database/database.js';
import { managerSql, type Sql } from '../database/sql.js';
import { isOutcomeUnknown } from '../database/unknown-outcome.js';
import type { LocalDispatch } from '../deliveries/local-dispatch.js';
import { RoutingTable, type Routes } from '../endpoints/routing.js';
import type { EntityManager } from 'typeorm';
import { Announcer } from './announcer.js';
import { BulkThrottle } from './bulk-throttle.js';
import { onCommit } from './on-commit.js';
import type { PublishedEvent } from './draft.js';
import { keyOf } from '../event-store/event-keys.js';
import { PublishBacklog } from './publish-backlog.js';
import { PublishAdmission } from './publish-admission.js';
import { store, writesAtOnce, type PublishRequest, type Stored, type StoreOutcome } from './store.js';
import { storeInSlices } from './store-slices.js';
import { WIDE, WideStore } from './wide-store.js';

/** Events a flush may carry; more wait for the next one. Each turn it takes of the event loop is felt by everybody else. */
const MAX_EVENTS_PER_FLUSH = 100;
/** Matches (events × subscriptions) that weigh as much as an event. */
const MATCHES_PER_EVENT = WIDE / MAX_EVENTS_PER_FLUSH;
/** A request with more events than this is bulk: it may wait for those before it, and keeps no small one waiting. */
const SMALL_REQUEST = 10;

const UNKNOWN =
  'The database went away before it answered: the events may be stored, or not. Send them again with the same ids, and each is stored once. Events without an id of yours may be stored twice: look into the list of events first.';
/** Nobody hears of it. */
const GIVEN_UP: StoreOutcome = { error: new Unavailable('The caller hung up before anything was stored.') };

const OPTIONS = {
  max: MAX_EVENTS_PER_FLUSH,
  parallel: 2,
  weigh: ({ drafts, fanOut = 0 }: PublishRequest) => Math.max(drafts.length, fanOut / MATCHES_PER_EVENT),
};

/**
 * Publishes events: match, store, ring. Concurrent calls are written together, and a call answers when that has
 * been committed: from then on the event's deliveries happen, whatever stops or dies.
 */
@Injectable()
export class Publisher {
  private readonly wide: WideStore;
  private readonly throttle = new BulkThrottle();
  private readonly backlog = new PublishBacklog();
  private readonly small = new Batcher<PublishRequest, StoreOutcome>((batch) => this.flush(batch), OPTIONS);
  private readonly bulk = new Batcher<PublishRequest, StoreOutcome>(async (batch) => {
    await this.announcer.localDispatch.applyBackpressure();
    await this.throttle.waitForTurn();
    return this.flush(batch);
  }, OPTIONS);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
    private readonly announcer: Announcer,
    private readonly admission: PublishAdmission,
  ) {
    this.wide = new WideStore(database, clock, routing);
  }

  /** Stores all of the request's events or none; throws a PosthornError when it refuses them. */
  async publish(request: PublishRequest): Promise<PublishedEvent[]> {
    const { routes, fanOut, isHuge } = await this.admission.admit(request);
    if (!routes || fanOut <= WIDE) return this.publishBatched({ ...request, fanOut });
    const narrowed = await this.wide.narrowed(request, routes);
    if (narrowed) return this.publishBatched(narrowed);
    return this.publishWide(request, isHuge);
  }

  private async publishWide(request: PublishRequest, isHuge: boolean): Promise<PublishedEvent[]> {
    const refusal = await refusalOf(request);
    if (refusal) throw refusal;
    const pause = async () => {
      if (request.isGivenUp?.()) this.answer(GIVEN_UP);
      await this.throttle.waitForTurn();
    };
    try {
      const { events, due } = await this.wide.store(request, isHuge, pause);
      void this.announcer.announceMany(events.length, due, () => this.throttle.waitForTurn());
      return events;
    } catch (error) {
      return this.answer({ error: error as Error });
    }
  }

  private async publishBatched(request: PublishRequest): Promise<PublishedEvent[]> {
    const isSmall = request.drafts.length <= SMALL_REQUEST;
    if (isSmall) this.throttle.noteSmallRequest();
    const batcher = isSmall ? this.small : this.bulk;
    return this.answer(await this.backlog.run(request, () => batcher.add(request)));
  }

  /** The same inside the caller's own transaction: the events exist when, and only when, that commits. */
  async publishWithin(manager: EntityManager, request: PublishRequest): Promise<PublishedEvent[]> {
    const sql = managerSql(manager);
    const routes = (await this.routing.current(sql, [request.spaceId])).get(request.spaceId);
    if (routes && request.drafts.length * routes.routes.length > WIDE) {
      const { events, due } = await storeInSlices(sql, this.clock, request, routes, nextTurn);
      onCommit(manager, () => void this.announcer.announceMany(events.length, due, nextTurn));
      return events;
    }
    const stored = await this.storeCurrent([request], null, sql);
    const events = this.answer(stored.outcomes[0] as StoreOutcome);
    onCommit(manager, () => this.announcer.announce(stored));
    return events;
  }

  private answer(outcome: StoreOutcome): PublishedEvent[] {
    if ('error' in outcome)
      throw isOutcomeUnknown(outcome.error) ? new OutcomeUnknown(UNKNOWN) : outcome.error;
    return outcome.events;
  }

  private async flush(requests: PublishRequest[]): Promise<StoreOutcome[]> {
    const outcomes = new Map<PublishRequest, StoreOutcome>();
    const wanted = requests.filter((request) => !request.isGivenUp?.());
    for (const request of requests) outcomes.set(request, GIVEN_UP);
    for (const wave of inWaves(wanted)) {
      const stored = await this.storeApart(wave);
      wave.forEach((request, index) => outcomes.set(request, stored[index] as StoreOutcome));
    }
    return requests.map((request) => outcomes.get(request) as StoreOutcome);
  }

  /**
   * Stores a wave, request by request when the database takes something in it amiss: those who share a statement know
   * nothing of each other. What fails fails for this wave alone.
   */
  private async storeApart(wave: PublishRequest[]): Promise<StoreOutcome[]> {
    let stored: Stored;
    try {
      stored = await this.storeWave(wave);
    } catch (error) {
      if (!isDataError(error) || wave.length === 1) return wave.map(() => ({ error: error as Error }));
      const outcomes: StoreOutcome[] = [];
      for (const request of wave) outcomes.push(...(await this.storeApart([request])));
      return outcomes;
    }
    this.announcer.announce(stored);
    return stored.outcomes;
  }

  /** Usually one statement with callers and routes from memory; otherwise a look at both first, and often a transaction. */
  private async storeWave(requests: PublishRequest[]): Promise<Stored> {
    const routes = this.routing.remembered(spacesOf(requests));
    if (routes && areAsOld(requests, routes)) {
      const routing = { routes, isRemembered: true };
      const stored =
        writesAtOnce(requests, routing) &&
        (await store(this.database.sql, this.clock, requests, routing, this.announcer.localDispatch));
      if (stored) return stored;
    }
    const refusals = await Promise.all(requests.map(refusalOf));
    const admitted = requests.filter((_request, index) => refusals[index] === null);
    const { outcomes, check } = await this.storeCurrent(admitted, this.announcer.localDispatch);
    const rest = outcomes.values();
    return {
      outcomes: refusals.map((error) => (error ? { error } : (rest.next().value as StoreOutcome))),
      check,
    };
  }

  /** With `sql`, the caller's own transaction; without, in one of its own when it needs one. */
  private async storeCurrent(
    requests: PublishRequest[],
    localDispatch: LocalDispatch | null,
    sql?: Sql,
  ): Promise<Stored> {
    const outside = sql ?? this.database.sql;
    const routing = {
      routes: await this.routing.current(outside, spacesOf(requests)),
      isRemembered: false,
    };
    const work = (inside: Sql) => store(inside, this.clock, requests, routing, localDispatch);
    const stored = await (sql || writesAtOnce(requests, routing)
      ? work(outside)
      : this.database.transaction(work));
    // Only what is remembered can be stale.
    return stored as Stored;
  }
}

/** Why the request's caller may not publish any more. */
async function refusalOf({ remembered }: PublishRequest): Promise<PosthornError | null> {
  try {
    await remembered?.confirm();
    return null;
  } catch (error) {
    if (error instanceof PosthornError) return error;
    throw error;
  }
}

/** Whether the version that the statement checks is also that of all callers' memory. */
function areAsOld(requests: PublishRequest[], routes: Map<string, Routes>): boolean {
  return requests.every(
    ({ spaceId, remembered }) => !remembered || remembered.version === routes.get(spaceId)?.version,
  );
}

function spacesOf(requests: PublishRequest[]): string[] {
  return [...new Set(requests.map(({ spaceId }) => spaceId))];
}

/**
 * Two requests with the same key in one transaction could not see each other's answer: the later one waits for the
 * next wave, where it finds the first one's event.
 */
function inWaves(requests: PublishRequest[]): PublishRequest[][] {
  const waves: { requests: PublishRequest[]; keys: Set<string> }[] = [];
  for (const request of requests) {
    const keys = request.drafts.flatMap(({ key }) => (key === undefined ? [] : keyOf(request.spaceId, key)));
    // Behind the last wave that holds one of its keys, so that equal keys keep the order they came in.
    const last = waves.findLastIndex((wave) => keys.some((key) => wave.keys.has(key)));
    const wave = (waves[last + 1] ??= { requests: [], keys: new Set() });
    wave.requests.push(request);
    for (const key of keys) wave.keys.add(key);
  }
  return waves.map((wave) => wave.requests);
}
