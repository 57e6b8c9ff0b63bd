import { Injectable } from '@nestjs/common';
import { Batcher } from '../lib/batcher.js';
import { Clock } from '../lib/clock.js';
import { OutcomeUnknown } from '../core/errors.js';
import { Database } from '../database/database.js';
import { isOutcomeUnknown } from '../database/unknown-outcome.js';
import { RoutingTable, type Routes } from '../endpoints/routing.js';
import { Announcer } from './announcer.js';
import { BatchStore, GIVEN_UP, refusalOf } from './batch-store.js';
import { BulkThrottle } from './bulk-throttle.js';
import { checkTimes } from './check-times.js';
import type { EventDraft, PublishedEvent } from './draft.js';
import { firstReceivers } from './first-receivers.js';
import { DataCheck, withWarnings } from './data-check.js';
import { PublishAdmission, type Admitted } from './publish-admission.js';
import { charactersOf, PublishBacklog } from './publish-backlog.js';
import type { PublishRequest, StoreOutcome } from './store.js';
import { storeSpan } from './store-span.js';
import { WIDE, WideStore } from './wide-store.js';

/** Events of one batch; further ones wait for the next. Larger batches make longer turns of the event loop. */
const MAX_EVENTS_PER_BATCH = 100;
/** A small request that makes more deliveries than this has batches of its own: single events do not wait for it. */
const CROWD = 128;
/** Deliveries in one of these batches. */
const MAX_CROWD_DELIVERIES = 1_000;
/** Matches (events × subscriptions) that weigh as much as one event. */
const MATCHES_PER_EVENT = WIDE / MAX_EVENTS_PER_BATCH;
/** Characters of data that weigh as much as one event: a batch of large events has about 256 KiB. */
const CHARACTERS_PER_EVENT = (256 * 1024) / MAX_EVENTS_PER_BATCH;
/** So has a small request with more characters of data: writing it takes PostgreSQL milliseconds. */
const LARGE = 16 * 1024;
/** A request with more events than this is bulk, which has batches of its own, too. */
const SMALL_REQUEST = 10;
/** Endpoints of a small request that are checked for a backlog before it is stored. */
const MAX_CHECKED = 16;

const UNKNOWN =
  'The database connection was lost before the commit was confirmed: the events may be stored, or ' +
  'not. Send them again with the same ids, and each is stored once. Events without an id of your ' +
  'own may be stored twice: check the list of events first.';

const OPTIONS = {
  max: MAX_EVENTS_PER_BATCH,
  parallel: 2,
  weigh: ({ drafts, fanOut = 0 }: PublishRequest) =>
    Math.max(drafts.length, fanOut / MATCHES_PER_EVENT, charactersOf(drafts) / CHARACTERS_PER_EVENT),
};

/**
 * Publishes events. In: requests from HTTP (`publish.controller.ts`) or from code (`webhook-emitter.ts`). Out: the
 * published events, once they and their deliveries are committed; from then on they are delivered, whatever stops or
 * dies.
 *
 * Requests that arrive together are stored together (`BatchStore`), a request with very many matches by itself
 * (`WideStore`). Both match (`match.ts`) and write, and then the `Announcer` informs the workers.
 */
@Injectable()
export class Publisher {
  private readonly backlog = new PublishBacklog();
  private readonly throttle = new BulkThrottle();
  private readonly batches: BatchStore;
  private readonly wide: WideStore;
  private readonly small: Batcher<PublishRequest, StoreOutcome>;
  private readonly large: Batcher<PublishRequest, StoreOutcome>;
  private readonly bulk: Batcher<PublishRequest, StoreOutcome>;
  private readonly crowds: Batcher<PublishRequest, StoreOutcome>;

  constructor(
    database: Database,
    private readonly clock: Clock,
    routing: RoutingTable,
    private readonly announcer: Announcer,
    private readonly admission: PublishAdmission,
    private readonly dataCheck: DataCheck,
  ) {
    this.batches = new BatchStore(database, clock, routing, announcer);
    this.wide = new WideStore(database, clock, routing);
    this.small = new Batcher((batch) => this.batches.storeBatch(batch), OPTIONS);
    this.large = new Batcher((batch) => this.batches.storeBatch(batch), OPTIONS);
    const storeInTurn = async (batch: PublishRequest[]) => {
      await this.announcer.localDispatch.applyBackpressure();
      await this.throttle.waitForTurn();
      return this.batches.storeBatch(batch);
    };
    this.bulk = new Batcher(storeInTurn, OPTIONS);
    this.crowds = new Batcher(storeInTurn, {
      ...OPTIONS,
      max: MAX_CROWD_DELIVERIES / MATCHES_PER_EVENT,
      parallel: 1,
    });
  }

  /** Stores all events of the request or none. Throws a PosthornError when it is refused. */
  async publish(request: PublishRequest): Promise<PublishedEvent[]> {
    checkTimes(request.drafts, this.clock.now());
    const admitted = await this.admission.admit(request);
    const events = await this.dataCheck.around(request, admitted.routes, () => this.store(request, admitted));
    return withWarnings(events, request.drafts);
  }

  private async store(
    request: PublishRequest,
    { routes, fanOut, isHuge }: Admitted,
  ): Promise<PublishedEvent[]> {
    const isSmall = request.drafts.length <= SMALL_REQUEST;
    if (!routes || fanOut <= (isSmall ? CROWD : WIDE))
      return this.publishBatched({ ...request, fanOut }, routes);
    const narrowed = await this.wide.narrowed(request, routes);
    return narrowed ? this.publishBatched(narrowed, routes) : this.publishWide(request, isHuge);
  }

  /** Waits while workers are behind with endpoints of these drafts; a few are checked. Bulk has its own wait. */
  private async slowDown(drafts: EventDraft[], routes: Routes | null): Promise<void> {
    if (routes)
      await this.announcer.localDispatch.slowDown(() => firstReceivers(drafts, routes, MAX_CHECKED));
  }

  /** Stores the request together with others that are waiting, small ones before bulk. */
  private async publishBatched(request: PublishRequest, routes: Routes | null): Promise<PublishedEvent[]> {
    const batcher = this.batcherFor(request);
    if (batcher === this.small || batcher === this.large) {
      await this.slowDown(request.drafts, routes);
      this.throttle.noteSmallRequest();
    }
    return eventsOf(await this.backlog.run(request, () => batcher.add(request)));
  }

  private batcherFor({ drafts, fanOut = 0 }: PublishRequest): Batcher<PublishRequest, StoreOutcome> {
    if (drafts.length > SMALL_REQUEST) return this.bulk;
    if (fanOut > CROWD) return this.crowds;
    return charactersOf(drafts) > LARGE ? this.large : this.small;
  }

  /** Stores the request by itself, in slices with pauses between them. */
  private async publishWide(request: PublishRequest, isHuge: boolean): Promise<PublishedEvent[]> {
    const refusal = await refusalOf(request);
    if (refusal) throw refusal;
    const pause = async () => {
      if (request.isGivenUp?.()) eventsOf(GIVEN_UP);
      await this.throttle.waitForTurn();
    };
    const span = storeSpan([request]);
    try {
      const outcome = await this.wide.store(request, isHuge, pause);
      span?.end();
      void this.announcer.announceMany(outcome, () => this.throttle.waitForTurn(), span);
      return outcome.events;
    } catch (error) {
      span?.fail('database_error');
      return eventsOf({ error: error as Error });
    }
  }
}

/** The outcome's events. Throws its error. */
function eventsOf(outcome: StoreOutcome): PublishedEvent[] {
  if ('error' in outcome) throw isOutcomeUnknown(outcome.error) ? new OutcomeUnknown(UNKNOWN) : outcome.error;
  return outcome.events;
}
