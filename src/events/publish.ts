import { Injectable, Logger } from '@nestjs/common';
import { Batcher } from '../core/batcher.js';
import { Clock } from '../core/clock.js';
import { Database } from '../database/database.js';
import { managerSql, type Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import { Handoff, type Handed } from '../deliveries/handoff.js';
import { Doorbell } from '../queue/doorbell.js';
import { RoutingTable, type Routes } from '../subscriptions/routing.js';
import type { EntityManager } from 'typeorm';
import { onCommit } from './on-commit.js';
import type { PublishedEvent } from './draft.js';
import { keyOf } from './event-keys.js';
import { store, writesAtOnce, type PublishRequest, type StoreOutcome } from './store.js';

/** Events a flush may carry; more wait for the next one. */
const MAX_EVENTS_PER_FLUSH = 200;
/** A request with more events than this is bulk: it may wait for those before it, and keeps no small one waiting. */
const SMALL_REQUEST = 10;

const OPTIONS = {
  max: MAX_EVENTS_PER_FLUSH,
  parallel: 2,
  weigh: (request: PublishRequest) => request.drafts.length,
};

/**
 * Publishes events: match, store, ring. Concurrent calls are written together, and a call answers when that has
 * been committed: from then on the event's deliveries happen, whatever stops or dies.
 */
@Injectable()
export class Publisher {
  private readonly logger = new Logger('events');
  private readonly small = new Batcher<PublishRequest, StoreOutcome>((batch) => this.flush(batch), OPTIONS);
  private readonly bulk = new Batcher<PublishRequest, StoreOutcome>(async (batch) => {
    await this.handoff.keepStep();
    return this.flush(batch);
  }, OPTIONS);

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly routing: RoutingTable,
    private readonly doorbell: Doorbell,
    private readonly handoff: Handoff,
  ) {}

  /** Stores all of the request's events or none; throws a PosthornError when it refuses them. */
  async publish(request: PublishRequest): Promise<PublishedEvent[]> {
    const requests = request.drafts.length > SMALL_REQUEST ? this.bulk : this.small;
    return this.answer(await requests.add(request));
  }

  /** The same inside the caller's own transaction: the events exist when, and only when, that commits. */
  async publishWithin(manager: EntityManager, request: PublishRequest): Promise<PublishedEvent[]> {
    const sql = managerSql(manager);
    const [outcome] = await store(sql, this.clock, [request], await this.routesOf(sql, [request]), null);
    const events = this.answer(outcome as StoreOutcome);
    onCommit(manager, () => this.ring([outcome as StoreOutcome]));
    return events;
  }

  private answer(outcome: StoreOutcome): PublishedEvent[] {
    if ('error' in outcome) throw outcome.error;
    return outcome.events;
  }

  private async flush(requests: PublishRequest[]): Promise<StoreOutcome[]> {
    const outcomes = new Map<PublishRequest, StoreOutcome>();
    for (const wave of inWaves(requests)) {
      const results = await this.storeWave(wave);
      this.ring(results);
      wave.forEach((request, index) => outcomes.set(request, results[index] as StoreOutcome));
    }
    return requests.map((request) => outcomes.get(request) as StoreOutcome);
  }

  private async storeWave(requests: PublishRequest[]): Promise<StoreOutcome[]> {
    const { sql } = this.database;
    const routing = await this.routesOf(sql, requests);
    // The usual case saves the round trips of a transaction's beginning and end.
    return writesAtOnce(requests, routing)
      ? store(sql, this.clock, requests, routing, this.handoff)
      : this.database.transaction((inside) => store(inside, this.clock, requests, routing, this.handoff));
  }

  private routesOf(sql: Sql, requests: PublishRequest[]): Promise<Map<string, Routes>> {
    return this.routing.current(sql, [...new Set(requests.map(({ spaceId }) => spaceId))]);
  }

  private ring(outcomes: StoreOutcome[]): void {
    const due: NewDelivery[] = [];
    const handed: Handed[] = [];
    let events = 0;
    let refused = 0;
    for (const outcome of outcomes) {
      if ('error' in outcome) {
        refused += 1;
        continue;
      }
      events += outcome.events.length;
      const fresh = new Map(outcome.fresh.map((event) => [event.id, event]));
      for (const delivery of outcome.due) {
        const event = fresh.get(delivery.eventId);
        if (delivery.lease && event) handed.push({ delivery, event, lease: delivery.lease.id });
        else if (delivery.status === 'pending') due.push(delivery);
      }
    }
    this.doorbell.ring(this.handoff.give(handed, due));
    this.logger.debug({
      msg: 'events.published',
      requests: outcomes.length,
      refused,
      events,
      deliveries: due.length + handed.length,
    });
  }
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
