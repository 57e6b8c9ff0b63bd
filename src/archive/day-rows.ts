import { publicId, uuidFloor, uuidTime } from '../core/ids.js';
import type { Database } from '../database/database.js';
import { DAY_MS } from '../database/partitions.js';
import { AttemptLogService } from '../deliveries/attempt-log.service.js';
import type { DeliveryRow } from '../deliveries/delivery-log.service.js';
import { toAttemptDetail, toDeliveryView } from '../deliveries/delivery-wire.js';
import type { Method } from '../core/request-format.js';
import { tagsOf } from '../core/tags.js';
import { removedOf } from '../core/removed.js';
import { eventScopeOf, type EventColumns } from '../event-store/find-events.js';
import { SUBJECT } from '../event-store/subject.js';
import { traceIdOf } from '../lib/traceparent.js';

const KINDS = ['events', 'deliveries', 'attempts'] as const;
export type RowKind = (typeof KINDS)[number];

/** Behind which row a pass goes on. */
export interface PassPosition {
  space: string;
  kind: RowKind;
  /** An id; of attempts with `:n`. */
  after: string;
}

/** Some lines of one object, and where the next ones begin. */
export interface DayLines {
  position: PassPosition;
  lines: string[];
}

/** What a pass takes of a day. */
export interface DayPass {
  /** UTC, `2031-05-10` */
  day: string;
  /** Only deliveries that are open or finished since then, with all their attempts; null: everything. */
  since: Date | null;
}

/** Rows of a page: events have up to 256 KiB, attempts up to 64 KiB. */
const PAGE = { events: 50, deliveries: 1_000, attempts: 100 };
const NO_ID = uuidFloor(0);

const SPACES = { name: 'archive_spaces', text: `SELECT id FROM posthorn.spaces WHERE id >= $1 ORDER BY id` };

const EVENTS = {
  name: 'archive_events',
  text: `SELECT id, space_id, publisher_id, type, occurred_at, client_id, campaign_id, lead_id, tags, type_version,
      data, trace_context, removed, deliver_at, ${SUBJECT} AS subject,
      (SELECT expires_at FROM posthorn.event_expiries WHERE event_id = events.id) AS expires_at
    FROM posthorn.events WHERE space_id = $1 AND id > $2 AND id >= $3 AND id < $4 ORDER BY id LIMIT ${PAGE.events}`,
};

const DELIVERIES = {
  name: 'archive_deliveries',
  text: `SELECT id, event_id, event_type, subscription_id, status, trigger, attempt_count, max_attempts,
      next_attempt_at, last_status_code, last_error, finished_at, erased_at, deliver_at
    FROM posthorn.deliveries WHERE space_id = $1 AND id > $2 AND id >= $3 AND id < $4
      AND ($5::timestamptz IS NULL OR finished_at IS NULL OR finished_at >= $5)
    ORDER BY id LIMIT ${PAGE.deliveries}`,
};

type EventRow = EventColumns & {
  id: string;
  publisher_id: string | null;
  subject: string | null;
  expires_at: Date | null;
  deliver_at: Date | null;
};

// The bounds of the ids let Postgres skip partitions.
const METHODS = {
  name: 'archive_methods',
  text: `SELECT d.id, s.request_format ->> 'method' AS method FROM posthorn.deliveries d
    JOIN posthorn.subscriptions s ON s.id = d.subscription_id
    WHERE d.id = ANY($1::uuid[]) AND d.id >= $2 AND d.id <= $3 AND s.request_format ->> 'method' <> 'POST'`,
};

/** All rows of a pass, by space and kind, behind `position`: in pages, nothing is open in the database in between. */
export async function* dayLines(
  database: Database,
  pass: DayPass,
  position: PassPosition | null,
): AsyncGenerator<DayLines> {
  const spaces = await database.sql<{ id: string }>(SPACES, [position?.space ?? NO_ID]);
  for (const { id: space } of spaces) {
    const begun = position?.space === space ? position : null;
    for (const kind of KINDS.slice(begun ? KINDS.indexOf(begun.kind) : 0)) {
      // Events never change.
      if (kind === 'events' && pass.since) continue;
      const after = begun?.kind === kind ? begun.after : NO_ID;
      for await (const page of linesOf(database, pass, space, kind, after))
        yield { position: { space, kind, after: page.after }, lines: page.lines };
    }
  }
}

interface Page {
  lines: string[];
  after: string;
}

function linesOf(
  database: Database,
  pass: DayPass,
  space: string,
  kind: RowKind,
  after: string,
): AsyncGenerator<Page> {
  if (kind === 'events') return eventLines(database, pass, space, after);
  return kind === 'deliveries'
    ? deliveryLines(database, pass, space, after)
    : attemptLines(database, pass, space, after);
}

async function* eventLines(
  { sql }: Database,
  { day }: DayPass,
  space: string,
  start: string,
): AsyncGenerator<Page> {
  for (let after = start; ;) {
    const rows = await sql<EventRow>(EVENTS, [space, after, ...idsOf(day)]);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    yield { lines: rows.map(eventLine), after };
  }
}

function eventLine(row: EventRow): string {
  const removed = removedOf(row.removed);
  const facts = {
    id: publicId('evt', row.id),
    uid: row.publisher_id,
    type: row.type,
    occurredAt: row.occurred_at.toISOString(),
    createdAt: new Date(uuidTime(row.id)).toISOString(),
    ...(row.expires_at && { expiresAt: row.expires_at.toISOString() }),
    ...(row.deliver_at && { deliverAt: row.deliver_at.toISOString() }),
    ...(row.trace_context !== null && { traceId: traceIdOf(row.trace_context) }),
    subjectId: row.subject,
    scope: { ...eventScopeOf(row), tags: undefined },
    ...(row.tags && { tags: tagsOf(eventScopeOf(row)) }),
    ...(row.type_version !== null && { version: row.type_version }),
    ...(removed && { removed }),
  };
  // As it was published; a line end in JSON text is always white space.
  return `${JSON.stringify(facts).slice(0, -1)},"data":${row.data.replaceAll(/[\r\n]+/g, ' ')}}\n`;
}

async function* deliveries(
  { sql }: Database,
  { day, since }: DayPass,
  space: string,
  start: string,
): AsyncGenerator<DeliveryRow[]> {
  for (let after = start; ;) {
    const rows = await sql<DeliveryRow>(DELIVERIES, [space, after, ...idsOf(day), since]);
    const last = rows.at(-1);
    if (!last) return;
    after = last.id;
    yield rows;
  }
}

async function* deliveryLines(
  database: Database,
  pass: DayPass,
  space: string,
  start: string,
): AsyncGenerator<Page> {
  for await (const rows of deliveries(database, pass, space, start)) {
    const lines = rows.map((row) => `${JSON.stringify(toDeliveryView(row))}\n`);
    yield { lines, after: rows.at(-1)?.id ?? start };
  }
}

async function* attemptLines(
  database: Database,
  pass: DayPass,
  space: string,
  start: string,
): AsyncGenerator<Page> {
  const [begun = NO_ID, n] = start.split(':');
  if (n !== undefined) yield* attemptsOf(database, [begun], { deliveryId: begun, n: Number(n) });
  for await (const rows of deliveries(database, pass, space, begun))
    yield* attemptsOf(
      database,
      rows.map(({ id }) => id),
      null,
    );
}

async function* attemptsOf(
  database: Database,
  all: string[],
  from: { deliveryId: string; n: number } | null,
): AsyncGenerator<Page> {
  const log = new AttemptLogService(database);
  let deliveryIds = all;
  for (let after = from; ;) {
    const rows = await log.wholePage({ deliveryIds, after, order: 'asc', limit: PAGE.attempts });
    const last = rows.at(-1);
    if (!last) return;
    after = { deliveryId: last.delivery_id, n: last.n };
    deliveryIds = deliveryIds.slice(deliveryIds.indexOf(last.delivery_id));
    const methods = await methodsOf(
      database,
      rows.map((row) => row.delivery_id),
    );
    const lines = rows.map((row) => {
      const { request, ...facts } = toAttemptDetail(row, row.delivery_id, {
        text: '',
        method: methods.get(row.delivery_id) ?? 'POST',
      });
      const { method, url, headers } = request;
      return `${JSON.stringify({ ...facts, request: { method, url, headers } })}\n`;
    });
    yield { lines, after: `${last.delivery_id}:${last.n}` };
  }
}

/** How the requests of these deliveries are sent, as the API shows it; absent: by POST. `ids` are in their order. */
async function methodsOf({ sql }: Database, ids: string[]): Promise<Map<string, Method>> {
  const rows = await sql<{ id: string; method: Method }>(METHODS, [ids, ids[0], ids.at(-1)]);
  return new Map(rows.map(({ id, method }) => [id, method]));
}

/** The first id of the day, and the first one after it. */
function idsOf(day: string): [from: string, to: string] {
  const start = Date.parse(`${day}T00:00:00Z`);
  return [uuidFloor(start), uuidFloor(start + DAY_MS)];
}
