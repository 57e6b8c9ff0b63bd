import type { Clock } from '../lib/clock.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import type { DueDelivery } from '../queue/deliver-job.js';
import type { Routes } from '../endpoints/routing.js';
import type { EventDraft, PublishedEvent } from './draft.js';
import {
  keyOf,
  recountKeys,
  isOtherEvent,
  reserveKeys,
  type KeyReservation,
  type KeyOwner,
} from '../event-store/event-keys.js';
import { insertExpiries, type NewEvent } from '../event-store/insert-events.js';
import { scheduleEvents } from '../event-store/scheduled-events.js';
import { scheduleDeliveries } from '../deliveries/scheduled.js';
import { insertEvents } from './insert-events.js';
import { filterByOnceKeys } from './filter-by-once-keys.js';
import { keyOfDraft, reservationFor, matchInPieces, newEvent } from './plan.js';
import { refusalOfTypes } from './type-rules.js';
import { requestReservation } from './request-key.js';
import { keyConflict, requestConflict, type PublishRequest } from './store.js';

/** Deliveries that one statement writes (ADR 9). */
export const SLICE = 1_000;
/** Deliveries that are enqueued; the sweeper finds further ones. */
const MAX_ENQUEUED = 100_000;

/** The result of a request that was stored in slices. */
export interface SlicedOutcome {
  events: PublishedEvent[];
  due: DueDelivery[];
  /** Deliveries of events that had ended before. */
  expired: number;
}

/** An event that is no duplicate. */
interface Fresh {
  event: NewEvent;
  draft: EventDraft;
}

/**
 * Stores a request with too many deliveries for one statement, slice by slice. `sql` must be a transaction, so after a
 * crash nothing is stored, and the request can be repeated. Has one slice in memory at a time; `pause` is awaited after
 * each. Throws Invalid, and Conflict for a reused id.
 */
export async function storeInSlices(
  sql: Sql,
  clock: Clock,
  request: PublishRequest,
  routes: Routes,
  pause: () => Promise<void>,
): Promise<SlicedOutcome> {
  const { spaceId, drafts } = request;
  const refusal = refusalOfTypes(drafts, routes);
  if (refusal) throw refusal;
  const { events, fresh } = await reserveEvents(sql, clock, request, routes);
  const slices = new SliceWriter(sql, clock, pause);
  for (const { event, draft } of fresh) {
    slices.begin(event);
    for (const piece of matchInPieces(event, draft, routes, clock)) await slices.add(piece);
  }
  await slices.flush();
  const counted = events.map((one) => ({
    ...one,
    deliveries: slices.counts.get(one.id) ?? one.deliveries,
  }));
  await recountKeys(
    sql,
    fresh.flatMap(({ event: { id }, draft }) => {
      const key = keyOfDraft(draft);
      return key === undefined ? [] : { spaceId, key, deliveries: slices.counts.get(id) ?? 0 };
    }),
  );
  return { events: counted, due: slices.due, expired: slices.expired };
}

/** Reserves the publisher's ids, and separates new events from duplicates. */
async function reserveEvents(
  sql: Sql,
  clock: Clock,
  { spaceId, drafts, requestKey }: PublishRequest,
  routes: Routes,
): Promise<{ events: PublishedEvent[]; fresh: Fresh[] }> {
  const all = drafts.map((draft) => {
    const event = newEvent(spaceId, draft, routes, clock);
    return { event, draft, reservation: reservationFor(event, draft, 0) };
  });
  const reservations = all.flatMap(({ reservation }) => reservation ?? []);
  const [first] = all;
  if (requestKey && first) reservations.push(requestReservation(spaceId, requestKey, first.event.id));
  const owners =
    reservations.length > 0
      ? await reserveKeys(sql, reservations, clock.date())
      : new Map<string, KeyOwner>();
  const conflict = requestConflict(spaceId, requestKey, owners);
  if (conflict) throw conflict;
  const mine = new Map<string, KeyReservation>();
  const fresh: Fresh[] = [];
  const events = all.map(({ event, draft, reservation }): PublishedEvent => {
    const key = reservation && keyOf(spaceId, reservation.key);
    const owner = key === null ? undefined : (owners.get(key) ?? mine.get(key));
    if (reservation && owner) {
      if (isOtherEvent(owner, reservation)) throw keyConflict(reservation.key, draft.at);
      return { id: owner.eventId, type: event.type, duplicate: true, deliveries: owner.deliveries };
    }
    if (reservation && key) mine.set(key, reservation);
    fresh.push({ event, draft });
    return { id: event.id, type: event.type, duplicate: false, deliveries: 0 };
  });
  return { events, fresh };
}

/** Collects events and deliveries, and writes them when there are enough for a slice. */
class SliceWriter {
  /** Deliveries by event. */
  readonly counts = new Map<string, number>();
  readonly due: DueDelivery[] = [];
  expired = 0;
  private events: NewEvent[] = [];
  private deliveries: NewDelivery[] = [];

  constructor(
    private readonly sql: Sql,
    private readonly clock: Clock,
    private readonly pause: () => Promise<void>,
  ) {}

  begin(event: NewEvent): void {
    this.events.push(event);
    this.counts.set(event.id, 0);
  }

  async add(deliveries: NewDelivery[]): Promise<void> {
    for (const delivery of deliveries) this.deliveries.push(delivery);
    if (this.deliveries.length >= SLICE || this.events.length >= SLICE) await this.flush();
    else await this.pause();
  }

  async flush(): Promise<void> {
    const { events: fresh, deliveries } = this;
    if (fresh.length === 0 && deliveries.length === 0) return;
    this.events = [];
    this.deliveries = [];
    const slice = { events: [], due: deliveries };
    await filterByOnceKeys(this.sql, [slice]);
    await insertEvents(this.sql, fresh, slice.due, {
      versions: [],
      subscriptions: [],
      now: this.clock.date(),
    });
    await insertExpiries(this.sql, fresh);
    await scheduleEvents(this.sql, fresh);
    await scheduleDeliveries(this.sql, slice.due);
    for (const { id, eventId, spaceId, subscriptionId, status, deliverAt } of slice.due) {
      this.counts.set(eventId, (this.counts.get(eventId) ?? 0) + 1);
      if (status === 'expired') this.expired += 1;
      if (status === 'pending' && !deliverAt && this.due.length < MAX_ENQUEUED)
        this.due.push({ id, subscriptionId, spaceId });
    }
    await this.pause();
  }
}
