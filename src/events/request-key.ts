import { createHash } from 'node:crypto';
import { Invalid } from '../core/errors.js';
import type { KeyReservation } from '../event-store/event-keys.js';
import type { EventDraft } from './draft.js';
import { fingerprint } from './fingerprint.js';

const HEADER = 'Idempotency-Key';
const MAX_LENGTH = 256;
/** Blanks at its ends and quotes around it do not count. */
export const REQUEST_KEY_SCHEMA = {
  type: 'string' as const,
  pattern: '^[\\x21\\x23-\\x7e](?:[\\x20-\\x7e]*[\\x21\\x23-\\x7e])?$',
  minLength: 1,
  maxLength: MAX_LENGTH,
};
/** No id of a publisher has it, so a key of a request is never an event's id. */
const MARK = '\u0001';

/** A publish request's own key: what a repetition of the whole request is known by. */
export interface RequestKey {
  /** As it was sent. */
  name: string;
  /** As it is reserved. */
  key: string;
  /** The same for two requests with the same events in the same order. */
  fingerprint: Buffer;
}

/**
 * Reads the header, and gives each event without an id a key made of it. Undefined without the header. Throws Invalid.
 */
export function readRequestKey(header: string | undefined, drafts: EventDraft[]): RequestKey | undefined {
  if (header === undefined) return undefined;
  const name = unquoted(header.trim());
  if (!/^[\x20-\x7e]+$/.test(name) || name.length > MAX_LENGTH) {
    const message = `must be 1 to ${MAX_LENGTH} printable ASCII characters, such as a UUID. Or leave the header out.`;
    throw new Invalid([{ path: HEADER, code: 'invalid_idempotency_key', message }]);
  }
  const key = MARK + name;
  const hash = createHash('sha256');
  for (const [index, draft] of drafts.entries()) {
    hash
      .update(fingerprint(draft))
      .update(draft.key ?? '')
      .update(MARK);
    if (draft.key === undefined) draft.requestKey = `${key}${MARK}${index}`;
  }
  return { name, key, fingerprint: hash.digest() };
}

/** The draft of RFC 9110's companion writes the key as a quoted string; most clients send it bare. */
function unquoted(text: string): string {
  return /^"[^"\\]*"$/.test(text) ? text.slice(1, -1) : text;
}

/** What reserves a request's key. `eventId`: its first event. */
export function requestReservation(
  spaceId: string,
  { key, fingerprint }: RequestKey,
  eventId: string,
): KeyReservation {
  return { spaceId, key, eventId, deliveries: 0, fingerprint };
}
