import { Injectable } from '@nestjs/common';
import { NotFound } from '../core/errors.js';
import { parsePublicId } from '../core/ids.js';
import type { EventScope } from '../core/domain-types.js';
import { Database } from '../database/database.js';
import { listStatement, uneven, type Condition } from '../database/list-statement.js';
import { scanPage, type Scanned } from '../database/scan-page.js';
import { findEventByKey } from '../event-store/event-keys.js';
import { eventScopeOf } from '../event-store/find-events.js';
import { payloadFilter } from '../event-store/payload-filter.js';
import { SUBJECT } from '../event-store/subject.js';
import { timeRange } from '../http/time-range.dto.js';
import type { SpaceRef } from '../spaces/space-ref.js';
import type { EventQuery, EventSearch } from './event.dto.js';

/** Events looked at for one page of a search in their data. */
const MAX_SCANNED = 2_000;

/** An event as lists show it. */
export interface EventRow {
  id: string;
  publisherId: string | null;
  type: string;
  occurredAt: Date;
  expiresAt: Date | null;
  deliverAt: Date | null;
  subjectId: string | null;
  scope: EventScope;
  version: number;
  /** JSON text as it was published, where it was asked for. */
  data?: string;
  trace: string | null;
  removed: string | null;
}

interface Columns {
  id: string;
  publisher_id: string | null;
  type: string;
  occurred_at: Date;
  expires_at: Date | null;
  deliver_at: Date | null;
  client_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  tags: Record<string, string> | null;
  type_version: number | null;
  data?: string | undefined;
  trace_context: string | null;
  subject: string | null;
  removed: string | null;
}

const COLUMNS = `id, publisher_id, type, occurred_at, client_id, campaign_id, lead_id, trace_context, tags,
  type_version,
  ${SUBJECT} AS subject, removed, deliver_at,
  (SELECT expires_at FROM posthorn.event_expiries WHERE event_id = events.id) AS expires_at`;

const FIND = {
  name: 'events_find_one',
  text: `SELECT ${COLUMNS}, data FROM posthorn.events WHERE space_id = $1 AND id = $2`,
};

/** What was published. */
@Injectable()
export class EventLogService {
  constructor(private readonly database: Database) {}

  /** One row more than the page holds, ordered by id. */
  async list(
    space: SpaceRef,
    query: Omit<EventQuery, 'cursor'>,
    after: string | null,
    withData = false,
  ): Promise<EventRow[]> {
    const { statement, values } = listStatement({
      name: withData ? 'events_list_data' : 'events_list',
      select: `SELECT ${COLUMNS}${withData ? ', data' : ''} FROM posthorn.events`,
      ...partOf(space, query, after),
      limit: query.limit + 1,
    });
    return (await this.database.sql<Columns>(statement, values)).map(toRow);
  }

  /** The same with a value in the data, for which there is no index: looks at a bounded number of events. */
  async search(
    space: SpaceRef,
    query: EventSearch & { payload: string },
    after: string | null,
  ): Promise<Scanned<EventRow>> {
    const { rows, position } = await scanPage<Columns>(this.database.sql, {
      list: {
        name: '',
        select: `SELECT ${COLUMNS}, data FROM posthorn.events`,
        ...partOf(space, query, after),
        limit: MAX_SCANNED,
      },
      passes: (parameter) => payloadFilter(query.payload, 'scanned', parameter),
      wanted: query.limit + 1,
    });
    return { rows: rows.map((row) => toRow({ ...row, data: undefined })), position };
  }

  /** `ref` is an `evt_` id or the publisher's own, which may look like ours where it is old. Throws NotFound. */
  async find(space: SpaceRef, ref: string): Promise<EventRow & { data: string }> {
    const row =
      (await this.read(space, parsePublicId('evt', ref))) ??
      (await this.read(space, await findEventByKey(this.database.sql, space.id, ref)));
    if (!row) throw new NotFound('event');
    return { ...toRow(row), data: row.data };
  }

  private async read(space: SpaceRef, id: string | null): Promise<(Columns & { data: string }) | undefined> {
    if (id === null) return undefined;
    const [row] = await this.database.sql<Columns & { data: string }>(FIND, [space.id, id]);
    return row;
  }
}

/** Which events, and where the page begins. */
function partOf(space: SpaceRef, query: Omit<EventQuery, 'cursor'>, after: string | null) {
  const conditions: Condition[] = [
    [(p) => `space_id = ${p}`, space.id],
    ...uneven('type', query.type),
    ...uneven(SUBJECT, query.subjectId),
    ...timeRange('id', query),
  ];
  return { key: 'id', conditions, after, order: query.order };
}

function toRow(columns: Columns): EventRow {
  return {
    id: columns.id,
    publisherId: columns.publisher_id,
    type: columns.type,
    occurredAt: columns.occurred_at,
    expiresAt: columns.expires_at,
    deliverAt: columns.deliver_at,
    subjectId: columns.subject,
    scope: eventScopeOf(columns),
    version: columns.type_version ?? 1,
    ...(columns.data !== undefined && { data: columns.data }),
    trace: columns.trace_context,
    removed: columns.removed,
  };
}
