import type { Routes } from '../endpoints/routing.js';
import type { EventDraft } from './draft.js';

/**
 * The first subscriptions that may get such events, `most` at the most, found without looking at their data. In a space
 * where a profile's own rules decide all of them may.
 */
export function firstReceivers(drafts: EventDraft[], { routes, plain }: Routes, most: number): string[] {
  const found: string[] = [];
  const types = new Set(drafts.map(({ type }) => type));
  for (const { subscriptionId, matchesType } of routes) {
    if (found.length >= most) break;
    if (!plain || some(types, matchesType)) found.push(subscriptionId);
  }
  return found;
}

function some(types: Set<string>, matchesType: (type: string) => boolean): boolean {
  for (const type of types) if (matchesType(type)) return true;
  return false;
}
