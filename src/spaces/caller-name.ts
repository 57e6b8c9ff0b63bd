import { publicId } from '../core/ids.js';
import type { Caller } from './access-rule.js';

/** Whether it is the operator, or one of their people for all spaces: tenants and people of single spaces see less. */
export function isOperators(caller: Caller): boolean {
  return caller.kind === 'admin' || (caller.kind === 'person' && caller.instanceRole !== null);
}

/** Who did something, for records: `admin`, or the id of the key, portal link or person. */
export function callerName(caller: Caller): string {
  if (caller.kind === 'admin') return 'admin';
  if (caller.kind === 'person') return publicId('usr', caller.personId);
  if (caller.kind === 'key') return publicId('key', caller.keyId);
  return caller.linkId === null
    ? `application${caller.user ? `: ${caller.user}` : ''}`
    : publicId('lnk', caller.linkId);
}
