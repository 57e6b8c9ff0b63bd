import type { StoredEvent } from '../core/domain-types.js';
import { uuidTime } from '../core/ids.js';
import { rowsParameters, rowsSql, type Column } from '../database/rows.js';
import type { Sql } from '../database/sql.js';

/** An event to be written. */
export interface NewEvent extends StoredEvent {
  publisherId: string | null;
  /** Whom it is about, where the publisher says so; otherwise it is the lead of its scope. */
  subjectId: string | null;
  /** When its deliveries expire. */
  expiresAt?: Date;
  /** When its deliveries are sent, if that is later than now. */
  deliverAt?: Date;
}

const COLUMNS: Column<NewEvent>[] = [
  ['id', 'uuid', (event) => event.id],
  ['space_id', 'uuid', (event) => event.spaceId],
  ['type', 'text', (event) => event.type],
  ['occurred_at', 'timestamptz', (event) => event.occurredAt],
  ['client_id', 'text', (event) => event.scope.clientId ?? null],
  ['campaign_id', 'text', (event) => event.scope.campaignId ?? null],
  ['lead_id', 'text', (event) => event.scope.leadId ?? null],
  ['publisher_id', 'text', (event) => event.publisherId],
  ['trace_context', 'text', (event) => event.trace],
  ['subject_id', 'text', (event) => event.subjectId],
  ['data', 'text', (event) => event.data],
];
const NAMES = COLUMNS.map(([name]) => name).join(', ');

/** SQL that writes new events, with its parameters from `$first` on. */
export function eventsInsert(first: number): string {
  return `INSERT INTO posthorn.events (${NAMES}) SELECT ${NAMES} FROM ${rowsSql(COLUMNS, first)} e`;
}

/** The parameters of `eventsInsert`. */
export function eventValues(events: NewEvent[]): Buffer[] {
  return rowsParameters(COLUMNS, events);
}

/** How many they are. */
export const EVENT_PARAMETERS = COLUMNS.length;

const INSERT_EXPIRIES = {
  name: 'event_expiries_insert',
  text: `INSERT INTO posthorn.event_expiries (event_id, expires_at, done)
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bool[])`,
};

/** Records when new events expire, those that do. */
export async function insertExpiries(sql: Sql, events: NewEvent[]): Promise<void> {
  const ending = events.flatMap(({ id, expiresAt }) => (expiresAt ? [{ id, expiresAt }] : []));
  if (ending.length === 0) return;
  await sql(INSERT_EXPIRIES, [
    ending.map(({ id }) => id),
    ending.map(({ expiresAt }) => expiresAt),
    // Expired when it was published: its deliveries were written as expired.
    ending.map(({ id, expiresAt }) => expiresAt.getTime() <= uuidTime(id)),
  ]);
}
