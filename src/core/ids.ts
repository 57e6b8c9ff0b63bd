import { randomFillSync } from 'node:crypto';

/** The kind of an id. The prefix is part of the public id and is not stored. */
export type IdPrefix =
  | 'spc'
  | 'key'
  | 'sub'
  | 'evt'
  | 'dlv'
  | 'att'
  | 'job'
  | 'lnk'
  | 'rcv'
  | 'req'
  | 'aud'
  | 'lgh'
  | 'brd'
  | 'usr'
  | 'ses';

/** Random bytes of one id. */
const RANDOM_BYTES = 6;
/** Random bytes for many ids, since a call for each id is slow. */
const pool = new Uint8Array(RANDOM_BYTES * 682);
let used = pool.length;

/** The two hexadecimal digits of each byte, as ASCII. */
const DIGITS = Buffer.from(
  Array.from({ length: 256 }, (_none, byte) => byte.toString(16).padStart(2, '0')).join(''),
);
/** The place of each byte's digits in the text. */
const TEXT_OFFSETS = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

const bytes = Buffer.alloc(16);
const text = Buffer.alloc(36, '-');

/** As one string: joined from twenty pieces, it would keep them all in memory. */
function formatUuid(): string {
  for (let index = 0; index < 16; index += 1) {
    const place = TEXT_OFFSETS[index] as number;
    const digits = (bytes[index] as number) * 2;
    text[place] = DIGITS[digits] as number;
    text[place + 1] = DIGITS[digits + 1] as number;
  }
  return text.toString('latin1');
}

let lastMs = 0;
let sequence = 0;

/**
 * A UUID v7 (RFC 9562) whose time part is `now`, in the form Postgres prints. `now`: milliseconds. Ids made by one
 * process in the same millisecond sort in the order they were made: `resume` relies on it to deliver the oldest
 * first.
 */
export function newUuid(now: number): string {
  const ms = Math.floor(now);
  sequence = ms === lastMs ? sequence + 1 : Math.floor(Math.random() * 0x10000);
  lastMs = ms;
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  bytes.writeUIntBE(ms, 0, 6);
  // The first bits of bytes 6 and 8 are the version and the variant. The sequence takes 30 of those that follow.
  bytes[6] = 0x70 | (sequence >>> 26);
  bytes[7] = sequence >>> 18;
  bytes[8] = 0x80 | ((sequence >>> 12) & 0x3f);
  bytes[9] = sequence >>> 4;
  // Not `bytes.set(pool.subarray(…))`: a view for each id is work for the garbage collector.
  for (let at = 0; at < RANDOM_BYTES; at += 1) bytes[10 + at] = pool[used + at] as number;
  bytes[10] = ((sequence << 4) & 0xf0) | ((bytes[10] as number) & 0x0f);
  used += RANDOM_BYTES;
  return formatUuid();
}

/** `evt_` and the UUID's 32 hex digits: sorts by time, without dots or dashes. */
export function publicId(prefix: IdPrefix, uuid: string): string {
  return `${prefix}_${uuid.slice(0, 8)}${uuid.slice(9, 13)}${uuid.slice(14, 18)}${uuid.slice(19, 23)}${uuid.slice(24)}`;
}

/** What an id of each kind is the id of. */
export const ID_NAMES: Record<IdPrefix, string> = {
  spc: 'a space',
  key: 'a key',
  sub: 'a subscription',
  evt: 'an event',
  dlv: 'a delivery',
  att: 'an attempt',
  job: 'a job',
  lnk: 'a portal link',
  rcv: 'a test receiver',
  lgh: 'a legal hold',
  req: 'a request to a test receiver',
  aud: 'an audit entry',
  brd: 'a broadcast',
  usr: 'a person',
  ses: 'a session',
};

const KINDS = Object.keys(ID_NAMES) as IdPrefix[];
/** Of any kind, and in capitals too, which a person or another system may consider the same. */
const PUBLIC_ID = new RegExp(`^(${KINDS.join('|')})_[0-9a-f]{32}$`, 'i');

/** For a pattern in JSON Schema, which knows no flags: what follows is no id of these kinds. */
function notAnIdOf(kinds: string[]): string {
  const names = kinds.join('|').replaceAll(/[a-z]/g, (letter) => `[${letter.toUpperCase()}${letter}]`);
  return `(?!(?:${names})_[0-9A-Fa-f]{32}$)`;
}

/** What follows in such a pattern is no id at all. */
export const NOT_AN_ID = notAnIdOf(KINDS);

/** What follows in such a pattern is no id of another kind. */
export function notOfOtherKinds(kind: IdPrefix): string {
  return notAnIdOf(KINDS.filter((other) => other !== kind));
}

/** The kind of an id; null when the text is none. */
export function kindOfId(text: string): IdPrefix | null {
  return (PUBLIC_ID.exec(text)?.[1]?.toLowerCase() ?? null) as IdPrefix | null;
}

/** Whether it looks like an id of ours. No uid may, or a path would be ambiguous. */
export function looksLikeId(text: string): boolean {
  return PUBLIC_ID.test(text);
}

const HEX_32 = /^[0-9a-f]{32}$/;

/** The UUID inside a public id, or null when `text` is not an id of this kind. */
export function parsePublicId(prefix: IdPrefix, text: string): string | null {
  if (!text.startsWith(`${prefix}_`)) return null;
  const hex = text.slice(prefix.length + 1);
  if (!HEX_32.test(hex)) return null;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether it is a UUID in the form Postgres prints, which is not a public id. */
export function isUuid(text: string): boolean {
  return UUID.test(text);
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
