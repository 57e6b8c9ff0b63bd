import { publicId } from '../core/ids.js';
import type { Caller } from './access-rule.js';

/** Who did something, for records: `admin`, or the id of the key or portal link. */
export function callerName(caller: Caller): string {
  if (caller.kind === 'admin') return 'admin';
  if (caller.kind === 'key') return publicId('key', caller.keyId);
  return caller.linkId === null
    ? `application${caller.user ? `: ${caller.user}` : ''}`
    : publicId('lnk', caller.linkId);
}
