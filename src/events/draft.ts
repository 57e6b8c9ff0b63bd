import type { EventScope } from '../core/domain-types.js';

/** An event as its publisher hands it in, checked but not yet stored. */
export interface EventDraft {
  /** Where it stands in its request, for messages: `[2]` in an array, empty for a single event. */
  at: string;
  type: string;
  /** The JSON text of the data, byte for byte as it came. */
  text: string;
  /** The same data parsed, for filters. */
  data: unknown;
  /** The publisher's own event id: the idempotency key. */
  key?: string;
  occurredAt?: Date;
  /** When its deliveries end, or how many seconds after it is published. */
  expiry?: Date | number;
  scope: EventScope;
}

/** What a publisher learns about each event. */
export interface PublishedEvent {
  /** Dashed UUID. */
  id: string;
  type: string;
  /** True when an event with the same key and body was stored before; `id` is that event's. */
  duplicate: boolean;
  /** How many deliveries the event has. */
  deliveries: number;
}
