import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import { reserveOnceKeys, type OnceKeyReservation } from '../endpoints/once-keys.js';
import type { PublishedEvent } from './draft.js';

interface StoredRequest {
  events: PublishedEvent[];
  due: NewDelivery[];
}

/**
 * Removes deliveries whose once-key their subscription has had before. Costs nothing when no delivery has one. Must be
 * called before the deliveries are written. Gives how many are left of each event that lost some.
 */
export async function filterByOnceKeys(sql: Sql, stored: StoredRequest[]): Promise<Map<string, number>> {
  const left = new Map<string, number>();
  // A loop without a copy: this runs for every delivery.
  const reservations: OnceKeyReservation[] = [];
  for (const { due } of stored) {
    for (const { once, spaceId, subscriptionId, eventId } of due) {
      if (once !== undefined) reservations.push({ once, spaceId, subscriptionId, eventId });
    }
  }
  if (reservations.length === 0) return left;
  const onceKeys = await reserveOnceKeys(sql, reservations);
  const isFirst = ({ once, subscriptionId, eventId }: NewDelivery) =>
    once === undefined || onceKeys.eventOf({ subscriptionId, once }) === eventId;
  for (const outcome of stored) {
    const lost = outcome.due.filter((delivery) => !isFirst(delivery));
    if (lost.length === 0) continue;
    outcome.due = outcome.due.filter(isFirst);
    const counts = new Map(lost.map(({ eventId }) => [eventId, 0]));
    for (const { eventId } of outcome.due) {
      const count = counts.get(eventId);
      if (count !== undefined) counts.set(eventId, count + 1);
    }
    outcome.events = outcome.events.map((event) => ({
      ...event,
      deliveries: counts.get(event.id) ?? event.deliveries,
    }));
    for (const [eventId, count] of counts) left.set(eventId, count);
  }
  return left;
}
