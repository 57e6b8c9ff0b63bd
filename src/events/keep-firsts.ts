import type { Sql } from '../database/sql.js';
import type { NewDelivery } from '../deliveries/delivery.js';
import { takeFirsts, type FirstClaim } from '../subscriptions/firsts.js';
import type { PublishedEvent } from './draft.js';
import { recountKeys } from './event-keys.js';
import type { NewEvent } from './insert-events.js';

interface Stored {
  events: PublishedEvent[];
  fresh: NewEvent[];
  due: NewDelivery[];
}

/**
 * Takes deliveries out of these requests that are not the first of what their subscription hears of only once. Costs
 * nothing where no subscription is like that. To be called before the deliveries are written.
 */
export async function keepFirsts(sql: Sql, stored: Stored[]): Promise<void> {
  // A loop without a copy: every delivery passes here.
  const claims: FirstClaim[] = [];
  for (const { due } of stored) {
    for (const { once, spaceId, subscriptionId, eventId } of due) {
      if (once !== undefined) claims.push({ once, spaceId, subscriptionId, eventId });
    }
  }
  if (claims.length === 0) return;
  const firsts = await takeFirsts(sql, claims);
  const isFirst = ({ once, subscriptionId, eventId }: NewDelivery) =>
    once === undefined || firsts.eventOf({ subscriptionId, once }) === eventId;
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
    await recountKeys(
      sql,
      outcome.fresh.flatMap(({ id, spaceId, publisherId: key }) => {
        const deliveries = counts.get(id);
        return key === null || deliveries === undefined ? [] : { spaceId, key, deliveries };
      }),
    );
  }
}
