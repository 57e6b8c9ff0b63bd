import { createHash } from 'node:crypto';

/** How the other system signs: as a subscription's `profileOptions.signature` has it. */
export interface ImportSignature {
  style: string;
  header?: string | undefined;
  hash?: string | undefined;
  encoding?: string | undefined;
}

/** For each tag a value, or several of which one fits. */
export type ImportTags = Record<string, string | string[]>;

/** A tenant of the other system. */
export interface ImportSpace {
  /** Becomes the space's uid. */
  uid: string;
  name: string;
  metadata?: Record<string, string>;
}

/** An endpoint of the other system. */
export interface ImportEndpoint {
  /** The uid of its space. */
  space: string;
  /** Becomes the subscription's uid. */
  uid: string;
  url: string;
  description?: string | undefined;
  /** Absent: all. */
  events?: string[] | undefined;
  filter?: Record<string, unknown> | null | undefined;
  /** Only events with these tags. */
  scope?: { tags: ImportTags } | undefined;
  /** As the other system gives it; absent: a new one is made. */
  secret?: string | undefined;
  /** The bytes of its text are the key, also of `whsec_…`. */
  isTextSecret?: boolean;
  headers?: Record<string, string> | undefined;
  /** The other system sends the data as published, without an envelope. */
  isBareData?: boolean;
  method?: string | undefined;
  /** Absent: by Standard Webhooks alone. */
  signature?: ImportSignature | undefined;
  metadata?: Record<string, string> | undefined;
  isPaused?: boolean | undefined;
  /** Requests a second. */
  rate?: number | undefined;
  timeoutMs?: number | undefined;
  /** What could not be taken over. */
  notes?: string[] | undefined;
}

export interface ImportEventType {
  name: string;
  description?: string | undefined;
  schema?: object | undefined;
  isDeprecated?: boolean | undefined;
}

/** One thing to import, or one that cannot be. */
export type ImportItem =
  | { kind: 'space'; space: ImportSpace }
  | { kind: 'endpoint'; endpoint: ImportEndpoint }
  | { kind: 'type'; type: ImportEventType }
  | { kind: 'bad'; what: string; reason: string };

/** Spaces come before their endpoints. */
export type ImportSource = AsyncIterable<ImportItem>;

/** Tags that a subscription may ask for. */
export const MAX_TAGS = 20;
const TAG = /^[A-Za-z][A-Za-z0-9_.-]{0,63}$/;
const MAX_TAG_VALUE = 256;

/** Whether a subscription can ask for this tag. */
export function isTag(name: string, value: unknown): value is string {
  return (
    TAG.test(name) &&
    !(name in {}) &&
    typeof value === 'string' &&
    value !== '' &&
    value.length <= MAX_TAG_VALUE
  );
}

const UID = /^[A-Za-z0-9_-]{1,64}$/;
const LIKE_OURS = /^(?:spc|key|sub|evt|dlv|att|job|lnk|rcv|req|aud|lgh|brd|usr|ses)_[0-9a-f]{32}$/i;

/** The first of these names that can be a uid; else one made of the last, the same each time. */
export function uidOf(...names: (string | null | undefined)[]): string {
  const given = names.filter((name): name is string => typeof name === 'string' && name !== '');
  const fit = given.find((name) => UID.test(name) && !LIKE_OURS.test(name));
  if (fit !== undefined) return fit;
  const last = given.at(-1) ?? '';
  const readable = last.replaceAll(/[^A-Za-z0-9_-]+/g, '-').slice(0, 47);
  return `${readable}-${createHash('sha256').update(last).digest('hex').slice(0, 16)}`;
}

/** Longer keys of an HMAC with SHA-256 are hashed first (RFC 2104), so their hash signs the same. */
const BLOCK_BYTES = 64;

/** A secret as the native profile takes it, and whether that is its hash. */
export interface ImportedSecret {
  secret: string;
  isHashed: boolean;
}

/**
 * `whsec_` and base64. Any other text becomes the base64 of its bytes, so that the HMAC's key is the same. Null: it is
 * too short, or too long for another hash than SHA-256. `isText`: also what begins with `whsec_`.
 */
export function secretOf(text: string, isText = false, hash = 'sha256'): ImportedSecret | null {
  const [, base64] = (!isText && /^whsec_([A-Za-z0-9+/_-]+={0,2})$/.exec(text)) || [];
  const key = base64 === undefined ? Buffer.from(text) : Buffer.from(base64, 'base64');
  const isHashed = key.length > BLOCK_BYTES;
  if (key.length < 24 || (isHashed && hash !== 'sha256')) return null;
  const stored = isHashed ? createHash('sha256').update(key).digest() : key;
  return { secret: `whsec_${stored.toString('base64')}`, isHashed };
}
