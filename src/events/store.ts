import type { Clock } from '../core/clock.js';
import { Conflict, Invalid, NotFound, type PosthornError } from '../core/errors.js';
import { exactData } from '../core/exact-number.js';
import { newUuid } from '../core/ids.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import type { Handoff, Looked } from '../deliveries/handoff.js';
import { eventTypeNames } from '../profiles/registry.js';
import type { Remembered } from '../spaces/access-rule.js';
import type { Route, Routes } from '../subscriptions/routing.js';
import type { EventDraft, PublishedEvent } from './draft.js';
import { dropKeys, fingerprint, keyOf, takeKeys, type KeyClaim, type KeyOwner } from './event-keys.js';
import { insertEvents, type NewEvent } from './insert-events.js';
import { keepFirsts } from './keep-firsts.js';
import { matchRoutes, mismatch } from './match.js';

/** One caller's events: stored all together or not at all. */
export interface PublishRequest {
  spaceId: string;
  drafts: EventDraft[];
  /** Set where the caller has not been looked up: nothing is written unless the space has this version, or the caller is confirmed. */
  remembered?: Remembered;
  /** Whether the caller has hung up: then nothing needs to be written. */
  isGivenUp?: () => boolean;
}

/** What became of one request: what its caller learns, the events it added, and the deliveries that are due because of it. */
export type StoreOutcome =
  { events: PublishedEvent[]; fresh: NewEvent[]; due: NewDelivery[] } | { error: Error };

/** What became of a batch, and what its statement saw of the subscriptions whose deliveries were leased. */
export interface Stored {
  outcomes: StoreOutcome[];
  looked: Looked;
}

/** The routes to match with. */
export interface Routing {
  /** By space id. */
  routes: Map<string, Routes>;
  /** Whether they are from memory: then nothing is written, and nobody refused, unless they are still current. */
  isRemembered: boolean;
}

/** An event with its deliveries, before anything is written. */
interface PlannedEvent {
  event: NewEvent;
  draft: EventDraft;
  claim: KeyClaim | null;
  deliveries: NewDelivery[];
}

/**
 * Matches and writes a batch of requests with `sql`, which must be a transaction unless `writesAtOnce` says that one
 * statement does it. One request's refusal touches no other. No two requests of a batch may share a key (`publish.ts`
 * sees to that). With a `handoff`, deliveries are leased to this process's worker. Null, and nothing done, when the routing is
 * remembered and may be stale.
 */
export async function store(
  sql: Sql,
  clock: Clock,
  requests: PublishRequest[],
  { routes, isRemembered }: Routing,
  handoff: Handoff | null,
): Promise<Stored | null> {
  const now = clock.date();
  const plans = requests.map((request) => plan(request, routes.get(request.spaceId), clock));
  if (isRemembered && plans.some((p) => 'error' in p)) return null;
  const claims = plans.flatMap((p) => ('error' in p ? [] : p.flatMap(({ claim }) => claim ?? [])));
  const owners = claims.length > 0 ? await takeKeys(sql, claims, now) : new Map<string, KeyOwner>();
  const refused: KeyClaim[] = [];
  const outcomes = plans.map((p): StoreOutcome => {
    if ('error' in p) return p;
    const outcome = resolve(p, owners);
    if ('error' in outcome) {
      refused.push(
        ...p.flatMap(({ claim }) => (claim && !owners.has(keyOf(claim.spaceId, claim.key)) ? claim : [])),
      );
    }
    return outcome;
  });
  await dropKeys(sql, refused);
  const stored = outcomes.flatMap((outcome) => ('error' in outcome ? [] : outcome));
  await keepFirsts(sql, stored);
  const fresh = stored.flatMap((outcome) => outcome.fresh);
  const due = stored.flatMap((outcome) => outcome.due);
  const gates = handoff?.lease(due) ?? [];
  const at = performance.now();
  if (fresh.length === 0) return { outcomes, looked: { open: [], at } };
  const versions = isRemembered ? [...routes].map(([id, { version }]) => [id, version] as const) : [];
  const { isCurrent, open } = await insertEvents(sql, fresh, due, { versions, gates, now });
  return isCurrent ? { outcomes, looked: { open, at } } : null;
}

/** Whether `store` writes these requests in one statement: no event has a key, and nobody hears of anything only once. */
export function writesAtOnce(requests: PublishRequest[], { routes }: Routing): boolean {
  return requests.every(
    ({ spaceId, drafts }) =>
      (routes.get(spaceId)?.plain ?? true) && drafts.every(({ key }) => key === undefined),
  );
}

/** Decides what a request would write: ids, and a delivery for every subscription that wants the event. */
function plan(
  { spaceId, drafts }: PublishRequest,
  routes: Routes | undefined,
  clock: Clock,
): PlannedEvent[] | { error: PosthornError } {
  if (!routes) return { error: new NotFound('space') };
  const known = eventTypeNames(routes.profile);
  const unknown = drafts.flatMap(({ type, at }) =>
    known.has(type) || routes.customTypes.has(type)
      ? []
      : [
          {
            path: at === '' ? 'type' : `${at}.type`,
            code: 'unknown_event_type',
            message: `"${type}" is not in the space's catalogue: GET /v1/spaces/{space}/event-types lists it.`,
          },
        ],
  );
  if (unknown.length > 0) return { error: new Invalid(unknown) };
  return drafts.map((draft): PlannedEvent => {
    const event = newEvent(spaceId, draft, clock);
    const deliveries = matchDeliveries(event, draft, routes, clock);
    const claim = draft.key === undefined ? null : claimFor(event, draft, draft.key, deliveries.length);
    return { event, draft, claim, deliveries };
  });
}

function newEvent(spaceId: string, draft: EventDraft, clock: Clock): NewEvent {
  const now = clock.now();
  return {
    id: newUuid(now),
    spaceId,
    type: draft.type,
    occurredAt: draft.occurredAt ?? new Date(now),
    scope: draft.scope,
    data: draft.text,
    publisherId: draft.key ?? null,
  };
}

function matchDeliveries(event: NewEvent, draft: EventDraft, routes: Routes, clock: Clock): NewDelivery[] {
  const now = clock.now();
  const data = routes.reads ? exactData(draft.text, draft.data) : draft.data;
  if (routes.plain) {
    return routes.routes
      .filter((route) => mismatch(route, event.type, event.scope, data) === null)
      .map((route) => newDelivery(event, event.type, route, now));
  }
  return matchRoutes(routes, { ...event, data }).flatMap(({ route, types, once }) =>
    types.map((type) => {
      const key = once.get(type);
      return { ...newDelivery(event, type, route, now), ...(key !== undefined && { once: key }) };
    }),
  );
}

/** `type` is the event's in the subscription's words. */
function newDelivery(event: NewEvent, type: string, route: Route, now: number): NewDelivery {
  const waiting = route.whilePaused === 'skip' ? 'skipped' : 'held';
  return {
    id: newUuid(now),
    spaceId: event.spaceId,
    eventId: event.id,
    eventType: type,
    subscriptionId: route.subscriptionId,
    status: route.status === 'paused' ? waiting : 'pending',
    trigger: 'event',
    override: null,
    maxAttempts: route.maxAttempts,
    dueAt: new Date(now),
  };
}

function claimFor(event: NewEvent, draft: EventDraft, key: string, deliveries: number): KeyClaim {
  return { spaceId: event.spaceId, key, eventId: event.id, deliveries, fingerprint: fingerprint(draft) };
}

/** Splits a plan into what is new and what is a repetition; a key with another body refuses all of it. */
function resolve(planned: PlannedEvent[], owners: Map<string, KeyOwner>): StoreOutcome {
  const mine = new Map<string, KeyOwner>();
  const events: PublishedEvent[] = [];
  const fresh: NewEvent[] = [];
  const due: NewDelivery[] = [];
  for (const { event, draft, claim, deliveries } of planned) {
    const key = claim && keyOf(claim.spaceId, claim.key);
    const owner = key === null ? undefined : (owners.get(key) ?? mine.get(key));
    if (claim && owner) {
      if (!owner.fingerprint.equals(claim.fingerprint)) return { error: keyConflict(claim.key, draft.at) };
      events.push({ id: owner.eventId, type: event.type, duplicate: true, deliveries: owner.deliveries });
      continue;
    }
    if (claim && key) mine.set(key, claim);
    events.push({ id: event.id, type: event.type, duplicate: false, deliveries: deliveries.length });
    fresh.push(event);
    due.push(...deliveries);
  }
  return { events, fresh, due };
}

function keyConflict(key: string, at: string): Conflict {
  return new Conflict(
    'idempotency_conflict',
    `${at && `${at}: `}The id "${key}" was used before for an event with another body. Use a new id for a new event.`,
  );
}
