/** What the body of a request is made from. */
export interface Message {
  /** The event's id, as the header `webhook-id` has it. */
  id: string;
  type: string;
  /** The version of the type that the data is of; absent: the type has no versions. */
  version?: number;
  /** When it happened, ISO 8601. */
  timestamp: string;
  /** JSON text, as it was published. */
  data: string;
  /** The usual body. */
  envelope: Buffer;
}

/** A body, or why there is none. `busy`: it may be had a little later. */
export type Rendered = { body: Buffer } | { error: string; busy?: true };
