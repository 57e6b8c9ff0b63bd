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

/** What few events have: statements for the others know nothing of it. */
const ALL_COLUMNS: Column<NewEvent>[] = [
  ...COLUMNS,
  ['tags', 'text', ({ scope }) => (scope.tags ? JSON.stringify(scope.tags) : null)],
  ['type_version', 'int', ({ version }) => version ?? null],
];

/** How to write events: those that have what only few have, or all others. */
export interface EventsInsert {
  /** SQL with its parameters from `$first` on. */
  sql(first: number): string;
  /** How many parameters. */
  parameters: number;
  values(events: NewEvent[]): Buffer[];
}

export const USUAL_EVENTS = insertOf(COLUMNS);
export const RARE_EVENTS = insertOf(ALL_COLUMNS);

export function isRare({ scope, version }: NewEvent): boolean {
  return scope.tags !== undefined || version !== undefined;
}

function insertOf(columns: Column<NewEvent>[]): EventsInsert {
  const names = columns.map(([name]) => name);
  const selected = names.map((name) => (name === 'tags' ? 'tags::jsonb' : name)).join(', ');
  return {
    sql: (first) =>
      `INSERT INTO posthorn.events (${names.join(', ')}) SELECT ${selected} FROM ${rowsSql(columns, first)} e`,
    parameters: columns.length,
    values: (events) => rowsParameters(columns, events),
  };
}

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
