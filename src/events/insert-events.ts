import { rowsParameters, rowsSql, type Column } from '../database/rows.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import { EVENT_PARAMETERS, eventsInsert, eventValues, type NewEvent } from '../event-store/insert-events.js';
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
  /** Those of the subscriptions that are sendable. */
  open: SendableEndpoint[];
}

const VERSIONS: Column<Asked['versions'][number]>[] = [
  ['id', 'uuid', ([id]) => id],
  ['version', 'bigint', ([, version]) => version],
];

const FIRST_OF_DELIVERIES = 1 + EVENT_PARAMETERS;
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
      ${eventsInsert(1)} WHERE (SELECT current FROM looked)
    ), deliveries AS (
      ${deliveriesInsert(FIRST_OF_DELIVERIES)} WHERE (SELECT current FROM looked)
    )
    SELECT current AS "isCurrent",
      ARRAY(SELECT row_to_json(g) FROM (${sendableEndpointsSql(`$${FIRST_OF_SUBSCRIPTIONS}`, `$${FIRST_OF_SUBSCRIPTIONS + 1}`)}) g) AS open
    FROM looked`,
};

/** Writes new events and their deliveries in one statement: all or nothing, also without a transaction. */
export async function insertEvents(
  sql: Sql,
  events: NewEvent[],
  deliveries: NewDelivery[],
  { versions, subscriptions, now }: Asked,
): Promise<Written> {
  const [written] = await sql<Written>(INSERT, [
    ...eventValues(events),
    ...deliveryValues(deliveries),
    ...rowsParameters(VERSIONS, versions),
    subscriptions,
    now,
  ]);
  return written as Written;
}
