import { matchFilter } from '../core/filter.js';
import type { EventScope } from '../core/words.js';
import type { Route } from '../subscriptions/routing.js';

/** Why a subscription does not get an event, or null when it does. */
export type Mismatch = 'event_type' | 'scope' | `filter:${string}`;

/** As much of a subscription as matching looks at. */
export type Matcher = Pick<Route, 'matchesType' | 'scope' | 'filter'>;

/** Whether a subscription wants an event; the first reason against it, in the order a person would look. */
export function mismatch(route: Matcher, type: string, scope: EventScope, data: unknown): Mismatch | null {
  if (!route.matchesType(type)) return 'event_type';
  if (route.scope.level === 'client' && route.scope.clientId !== scope.clientId) return 'scope';
  if (route.scope.level === 'campaign' && route.scope.campaignId !== scope.campaignId) return 'scope';
  const failing = route.filter ? matchFilter(route.filter, data) : null;
  return failing === null ? null : `filter:${failing}`;
}
