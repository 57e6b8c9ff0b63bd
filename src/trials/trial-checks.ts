import { compileFilter, matchFilter } from '../core/filter.js';
import type { EventScope } from '../core/domain-types.js';
import type { Route } from '../endpoints/routing.js';
import { mismatch } from '../events/match.js';
import { parseExactly } from '../lib/exact-number.js';
import type { TrialCheck } from './trial.dto.js';

/** What is tried. */
interface Tried {
  type: string;
  scope: EventScope;
  /** As `parseExactly` gives it. */
  data: unknown;
}

const ANY_SCOPE = { level: 'space' as const, clientId: null, campaignId: null, tags: null };

/** What a subscription asks of an event, one by one. `filter`: the JSON text that it was stored as. */
export function checksOf(route: Route, filter: string | null, { type, scope, data }: Tried): TrialCheck[] {
  const conditions = filter === null ? [] : Object.entries(parseExactly(filter) as Record<string, unknown>);
  const anyType = { matchesType: () => true, scope: route.scope, filter: null };
  return [
    { check: 'event_type', path: null, holds: route.matchesType(type) },
    { check: 'scope', path: null, holds: mismatch(anyType, type, scope, data) === null },
    ...conditions.map(([path, condition]) => ({
      check: 'filter' as const,
      path,
      holds: matchFilter(compileFilter({ [path]: condition }), data) === null,
    })),
  ];
}

/** The same subscription as if it asked for nothing in particular. */
export function withoutConditions(route: Route): Route {
  return { ...route, matchesType: () => true, scope: ANY_SCOPE, filter: null };
}
