import { matchFilter } from '../core/filter.js';
import { hasTags } from '../core/tags.js';
import type { EventScope, ProfileName } from '../core/domain-types.js';
import type { Candidate, Hook, HookState, Profile } from '../profiles/profile.js';
import { profileOf } from '../profiles/registry.js';
import { translate, type TranslatableEvent } from '../profiles/translate.js';
import type { Route, Routes } from '../endpoints/routing.js';
import { SeenData, UNCONVERTED } from './seen-data.js';

/**
 * Matching: which subscriptions of a space get an event, and why others do not. In: an event and the space's routes.
 * Out: a `Match` for each subscription, from which `plan.ts` makes the deliveries that `store.ts` writes.
 */

/**
 * Why a subscription does not get an event. `no_equivalent`: its profile has no equivalent of the event; `priority`: in
 * its profile other subscriptions come first, and get it instead.
 */
export type Mismatch =
  'event_type' | 'scope' | 'no_equivalent' | 'priority' | `profile:${string}` | `filter:${string}`;

/** What one subscription gets of an event. */
export interface Match {
  route: Route;
  /** The event's types in the subscription's profile, with a delivery for each; none when there is a reason. */
  types: string[];
  /** By type: the once-key, with which the subscription gets only one event (`endpoints/once-keys.ts`). */
  once: ReadonlyMap<string, string>;
  reason: Mismatch | null;
}

/** What matching needs of a subscription. */
type Matcher = Pick<Route, 'matchesType' | 'scope' | 'filter'>;

/** The first reason why a subscription does not want an event, in the order that helps a person; null when it does. */
export function mismatch(route: Matcher, type: string, scope: EventScope, data: unknown): Mismatch | null {
  if (!route.matchesType(type)) return 'event_type';
  if (route.scope.level === 'client' && route.scope.clientId !== scope.clientId) return 'scope';
  if (route.scope.level === 'tags' && !hasTags(route.scope.tags ?? {}, scope)) return 'scope';
  if (route.scope.level === 'campaign' && route.scope.campaignId !== scope.campaignId) return 'scope';
  const failing = route.filter && data !== UNCONVERTED ? matchFilter(route.filter, data) : null;
  return failing === null ? null : `filter:${failing}`;
}

/** The matches of all subscriptions of a space, in the order of their creation. */
export function matchRoutes(routes: Routes, event: TranslatableEvent): Match[] {
  const translations = new Map<ProfileName, Translation>();
  const seen = new SeenData(event, event.data, routes);
  return routes.routes.map((route): Match => {
    let translation = translations.get(route.profile);
    if (!translation)
      translations.set(route.profile, (translation = translateFor(event, routes, route.profile, seen)));
    return matchRoute(route, translation);
  });
}

/** The match of one subscription of a space. */
export function matchOne(route: Route, routes: Routes, event: TranslatableEvent): Match {
  return matchRoute(
    route,
    translateFor(event, routes, route.profile, new SeenData(event, event.data, routes)),
  );
}

/** An event translated to one profile, and the priority levels of the space's subscriptions that get it. */
interface Translation {
  profile: Profile;
  /** Where the profile is the space's own: its events as pinned subscriptions see them. */
  seen: SeenData | null;
  candidates: Candidate[];
  /** By candidate: the first tier with a subscription. Later tiers get nothing. */
  firstTiers: number[];
}

function translateFor(
  event: TranslatableEvent,
  routes: Routes,
  name: ProfileName,
  seen: SeenData,
): Translation {
  const profile = profileOf(name);
  const { derive, scopeOf } = profile.matching;
  const isCustom = routes.types.isCustom(event.type);
  const translated =
    isCustom && profile.extensible
      ? [{ type: event.type, data: event.data }]
      : translate(name === routes.profile ? event : firstVersionOf(event, seen), routes.profile, name);
  const all = translated.flatMap(({ type, data }): Candidate[] => {
    const scope = scopeOf ? { ...scopeOf(data), ...event.scope } : event.scope;
    return [type, ...(derive?.(type, data) ?? [])].map((each) => ({ type: each, data, scope }));
  });
  // An equivalent may also be a derived type: it is one candidate all the same.
  const candidates = [...new Map(all.map((candidate) => [candidate.type, candidate])).values()];
  const mine = routes.routes.filter((route) => route.profile === name);
  return {
    profile,
    seen: name === routes.profile ? seen : null,
    candidates,
    firstTiers: candidates.map((candidate) => firstTier(profile, mine, candidate)),
  };
}

/** Equivalents of providers are of the first version; an event that has no way back to it is translated as it is. */
function firstVersionOf(event: TranslatableEvent, seen: SeenData): TranslatableEvent {
  if ((event.version ?? 1) === 1) return event;
  const data = seen.in(1);
  return data === UNCONVERTED ? event : { ...event, data };
}

const NONE: ReadonlyMap<string, string> = new Map();

function matchRoute(route: Route, { profile, seen, candidates, firstTiers }: Translation): Match {
  const reasons = candidates.map((candidate, index): Mismatch | null => {
    const data = route.versions && seen ? seen.by(route) : candidate.data;
    const reason = mismatch(route, candidate.type, candidate.scope, data);
    if (reason !== null) return reason;
    if (tierOf(profile, route) > (firstTiers[index] ?? Infinity)) return 'priority';
    const excluded = profile.matching.exclusionReason?.(hookOf(route), candidate) ?? null;
    return excluded === null ? null : `profile:${excluded}`;
  });
  const wanted = candidates.filter((_, index) => reasons[index] === null);
  const types = wanted.map(({ type }) => type);
  // Of several reasons the one that got furthest is the most helpful.
  const reason = reasons.find((each) => each !== 'event_type') ?? reasons[0] ?? 'no_equivalent';
  const once = profile.matching.onceKey ? onceOf(route, profile.matching.onceKey, wanted) : NONE;
  return { route, types, once, reason: types.length > 0 ? null : reason };
}

function onceOf(
  route: Route,
  onceKey: NonNullable<Profile['matching']['onceKey']>,
  wanted: Candidate[],
): Map<string, string> {
  const hook = hookOf(route);
  return new Map(
    wanted.flatMap((candidate) => {
      const key = onceKey(hook, candidate);
      return key === null ? [] : [[candidate.type, key]];
    }),
  );
}

function firstTier(profile: Profile, routes: Route[], candidate: Candidate): number {
  const { tiers, suppresses = isActive } = profile.matching;
  if (!tiers) return Infinity;
  const speakers = routes.filter((route) => {
    // No tier comes after the last one.
    if (tierOf(profile, route) >= tiers.length - 1) return false;
    const reason = mismatch(route, candidate.type, candidate.scope, candidate.data);
    const asks = reason === null || reason.startsWith('filter:');
    return asks && suppresses(stateOf(route, reason === null), candidate);
  });
  return Math.min(Infinity, ...speakers.map((route) => tierOf(profile, route)));
}

function tierOf({ matching }: Profile, { scope }: Route): number {
  const tier = matching.tiers?.findIndex((levels) => levels.includes(scope.level)) ?? 0;
  return tier === -1 ? Infinity : tier;
}

function isActive({ status }: HookState): boolean {
  return status === 'active';
}

function hookOf({ subscriptionId, providerId, scope, options }: Route): Hook {
  return { id: subscriptionId, providerId, scope, options };
}

function stateOf(route: Route, passesFilter: boolean): HookState {
  return { ...hookOf(route), status: route.status, passesFilter };
}
