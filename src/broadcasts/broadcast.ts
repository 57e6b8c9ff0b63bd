import { createHash } from 'node:crypto';
import { uuidTime } from '../core/ids.js';

/** `pending` until a worker takes its first slice. `failed`: it met the same error ten times. */
export type BroadcastStatus = 'pending' | 'running' | 'completed' | 'cancelled' | 'failed';

/** Why a space did not take the event. */
export interface BroadcastProblem {
  /** `spc_` id. */
  space: string;
  code: string;
  message: string;
}

/**
 * The id of a broadcast's event in a space: always the same, so that no slice can publish it twice. A UUID v7 with the
 * broadcast's time. Both ids are dashed.
 */
export function eventIdOf(broadcastId: string, spaceId: string): string {
  const hash = createHash('sha256').update(`${broadcastId}/${spaceId}`).digest();
  hash.writeUIntBE(uuidTime(broadcastId), 0, 6);
  hash[6] = 0x70 | ((hash[6] as number) & 0x0f);
  hash[8] = 0x80 | ((hash[8] as number) & 0x3f);
  const hex = hash.toString('hex', 0, 16);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
