import { rowsParameters, rowsSql, type Column } from '../database/rows.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import {
  isRare,
  RARE_EVENTS,
  USUAL_EVENTS,
  type EventsInsert,
  type NewEvent,
} from '../event-store/insert-events.js';
import { DELIVERY_PARAMETERS, deliveriesInsert, deliveryValues } from '../deliveries/insert-deliveries.js';
import { sendableEndpointsSql, type SendableEndpoint } from '../endpoints/sendable-endpoints.js';

/** What the writing statement checks besides. */
interface Asked {
  /** Routing versions by space id: nothing is written unless all of them still hold. */
  versions: (readonly [spaceId: string, version: number])[];
  /** Subscriptions to check: whether they are sendable. */
  subscriptions: string[];
  now: Date;
}

interface Written {
  /** Whether all versions were current, and so whether anything was written. */
  isCurrent: boolean;
  /** Those of the subscriptions that are. */
  sendable: SendableEndpoint[];
}

const VERSIONS: Column<Asked['versions'][number]>[] = [
  ['id', 'uuid', ([id]) => id],
  ['version', 'bigint', ([, version]) => version],
];

const INSERT = { name: 'events_insert', text: textOf(USUAL_EVENTS) };
const INSERT_RARE = { name: 'events_insert_rare', text: textOf(RARE_EVENTS) };

function textOf(insert: EventsInsert): string {
  const firstOfDeliveries = 1 + insert.parameters;
  const firstOfVersions = firstOfDeliveries + DELIVERY_PARAMETERS;
  const subscriptions = firstOfVersions + VERSIONS.length;
  return `
    WITH scanned AS MATERIALIZED (
      SELECT count(*) = cardinality($${firstOfVersions}::uuid[]) AS current
      FROM ${rowsSql(VERSIONS, firstOfVersions)} k
        JOIN posthorn.spaces s ON s.id = k.id AND s.routing_version = k.version
    ), events AS (
      ${insert.sql(1)} WHERE (SELECT current FROM scanned)
    ), deliveries AS (
      ${deliveriesInsert(firstOfDeliveries)} WHERE (SELECT current FROM scanned)
    )
    SELECT current AS "isCurrent",
      ARRAY(SELECT row_to_json(g)
        FROM (${sendableEndpointsSql(`$${subscriptions}`, `$${subscriptions + 1}`)}) g) AS sendable
    FROM scanned`;
}

/** Writes new events and their deliveries in one statement: all or nothing, also without a transaction. */
export async function insertEvents(
  sql: Sql,
  events: NewEvent[],
  deliveries: NewDelivery[],
  { versions, subscriptions, now }: Asked,
): Promise<Written> {
  const [statement, insert] = events.some(isRare) ? [INSERT_RARE, RARE_EVENTS] : [INSERT, USUAL_EVENTS];
  const [written] = await sql<Written>(statement, [
    ...insert.values(events),
    ...deliveryValues(deliveries),
    ...rowsParameters(VERSIONS, versions),
    subscriptions,
    now,
  ]);
  return written as Written;
}
