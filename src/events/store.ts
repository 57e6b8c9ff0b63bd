import type { Clock } from '../lib/clock.js';
import { Conflict, Invalid, NotFound } from '../core/errors.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import type { BatchLeases } from '../deliveries/local-dispatch.js';
import type { SendableCheck } from '../deliveries/locally-leased.js';
import type { TraceSpan } from '../telemetry/trace-span.js';
import type { Remembered } from '../spaces/access-rule.js';
import type { Routes } from '../endpoints/routing.js';
import type { EventDraft, PublishedEvent } from './draft.js';
import {
  findOwners,
  releaseKeys,
  keyOf,
  isOtherEvent,
  recountKeys,
  reserveKeys,
  type KeyReservation,
  type KeyOwner,
} from '../event-store/event-keys.js';
import { insertExpiries, type NewEvent } from '../event-store/insert-events.js';
import { scheduleEvents } from '../event-store/scheduled-events.js';
import { scheduleDeliveries } from '../deliveries/scheduled.js';
import { insertEvents } from './insert-events.js';
import { filterByOnceKeys } from './filter-by-once-keys.js';
import { fingerprint } from './fingerprint.js';
import { keyOfDraft, planEvent, type PlannedEvent } from './plan.js';
import { refusalOfTypes } from './type-rules.js';
import { requestReservation, type RequestKey } from './request-key.js';

/** One caller's events: stored all together or not at all. */
export interface PublishRequest {
  spaceId: string;
  drafts: EventDraft[];
  /** What a repetition of the request is known by, where its caller has given that. */
  requestKey?: RequestKey | undefined;
  /** The greatest number of deliveries that it can make. */
  fanOut?: number;
  /** What to write, when it was planned before with the routes of this version. */
  plan?: { version: number; events: PlannedEvent[] };
  /** Set when the caller's access is from memory: it is confirmed first, unless the space still has this version. */
  remembered?: Remembered;
  /** Its span, if it is traced. */
  trace?: TraceSpan | null;
  /** Whether the caller has hung up: then nothing is written. */
  isGivenUp?: () => boolean;
}

/** The result of one request: the caller's answer, the new events and the new deliveries; or an error. */
export type StoreOutcome =
  { events: PublishedEvent[]; fresh: NewEvent[]; due: NewDelivery[] } | { error: Error };

/** The results of a batch, and what its statement found of the subscriptions whose deliveries were leased. */
export interface Stored {
  outcomes: StoreOutcome[];
  check: SendableCheck;
}

/** The routes to match with. */
export interface Routing {
  /** By space id. */
  routes: Map<string, Routes>;
  /** Whether they are from memory: then nothing is written or refused unless they are still current. */
  isRemembered: boolean;
}

/**
 * Matches and writes a batch. In: requests from `BatchStore`, no two with the same key, and `sql`, which must be a
 * transaction unless `writesAtOnce`. Out: a result for each; one refused request affects no other. With
 * `leases`, deliveries are written with leases of this process's worker; the `Announcer` passes them on.
 * Returns null, and writes nothing, when the routes are from memory and stale.
 */
export async function store(
  sql: Sql,
  clock: Clock,
  requests: PublishRequest[],
  { routes, isRemembered }: Routing,
  leases: BatchLeases | null,
): Promise<Stored | null> {
  const now = clock.date();
  const plans = requests.map((request) => planOf(request, routes.get(request.spaceId), clock));
  if (isRemembered && plans.some((p) => 'error' in p)) return null;
  const repetitions = await repetitionsOf(sql, requests, plans);
  const reservationsOf = plans.map((p, index) => ('error' in p ? [] : allReservations(requests[index], p)));
  const reservations = reservationsOf.flat();
  const owners =
    reservations.length > 0 ? await reserveKeys(sql, reservations, now) : new Map<string, KeyOwner>();
  const refused: KeyReservation[] = [];
  const outcomes = plans.map((p, index): StoreOutcome => {
    if ('error' in p) return repetitions[index] ?? p;
    const { spaceId, requestKey } = requests[index] as PublishRequest;
    const error = requestConflict(spaceId, requestKey, owners);
    const outcome = error ? { error } : resolve(p, owners);
    if ('error' in outcome) {
      const mine = reservationsOf[index] ?? [];
      refused.push(...mine.filter((one) => !owners.has(keyOf(one.spaceId, one.key))));
    }
    return outcome;
  });
  await releaseKeys(sql, refused);
  const stored = outcomes.flatMap((outcome) => ('error' in outcome ? [] : outcome));
  const left = await filterByOnceKeys(sql, stored);
  await recountKeys(sql, recounted(reservations, left));
  const fresh = stored.flatMap((outcome) => outcome.fresh);
  const due = stored.flatMap((outcome) => outcome.due);
  const leasedSubscriptions = leases?.lease(due, fresh) ?? [];
  const at = performance.now();
  if (fresh.length === 0) return { outcomes, check: { sendable: [], checkedAt: at } };
  const versions = isRemembered ? [...routes].map(([id, { version }]) => [id, version] as const) : [];
  const { isCurrent, sendable } = await insertEvents(sql, fresh, due, {
    versions,
    subscriptions: leasedSubscriptions,
    now,
  });
  if (!isCurrent) return null;
  await insertExpiries(sql, fresh);
  await scheduleEvents(sql, fresh);
  await scheduleDeliveries(sql, due);
  return { outcomes, check: { sendable, checkedAt: at } };
}

/** Whether `store` needs one statement only: no event has a key or a time, and no subscription has once-keys. */
export function writesAtOnce(requests: PublishRequest[], { routes }: Routing): boolean {
  return requests.every(
    ({ spaceId, drafts }) =>
      (routes.get(spaceId)?.plain ?? true) &&
      drafts.every(
        (draft) =>
          keyOfDraft(draft) === undefined && draft.expiry === undefined && draft.deliverAt === undefined,
      ),
  );
}

function allReservations(request: PublishRequest | undefined, planned: PlannedEvent[]): KeyReservation[] {
  const own = planned.flatMap(({ reservation }) => reservation ?? []);
  const [first] = planned;
  if (!request?.requestKey || !first) return own;
  return [requestReservation(request.spaceId, request.requestKey, first.event.id), ...own];
}

/** The error for a request's key that was used before for other events; null: it was not. */
export function requestConflict(
  spaceId: string,
  requestKey: RequestKey | undefined,
  owners: Map<string, KeyOwner>,
): Conflict | null {
  const owner = requestKey && owners.get(keyOf(spaceId, requestKey.key));
  if (!owner || !isOtherEvent(owner, requestKey)) return null;
  return new Conflict(
    'idempotency_conflict',
    `The Idempotency-Key "${requestKey.name}" was used before for a request with another body. Use a ` +
      'new key for a new request.',
  );
}

function planOf(
  { spaceId, drafts, plan }: PublishRequest,
  routes: Routes | undefined,
  clock: Clock,
): PlannedEvent[] | { error: Error } {
  if (!routes) return { error: new NotFound('space') };
  if (plan?.version === routes.version) return plan.events;
  const error = refusalOfTypes(drafts, routes);
  return error ? { error } : drafts.map((draft) => planEvent(spaceId, draft, routes, clock));
}

/**
 * What those of the refused requests get that were stored before: the first events, whatever became of their types
 * since. By place.
 */
async function repetitionsOf(
  sql: Sql,
  requests: PublishRequest[],
  plans: (PlannedEvent[] | { error: Error })[],
): Promise<(StoreOutcome | null)[]> {
  const isRefused = (index: number) => {
    const plan = plans[index] ?? [];
    return 'error' in plan && plan.error instanceof Invalid;
  };
  const keys = requests.flatMap(({ spaceId, drafts, requestKey }, index) =>
    isRefused(index)
      ? [...drafts.map(keyOfDraft), requestKey?.key].flatMap((key) =>
          key === undefined ? [] : { spaceId, key },
        )
      : [],
  );
  if (keys.length === 0) return [];
  const owners = await findOwners(sql, keys);
  return requests.map((request, index) => (isRefused(index) ? repetitionOf(request, owners) : null));
}

/** The answer to a request whose events are all stored; null: to any other. */
function repetitionOf(
  { spaceId, drafts, requestKey }: PublishRequest,
  owners: Map<string, KeyOwner>,
): StoreOutcome | null {
  if (requestConflict(spaceId, requestKey, owners)) return null;
  const events: PublishedEvent[] = [];
  for (const draft of drafts) {
    const owner = owners.get(keyOf(spaceId, keyOfDraft(draft) ?? ''));
    if (!owner || isOtherEvent(owner, { fingerprint: fingerprint(draft) })) return null;
    events.push({ id: owner.eventId, type: draft.type, duplicate: true, deliveries: owner.deliveries });
  }
  return { events, fresh: [], due: [] };
}

/** Tells new events from duplicates. A reused key with another body refuses the whole request. */
function resolve(planned: PlannedEvent[], owners: Map<string, KeyOwner>): StoreOutcome {
  const mine = new Map<string, KeyOwner>();
  const events: PublishedEvent[] = [];
  const fresh: NewEvent[] = [];
  const due: NewDelivery[] = [];
  for (const { event, draft, reservation, deliveries } of planned) {
    const key = reservation && keyOf(reservation.spaceId, reservation.key);
    const owner = key === null ? undefined : (owners.get(key) ?? mine.get(key));
    if (reservation && owner) {
      if (isOtherEvent(owner, reservation)) return { error: keyConflict(reservation.key, draft.at) };
      events.push({ id: owner.eventId, type: event.type, duplicate: true, deliveries: owner.deliveries });
      continue;
    }
    if (reservation && key) mine.set(key, reservation);
    events.push({ id: event.id, type: event.type, duplicate: false, deliveries: deliveries.length });
    fresh.push(event);
    due.push(...deliveries);
  }
  return { events, fresh, due };
}

export function keyConflict(key: string, at: string): Conflict {
  return new Conflict(
    'idempotency_conflict',
    `${at && `${at}: `}The id "${key}" was used before for an event with another body. Use a new id for a new event.`,
  );
}

/** The reservations of events that have another number of deliveries than was reserved. */
function recounted(reservations: KeyReservation[], left: Map<string, number>): KeyReservation[] {
  return reservations.flatMap((one) => {
    const deliveries = left.get(one.eventId);
    return deliveries === undefined ? [] : { ...one, deliveries };
  });
}
