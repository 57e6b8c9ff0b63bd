import type { Sql } from '../database/sql.js';
import { findFirsts, supposeFirsts, takeFirsts, type FirstClaim } from '../subscriptions/firsts.js';
import type { Route } from '../subscriptions/routing.js';
import type { MissedEvent } from './missed-events.js';

/**
 * Takes out what is not the first of something the subscription hears of only once. An event that was the first is sent
 * again; where there was none, because the subscription is younger, the oldest replayed becomes it, if `take`n and not
 * only counted. A count looks at one slice at a time, so it may be too high.
 */
export async function keepFirstReplays(
  sql: Sql,
  spaceId: string,
  { subscriptionId }: Route,
  missed: MissedEvent[],
  { take }: { take: boolean },
): Promise<MissedEvent[]> {
  const claimsOf = ({ id, once }: MissedEvent): FirstClaim[] =>
    [...once.values()].map((key) => ({ spaceId, subscriptionId, once: key, eventId: id }));
  const claims = missed.flatMap(claimsOf);
  if (claims.length === 0) return missed;
  const known = await findFirsts(sql, claims);
  const open = claims.filter((claim) => known.eventOf(claim) === undefined);
  const made = take ? await takeFirsts(sql, open) : supposeFirsts(open);
  const isFirst = ({ id, once }: MissedEvent, type: string) => {
    const key = once.get(type);
    if (key === undefined) return true;
    const claim = { subscriptionId, once: key };
    return (known.eventOf(claim) ?? made.eventOf(claim)) === id;
  };
  return missed
    .map((event) => ({ ...event, types: event.types.filter((type) => isFirst(event, type)) }))
    .filter(({ types }) => types.length > 0);
}
