import { setImmediate as nextTurn } from 'node:timers/promises';
import { parseExactly } from '../lib/exact-number.js';
import { uuidFloor, uuidTime } from '../core/ids.js';
import { compilePatterns } from '../core/event-pattern.js';
import type { DeliveryStatus, EventScope } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';
import { findEvents, eventScopeOf } from '../event-store/find-events.js';
import { matchOne, mismatch } from '../events/match.js';
import type { Route, Routes } from '../endpoints/routing.js';
import type { JobEntity } from './job.entity.js';
import type { ReplayRequest } from './job.js';

/** An event to be sent again. */
export interface MissedEvent {
  id: string;
  /** Where the walk found it. */
  position: string;
  /** Its types in the subscription's words, a delivery each. */
  types: string[];
  /** By type: what the subscription receives only once. */
  once: ReadonlyMap<string, string>;
}

/** What one look found; see `findMissed`. */
export interface Found {
  missed: MissedEvent[];
  skipped: number;
  position: string | null;
}

interface Candidate {
  id: string;
  position: string;
  type: string;
  scope: EventScope;
  /** The failed delivery it was found by; null: found by itself. */
  deliveryId: string | null;
  removed: boolean;
}

interface CandidateRow {
  /** What the walk goes by. */
  position: string;
  delivery_id: string | null;
  /** Null: the event is not kept any more, or its delivery was not lost. */
  id: string | null;
  type: string;
  client_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  tags: Record<string, string> | null;
  /** Its data is gone: there is nothing to send. */
  removed: boolean;
}

const NEXT = {
  name: 'replay_next_events',
  text: `SELECT id AS position, NULL AS delivery_id, id, type, client_id, campaign_id, lead_id, tags,
    removed IS NOT NULL AS removed FROM posthorn.events
    WHERE space_id = $1 AND id > $2 AND id < $3 ORDER BY id LIMIT $4`,
};

// Goes by the subscription's failed deliveries, which are few among its events.
const NEXT_LOST = {
  name: 'replay_next_lost',
  text: `
    SELECT d.id AS position, d.id AS delivery_id, e.id, e.type, e.client_id, e.campaign_id, e.lead_id, e.tags,
      e.removed IS NOT NULL AS removed FROM (
      SELECT id, event_id, lost_at FROM posthorn.deliveries
      WHERE subscription_id = $1 AND trouble = 'failed' AND id > $2 AND id < $3 ORDER BY id LIMIT $4
    ) d LEFT JOIN LATERAL (
      SELECT id, type, client_id, campaign_id, lead_id, tags, removed FROM posthorn.events WHERE id = d.event_id LIMIT 1
    ) e ON d.lost_at >= $5
    ORDER BY d.id`,
};

// All deliveries of a test send's event have that trigger, so one is enough to know.
const STATES = {
  name: 'replay_states',
  text: `
    SELECT e.id, mine.status, mine.newest, coalesce(first.trigger = 'test', false) AS test
    FROM unnest($1::uuid[]) AS e (id)
    LEFT JOIN LATERAL (
      SELECT (array_agg(d.status ORDER BY d.id DESC))[1] AS status,
        (array_agg(d.id ORDER BY d.id DESC))[1] AS newest FROM posthorn.deliveries d
      WHERE d.event_id = e.id AND d.subscription_id = $2 AND d.id > $3
    ) mine ON true
    LEFT JOIN LATERAL (
      SELECT d.trigger FROM posthorn.deliveries d WHERE d.event_id = e.id AND d.id > $3 LIMIT 1
    ) first ON true`,
};

interface StateRow {
  id: string;
  status: DeliveryStatus | null;
  /** Its newest delivery to this subscription. */
  newest: string | null;
  test: boolean;
}

/** Deliveries are made in their event's moment; clocks of different processes may be off by less than this. */
const MARGIN_MS = 3_600_000;
const NONE: ReadonlyMap<string, string> = new Map();
/** Ids whose data is read at once: up to 256 KiB each. */
const DATA_CHUNK = 50;

/**
 * Reads the next `scanned` events of a replay: which of them the subscription wants as it is now, and has not got yet
 * in the sense of the request. `skipped`: how many have no data any more. `position` is the last id looked at; null
 * when there are no more.
 */
export async function findMissed(
  sql: Sql,
  job: JobEntity,
  request: ReplayRequest,
  route: Route,
  routes: Routes,
  scanned: number,
): Promise<Found> {
  const rows = await next(sql, job, request, scanned);
  const position = rows.length === scanned ? (rows.at(-1)?.position ?? null) : null;
  const asked = request.eventTypes === null ? () => true : compilePatterns(request.eventTypes);
  const wanted = rows
    .flatMap((row): Candidate[] =>
      row.id === null
        ? []
        : [
            {
              id: row.id,
              position: row.position,
              type: row.type,
              scope: eventScopeOf(row),
              deliveryId: row.delivery_id,
              removed: row.removed,
            },
          ],
    )
    .filter(({ type, scope }) => asked(type) && (!routes.plain || mayWant(route, type, scope)));
  const chosen = await withState(sql, request, wanted);
  const missed = chosen.filter(({ removed }) => !removed);
  const skipped = chosen.length - missed.length;
  if (!routes.plain || route.filter !== null)
    return { missed: await passing(sql, route, routes, missed), skipped, position };
  return {
    missed: missed.map(({ id, position: at, type }) => ({ id, position: at, types: [type], once: NONE })),
    skipped,
    position,
  };
}

function next(
  sql: Sql,
  job: JobEntity,
  { subscriptionId, sourceId = subscriptionId, lostFrom }: ReplayRequest,
  scanned: number,
): Promise<CandidateRow[]> {
  const walk = [job.position, job.untilId, scanned];
  return lostFrom === undefined
    ? sql<CandidateRow>(NEXT, [job.spaceId, ...walk])
    : sql<CandidateRow>(NEXT_LOST, [sourceId, ...walk, lostFrom]);
}

/** What can be decided without the event's data. */
function mayWant(route: Route, type: string, scope: EventScope): boolean {
  return mismatch({ ...route, filter: null }, type, scope, null) === null;
}

async function withState(sql: Sql, request: ReplayRequest, events: Candidate[]): Promise<Candidate[]> {
  if (events.length === 0) return [];
  const oldest = Math.min(...events.map(({ id }) => uuidTime(id)));
  const rows = await sql<StateRow>(STATES, [
    events.map(({ id }) => id),
    request.sourceId ?? request.subscriptionId,
    uuidFloor(oldest - MARGIN_MS),
  ]);
  const statuses = new Set<string>(request.statuses);
  const chosen = new Map(
    rows.filter(({ status, test }) => !test && statuses.has(status ?? 'none')).map((row) => [row.id, row]),
  );
  return events.filter(({ id, deliveryId }) => {
    const row = chosen.get(id);
    return row !== undefined && (deliveryId === null || deliveryId === row.newest);
  });
}

async function passing(sql: Sql, route: Route, routes: Routes, events: Candidate[]): Promise<MissedEvent[]> {
  const passed: MissedEvent[] = [];
  for (let start = 0; start < events.length; start += DATA_CHUNK) {
    const chunk = events.slice(start, start + DATA_CHUNK);
    const stored = await findEvents(
      sql,
      chunk.map(({ id }) => id),
    );
    for (const event of chunk) {
      const found = stored.get(event.id);
      if (!found) continue;
      const { types, once } = matchOne(route, routes, { ...found, data: parseExactly(found.data) });
      if (types.length > 0) passed.push({ id: event.id, position: event.position, types, once });
      // Each may have much to read, and attempts wait.
      await nextTurn();
    }
  }
  return passed;
}
