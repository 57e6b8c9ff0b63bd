import { uuidTime } from '../core/ids.js';
import type { StoredEvent } from '../core/domain-types.js';
import { rowsParameters, rowsSql, type Column } from '../database/rows.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import type { SendableEndpoint } from '../deliveries/local-dispatch.js';
import { DELIVERY_PARAMETERS, deliveriesInsert, deliveryValues } from '../deliveries/insert-deliveries.js';
import { sendableEndpointsSql } from '../subscriptions/sendable-endpoints.js';

/** An event to be written. */
export interface NewEvent extends StoredEvent {
  publisherId: string | null;
  /** When its deliveries end. */
  expiresAt?: Date;
}

/** What a write asks the database in passing. */
interface Asked {
  /** Routing versions by space id: nothing is written unless all of them still hold. */
  versions: (readonly [spaceId: string, version: number])[];
  /** Subscriptions to look at. */
  subscriptions: string[];
  now: Date;
}

interface Written {
  /** Whether the versions held, and so whether anything was written. */
  isCurrent: boolean;
  /** Those of the subscriptions whose deliveries may leave. */
  open: SendableEndpoint[];
}

const EVENTS: Column<NewEvent>[] = [
  ['id', 'uuid', (event) => event.id],
  ['space_id', 'uuid', (event) => event.spaceId],
  ['type', 'text', (event) => event.type],
  ['occurred_at', 'timestamptz', (event) => event.occurredAt],
  ['client_id', 'text', (event) => event.scope.clientId ?? null],
  ['campaign_id', 'text', (event) => event.scope.campaignId ?? null],
  ['lead_id', 'text', (event) => event.scope.leadId ?? null],
  ['publisher_id', 'text', (event) => event.publisherId],
  ['data', 'text', (event) => event.data],
];
const EVENT_NAMES = EVENTS.map(([name]) => name).join(', ');

const VERSIONS: Column<Asked['versions'][number]>[] = [
  ['id', 'uuid', ([id]) => id],
  ['version', 'bigint', ([, version]) => version],
];

const FIRST_OF_DELIVERIES = 1 + EVENTS.length;
const FIRST_OF_VERSIONS = FIRST_OF_DELIVERIES + DELIVERY_PARAMETERS;
const FIRST_OF_SUBSCRIPTIONS = FIRST_OF_VERSIONS + VERSIONS.length;

const INSERT = {
  name: 'events_insert',
  text: `
    WITH looked AS MATERIALIZED (
      SELECT count(*) = cardinality($${FIRST_OF_VERSIONS}::uuid[]) AS current
      FROM ${rowsSql(VERSIONS, FIRST_OF_VERSIONS)} k
        JOIN posthorn.spaces s ON s.id = k.id AND s.routing_version = k.version
    ), events AS (
      INSERT INTO posthorn.events (${EVENT_NAMES})
      SELECT ${EVENT_NAMES} FROM ${rowsSql(EVENTS, 1)} e WHERE (SELECT current FROM looked)
    ), deliveries AS (
      ${deliveriesInsert(FIRST_OF_DELIVERIES)} WHERE (SELECT current FROM looked)
    )
    SELECT current AS "isCurrent",
      ARRAY(SELECT row_to_json(g) FROM (${sendableEndpointsSql(`$${FIRST_OF_SUBSCRIPTIONS}`, `$${FIRST_OF_SUBSCRIPTIONS + 1}`)}) g) AS open
    FROM looked`,
};

/** Writes new events and their deliveries, all in one statement: both or neither, also without a transaction around it. */
export async function insertEvents(
  sql: Sql,
  events: NewEvent[],
  deliveries: NewDelivery[],
  { versions, subscriptions, now }: Asked,
): Promise<Written> {
  const [written] = await sql<Written>(INSERT, [
    ...rowsParameters(EVENTS, events),
    ...deliveryValues(deliveries),
    ...rowsParameters(VERSIONS, versions),
    subscriptions,
    now,
  ]);
  return written as Written;
}

const INSERT_EXPIRIES = {
  name: 'event_expiries_insert',
  text: `INSERT INTO posthorn.event_expiries (event_id, expires_at, done)
    SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bool[])`,
};

/** Writes down when new events end, those that do. */
export async function insertExpiries(sql: Sql, events: NewEvent[]): Promise<void> {
  const ending = events.flatMap(({ id, expiresAt }) => (expiresAt ? [{ id, expiresAt }] : []));
  if (ending.length === 0) return;
  await sql(INSERT_EXPIRIES, [
    ending.map(({ id }) => id),
    ending.map(({ expiresAt }) => expiresAt),
    // Over when it was made: then all its deliveries are expired from the beginning.
    ending.map(({ id, expiresAt }) => expiresAt.getTime() <= uuidTime(id)),
  ]);
}
