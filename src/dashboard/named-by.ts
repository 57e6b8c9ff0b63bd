import { parsePublicId } from '../core/ids.js';
import { isUid } from '../http/uid.js';
import type { SpaceRef } from '../spaces/space-ref.js';

/** The space, the id and the uid for a statement that finds a subscription: what can be neither names nothing. */
export function namedBy(
  { id }: SpaceRef,
  ref: string,
): [space: string, id: string | null, uid: string | null] {
  return [id, parsePublicId('sub', ref), isUid(ref) ? ref : null];
}
