import type { Sql } from '../database/sql.js';
import {
  findOnceKeys,
  assumeOnceKeys,
  reserveOnceKeys,
  type OnceKeyReservation,
} from '../endpoints/once-keys.js';
import type { Route } from '../endpoints/routing.js';
import type { MissedEvent } from './missed-events.js';

/**
 * Removes what is not the first of something the subscription receives only once. An event that was the first is sent
 * again; where there was none, because the subscription is younger, the oldest replayed becomes it, if `take`n and not
 * only counted. A count looks at one slice at a time, so it may be too high.
 */
export async function filterReplaysByOnceKeys(
  sql: Sql,
  spaceId: string,
  { subscriptionId }: Route,
  missed: MissedEvent[],
  { reserve }: { reserve: boolean },
): Promise<MissedEvent[]> {
  const reservationsOf = ({ id, once }: MissedEvent): OnceKeyReservation[] =>
    [...once.values()].map((key) => ({ spaceId, subscriptionId, once: key, eventId: id }));
  const reservations = missed.flatMap(reservationsOf);
  if (reservations.length === 0) return missed;
  const known = await findOnceKeys(sql, reservations);
  const open = reservations.filter((reservation) => known.eventOf(reservation) === undefined);
  const made = reserve ? await reserveOnceKeys(sql, open) : assumeOnceKeys(open);
  const isFirst = ({ id, once }: MissedEvent, type: string) => {
    const key = once.get(type);
    if (key === undefined) return true;
    const reservation = { subscriptionId, once: key };
    return (known.eventOf(reservation) ?? made.eventOf(reservation)) === id;
  };
  return missed
    .map((event) => ({ ...event, types: event.types.filter((type) => isFirst(event, type)) }))
    .filter(({ types }) => types.length > 0);
}
