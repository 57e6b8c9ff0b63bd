import type { Clock } from '../lib/clock.js';
import { MOST_HINTS, unknownTypeMessage } from '../core/unknown-type.js';
import { unknownVersionMessage } from '../core/type-versions.js';
import { knownNumbers, versionFor } from '../event-types/known-versions.js';
import { Invalid, type Issue } from '../core/errors.js';
import { exactData } from '../lib/exact-number.js';
import { newUuid, uuidTime } from '../core/ids.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import type { Route, Routes } from '../endpoints/routing.js';
import type { EventDraft } from './draft.js';
import { type KeyReservation } from '../event-store/event-keys.js';
import { fingerprint } from './fingerprint.js';
import type { NewEvent } from '../event-store/insert-events.js';
import { matchRoutes, mismatch } from './match.js';
import { SeenData } from './seen-data.js';

/** Routes matched, or deliveries made, in one turn of the event loop. */
const PIECE = 1_000;

/** An event with its deliveries, before anything is written. */
export interface PlannedEvent {
  event: NewEvent;
  draft: EventDraft;
  reservation: KeyReservation | null;
  deliveries: NewDelivery[];
}

/** The error for types that the space's catalogue does not have; null when it has all of them. */
export function unknownTypes(drafts: EventDraft[], routes: Routes): Invalid | null {
  const unknown = drafts.flatMap(({ type, at, version }, index) =>
    routes.types.has(type)
      ? versionIssues(type, at, version, routes)
      : [
          {
            path: at === '' ? 'type' : `${at}.type`,
            code: 'unknown_event_type',
            message: unknownTypeMessage(type, index < MOST_HINTS ? routes.types.names() : []),
          },
        ],
  );
  return unknown.length > 0 ? new Invalid(unknown) : null;
}

function versionIssues(type: string, at: string, version: number | undefined, { types }: Routes): Issue[] {
  if (version === undefined || version === 1) return [];
  const known = knownNumbers(types.versionsOf(type));
  if (known.includes(version)) return [];
  const path = at === '' ? 'version' : `${at}.version`;
  return [{ path, code: 'unknown_version', message: unknownVersionMessage(type, version, known) }];
}

/** Plans what an event writes: its row, and a delivery for each match. */
export function planEvent(spaceId: string, draft: EventDraft, routes: Routes, clock: Clock): PlannedEvent {
  const event = newEvent(spaceId, draft, routes, clock);
  const deliveries = matchDeliveries(event, draft, routes, clock);
  return { event, draft, reservation: reservationFor(event, draft, deliveries.length), deliveries };
}

export function newEvent(spaceId: string, draft: EventDraft, { types }: Routes, clock: Clock): NewEvent {
  const version = versionFor(types.versionsOf(draft.type), draft.version);
  const now = draft.eventId === undefined ? clock.now() : uuidTime(draft.eventId);
  return {
    id: draft.eventId ?? newUuid(now),
    spaceId,
    type: draft.type,
    occurredAt: draft.occurredAt ?? new Date(now),
    scope: draft.scope,
    data: draft.text,
    trace: draft.trace ?? null,
    publisherId: draft.key ?? null,
    subjectId: draft.subjectId ?? null,
    ...(version !== undefined && { version }),
    ...(draft.expiry !== undefined && { expiresAt: endOf(draft.expiry, now) }),
    ...(draft.deliverAt !== undefined && draft.deliverAt.getTime() > now && { deliverAt: draft.deliverAt }),
  };
}

function endOf(expiry: Date | number, now: number): Date {
  return typeof expiry === 'number' ? new Date(now + expiry * 1_000) : expiry;
}

/** The deliveries of an event in pieces, so that the caller can pause between them. */
export function* matchInPieces(
  event: NewEvent,
  draft: EventDraft,
  routes: Routes,
  clock: Clock,
): Iterable<NewDelivery[]> {
  if (routes.plain) {
    const seen = new SeenData(event, dataFor(draft, routes), routes);
    for (let at = 0; at < routes.routes.length; at += PIECE)
      yield matchPlain(event, seen, routes.routes.slice(at, at + PIECE), clock.now());
    return;
  }
  const all = matchDeliveries(event, draft, routes, clock);
  for (let at = 0; at < all.length; at += PIECE) yield all.slice(at, at + PIECE);
}

function matchDeliveries(event: NewEvent, draft: EventDraft, routes: Routes, clock: Clock): NewDelivery[] {
  const now = clock.now();
  const data = dataFor(draft, routes);
  if (routes.plain) return matchPlain(event, new SeenData(event, data, routes), routes.routes, now);
  return matchRoutes(routes, { ...event, data }).flatMap(({ route, types, once }) =>
    types.map((type) => {
      const key = once.get(type);
      return { ...newDelivery(event, type, route, now), ...(key !== undefined && { once: key }) };
    }),
  );
}

/** The data with exact numbers, when a filter needs them. */
function dataFor({ text, data }: EventDraft, { reads }: Routes): unknown {
  return reads ? exactData(text, data) : data;
}

function matchPlain(event: NewEvent, seen: SeenData, routes: Route[], now: number): NewDelivery[] {
  return routes
    .filter((route) => mismatch(route, event.type, event.scope, seen.by(route)) === null)
    .map((route) => newDelivery(event, event.type, route, now));
}

/** `type`: the event's type in the subscription's profile. */
function newDelivery(event: NewEvent, type: string, route: Route, now: number): NewDelivery {
  const waiting = route.whilePaused === 'skip' ? 'skipped' : 'held';
  return {
    id: newUuid(now),
    spaceId: event.spaceId,
    eventId: event.id,
    eventType: type,
    subscriptionId: route.subscriptionId,
    status: isOver(event, now) ? 'expired' : route.status === 'paused' ? waiting : 'pending',
    trigger: 'event',
    override: null,
    maxAttempts: route.maxAttempts,
    dueAt: event.deliverAt ?? new Date(now),
    ...(event.expiresAt && { expires: true as const }),
    ...(event.deliverAt && { deliverAt: event.deliverAt }),
  };
}

function isOver({ expiresAt }: NewEvent, now: number): boolean {
  return expiresAt !== undefined && expiresAt.getTime() <= now;
}

/** What a repetition of the event is known by; undefined: nothing. */
export function keyOfDraft({ key, requestKey }: EventDraft): string | undefined {
  return key ?? requestKey;
}

/** The key to reserve for an event with an id or a key of its publisher; null for others. */
export function reservationFor(
  event: NewEvent,
  draft: EventDraft,
  deliveries: number,
): KeyReservation | null {
  const key = keyOfDraft(draft);
  if (key === undefined) return null;
  return { spaceId: event.spaceId, key, eventId: event.id, deliveries, fingerprint: fingerprint(draft) };
}
