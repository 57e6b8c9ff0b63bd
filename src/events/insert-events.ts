import type { StoredEvent } from '../core/words.js';
import { pack, plainArray, textArray, unpackedText } from '../database/pack.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import type { OpenGate } from '../deliveries/handoff.js';
import { deliveriesInsert, deliveryValues } from '../deliveries/insert-deliveries.js';
import { openGates } from '../subscriptions/open-gates.js';

/** An event to be written. */
export interface NewEvent extends StoredEvent {
  publisherId: string | null;
}

/** What a write asks the database in passing. */
interface Asked {
  /** Routing versions by space id: nothing is written unless all of them still hold. */
  versions: (readonly [spaceId: string, version: number])[];
  /** Subscriptions to look at. */
  gates: string[];
  now: Date;
}

interface Written {
  /** Whether the versions held, and so whether anything was written. */
  isCurrent: boolean;
  /** Those of the subscriptions whose deliveries may leave. */
  open: OpenGate[];
}

const INSERT = {
  name: 'events_insert',
  text: `
    WITH looked AS MATERIALIZED (
      SELECT count(*) = cardinality($24::uuid[]) AS current
      FROM unnest($24::uuid[], $25::bigint[]) AS k (id, version)
        JOIN posthorn.spaces s ON s.id = k.id AND s.routing_version = k.version
    ), events AS (
      INSERT INTO posthorn.events (id, space_id, type, occurred_at, client_id, campaign_id, lead_id, publisher_id, data)
      SELECT id, space_id, type, occurred_at, client_id, campaign_id, lead_id, publisher_id, ${unpackedText('$9', 'start', 'length')}
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $10::int[], $11::int[])
        AS e (id, space_id, type, occurred_at, client_id, campaign_id, lead_id, publisher_id, start, length)
      WHERE (SELECT current FROM looked)
    ), deliveries AS (
      ${deliveriesInsert(12)} WHERE (SELECT current FROM looked)
    )
    SELECT current AS "isCurrent", ARRAY(SELECT row_to_json(g) FROM (${openGates('$26', '$27')}) g) AS open FROM looked`,
};

/** Writes new events and their deliveries, all in one statement: both or neither, also without a transaction around it. */
export async function insertEvents(
  sql: Sql,
  events: NewEvent[],
  deliveries: NewDelivery[],
  { versions, gates, now }: Asked,
): Promise<Written> {
  const [written] = await sql<Written>(INSERT, [
    plainArray(events, (event) => event.id),
    plainArray(events, (event) => event.spaceId),
    textArray(events, (event) => event.type),
    plainArray(events, (event) => event.occurredAt),
    textArray(events, (event) => event.scope.clientId ?? null),
    textArray(events, (event) => event.scope.campaignId ?? null),
    textArray(events, (event) => event.scope.leadId ?? null),
    textArray(events, (event) => event.publisherId),
    ...pack(events.map((event) => event.data)),
    ...deliveryValues(deliveries),
    plainArray(versions, ([id]) => id),
    plainArray(versions, ([, version]) => version),
    gates,
    now,
  ]);
  return written as Written;
}
