import { nearestName } from '../lib/nearest-name.js';

/** Unknown types, or fields, for which the nearest name is suggested: a catalogue may have thousands to compare. */
export const MOST_HINTS = 5;

/**
 * What to say of an event type that is not in the space's catalogue, whose names are `known`; `list`: where it can be
 * read.
 */
export function unknownTypeMessage(
  type: string,
  known: Iterable<string>,
  list = 'GET /v1/spaces/{space}/event-types lists it.',
): string {
  const meant = nearestName(type, known);
  return meant === null
    ? `"${type}" is not in the space's catalogue: ${list}`
    : `"${type}" is not in the space's catalogue. Did you mean "${meant}"? ${list}`;
}
