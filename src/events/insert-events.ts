import type { StoredEvent } from '../core/words.js';
import { pack, plainArray, textArray, unpackedText } from '../database/pack.js';
import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import { deliveriesInsert, deliveryValues } from '../deliveries/insert-deliveries.js';

/** An event to be written. */
export interface NewEvent extends StoredEvent {
  publisherId: string | null;
}

const INSERT = {
  name: 'events_insert',
  text: `
    WITH events AS (
      INSERT INTO posthorn.events (id, space_id, type, occurred_at, client_id, campaign_id, lead_id, publisher_id, data)
      SELECT id, space_id, type, occurred_at, client_id, campaign_id, lead_id, publisher_id, ${unpackedText('$9', 'start', 'length')}
      FROM unnest($1::uuid[], $2::uuid[], $3::text[], $4::timestamptz[], $5::text[], $6::text[], $7::text[], $8::text[], $10::int[], $11::int[])
        AS e (id, space_id, type, occurred_at, client_id, campaign_id, lead_id, publisher_id, start, length)
    ) ${deliveriesInsert(12)}`,
};

/** Writes new events and their deliveries, all in one statement: both or neither, also without a transaction around it. */
export async function insertEvents(sql: Sql, events: NewEvent[], deliveries: NewDelivery[]): Promise<void> {
  if (events.length === 0) return;
  await sql(INSERT, [
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
  ]);
}
