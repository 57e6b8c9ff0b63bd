import type { StoredEvent } from '../core/domain-types.js';
import type { Sql } from '../database/sql.js';

const FIND = {
  name: 'events_find',
  text: `SELECT id, space_id, type, occurred_at, client_id, campaign_id, lead_id, trace_context, data, removed, tags,
    type_version
    FROM posthorn.events WHERE id = ANY($1::uuid[])`,
};

/** An event's columns, but for its id. */
export interface EventColumns {
  space_id: string;
  type: string;
  occurred_at: Date;
  client_id: string | null;
  campaign_id: string | null;
  lead_id: string | null;
  trace_context: string | null;
  data: string;
  removed: string | null;
  /** Absent where a statement has no need of them. */
  tags?: Record<string, string> | null;
  /** The same. */
  publisher_id?: string | null;
  type_version: number | null;
}

/** The events of deliveries, by id. */
export async function findEvents(sql: Sql, ids: string[]): Promise<Map<string, StoredEvent>> {
  const rows = await sql<EventColumns & { id: string }>(FIND, [ids]);
  return new Map(rows.map((row) => [row.id, storedEvent(row.id, row)]));
}

const NEWEST = {
  name: 'events_newest',
  text: `SELECT id, space_id, type, occurred_at, client_id, campaign_id, lead_id, trace_context, data, removed, tags,
    type_version
    FROM posthorn.events
    WHERE space_id = $1 AND id < $2 AND removed IS NULL ORDER BY id DESC LIMIT $3`,
};

/** A space's events before the id `before`, newest first; without those whose data has been removed. */
export async function findNewestEvents(
  sql: Sql,
  spaceId: string,
  before: string,
  limit: number,
): Promise<StoredEvent[]> {
  const rows = await sql<EventColumns & { id: string }>(NEWEST, [spaceId, before, limit]);
  return rows.map((row) => storedEvent(row.id, row));
}

/** An event from its columns. */
export function storedEvent(id: string, row: EventColumns): StoredEvent {
  return {
    id,
    spaceId: row.space_id,
    type: row.type,
    occurredAt: row.occurred_at,
    scope: eventScopeOf(row),
    data: row.data,
    trace: row.trace_context,
    ...(row.publisher_id !== undefined && { publisherId: row.publisher_id }),
    ...(row.removed !== null && { removed: row.removed }),
    ...(row.type_version !== null && { version: row.type_version }),
  };
}

/** An event's scope from its columns, absent parts left out. */
export function eventScopeOf(
  row: Pick<EventColumns, 'client_id' | 'campaign_id' | 'lead_id' | 'tags'>,
): StoredEvent['scope'] {
  return {
    ...(row.client_id !== null && { clientId: row.client_id }),
    ...(row.campaign_id !== null && { campaignId: row.campaign_id }),
    ...(row.lead_id !== null && { leadId: row.lead_id }),
    ...(row.tags && { tags: row.tags }),
  };
}
