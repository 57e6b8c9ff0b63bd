import type { Bytes } from './bytes.js';

/** The headers of a request: the standard object, or what Node has. */
export type HeadersLike = Headers | Readonly<Record<string, string | readonly string[] | undefined>>;

/** What a proof looks at. */
export interface Incoming {
  /** A header by its name in lower case. Null when it is absent, or there several times. */
  header: (name: string) => string | null;
  body: Bytes;
  /** The body as JSON; undefined when it is none. */
  json: unknown;
}

/** How a sender shows that a request is its own, and what its requests say. */
export interface Proof {
  /** The key in a secret's text. Null when the text is not a secret of this form. */
  keyOf: (secret: string) => Bytes | null;
  /** What `keyOf` accepts, for messages. */
  form: string;
  /** Signatures in the request and the bytes that they sign; or the secret itself, sent in the body. */
  presented: (incoming: Incoming) => { signed: Bytes; signatures: Bytes[] } | { secret: string };
  /** When the attempt was made, milliseconds; null when requests do not say. */
  attemptedAt: (incoming: Incoming) => number | null;
  read: (incoming: Incoming) => Omit<Facts, 'attemptedAt'>;
}

/** What a request says of its event. */
export interface Facts {
  /** The same for every repetition of an event; null when the sender gives none. */
  id: string | null;
  /** Null when the body does not say. */
  type: string | null;
  /** When it happened; null when the body does not say. */
  occurredAt: Date | null;
  /** When this attempt was made; null when the request does not say. */
  attemptedAt: Date | null;
  /** What happened; the whole body where the sender wraps it in nothing. A secret in it is left out. */
  data: unknown;
}
