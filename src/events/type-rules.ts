import type { Invalid } from '../core/errors.js';
import type { TypeRule } from '../event-types/space-types.js';
import type { Routes } from '../endpoints/routing.js';
import type { EventDraft } from './draft.js';
import { unknownTypes } from './plan.js';

/** Drafts were not compared with the rules of these routes: `DataCheck` does that, and repeats the request. */
export class Unchecked extends Error {
  constructor(readonly routes: Routes) {
    super('The rules of an event type changed.');
  }
}

/** Why drafts cannot be stored with these routes, as far as their types tell; null: they can. */
export function refusalOfTypes(drafts: EventDraft[], routes: Routes): Invalid | Unchecked | null {
  const unknown = unknownTypes(drafts, routes);
  if (unknown || !routes.types.isRuled) return unknown;
  const isOpen = ({ type, version, checked }: EventDraft) => {
    const rule = routes.types.ruleOf(type, version);
    return rule !== null && checked !== ruleKey(rule);
  };
  return drafts.some(isOpen) ? new Unchecked(routes) : null;
}

/** The same as long as a rule demands the same. */
export function ruleKey({ owner, validation, hash, deprecated, replacedBy, version }: TypeRule): string {
  return `${owner} ${validation} ${hash} ${deprecated} ${replacedBy} ${version}`;
}
