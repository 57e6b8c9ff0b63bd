import type { ProfileName, StoredEvent } from '../core/words.js';

/** One kind of event a profile knows: what it means, what its data looks like, and an example to try it with. */
export interface EventType {
  name: string;
  family: string;
  description: string;
  /** JSON Schema of `data`. Documentation for receivers; publishing does not enforce it. */
  schema: object;
  /** A complete, realistic `data` object. */
  example: object;
}

/** What a proof may use to sign a request: the live secrets, newest first, as raw key bytes. */
export interface ProofInput {
  eventId: string;
  deliveryId: string;
  /** When this attempt starts, milliseconds. */
  attemptAt: number;
  body: Buffer;
  keys: Buffer[];
}

/** How a provider's webhooks behave. One folder each, same shape; nothing outside asks for a profile by name. */
export interface Profile {
  name: ProfileName;
  catalogue: EventType[];
  /** The body for an event: the same bytes for every attempt, so it may depend on stored, immutable facts only. */
  render(event: StoredEvent): Buffer;
  /** Headers that prove the origin of this attempt, in the order they are sent. */
  prove(input: ProofInput): Record<string, string>;
  /** Whether an answer with this status counts as delivered. */
  accepts(statusCode: number): boolean;
}
