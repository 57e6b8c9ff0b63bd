import { randomFillSync } from 'node:crypto';
import { v7 } from 'uuid';

/** What an id names. The prefix is part of the public id and never stored. */
export type IdPrefix = 'spc' | 'key' | 'sub' | 'evt' | 'dlv' | 'att' | 'job' | 'lnk' | 'rcv' | 'req';

/** Random bytes for many ids: asking for 16 at a time took 8 % of a busy process. */
const pool = new Uint8Array(16 * 256);
let used = pool.length;

function nextRandom(): Uint8Array {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += 16;
  return pool.subarray(used - 16, used);
}

let lastMs = 0;
let sequence = 0;

/**
 * A UUID v7 whose time part is `now` (milliseconds), in the form Postgres prints. Ids made by one process in the
 * same millisecond sort in the order they were made: `resume` relies on it to deliver the oldest first.
 */
export function newUuid(now: number): string {
  sequence = now === lastMs ? sequence + 1 : Math.floor(Math.random() * 0x10000);
  lastMs = now;
  return v7({ msecs: now, seq: sequence, random: nextRandom() });
}

/** `evt_` + the UUID's 32 hex digits: sorts by time, and holds no dot or dash. */
export function publicId(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${uuid.replaceAll('-', '')}`;
}

const HEX_32 = /^[0-9a-f]{32}$/;

/** The UUID inside a public id, or null when `text` is not an id of this kind. */
export function parsePublicId(prefix: IdPrefix, text: string): string | null {
  if (!text.startsWith(`${prefix}_`)) return null;
  const hex = text.slice(prefix.length + 1);
  if (!HEX_32.test(hex)) return null;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/** When the UUID v7 was made, milliseconds. */
export function uuidTime(uuid: string): number {
  return parseInt(uuid.slice(0, 8) + uuid.slice(9, 13), 16);
}

/** The smallest UUID v7 made at or after `ms`: turns a time bound into a key bound, which also prunes partitions. */
export function uuidFloor(ms: number): string {
  const hex = Math.max(0, Math.floor(ms)).toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-0000-0000-000000000000`;
}
