import type { Issue } from '../core/errors.js';
import type { EventScope } from '../core/domain-types.js';

/** An event as its publisher sent it, validated and not stored yet. */
export interface EventDraft {
  /** Its dashed id, where it was published before it is stored. */
  eventId?: string;
  /** Its position in the request, for messages: `[2]` in an array, empty for a single event. */
  at: string;
  type: string;
  /** The JSON text of the data, byte for byte as it was sent. */
  text: string;
  /** The same data parsed, for filters. */
  data: unknown;
  /** The publisher's own event id: the idempotency key. */
  key?: string;
  /** Without such an id: a key made of the request's `Idempotency-Key`. */
  requestKey?: string;
  occurredAt?: Date;
  /** When its deliveries end, or how many seconds after it is published. */
  expiry?: Date | number;
  /** When it is to be delivered; at once, if that is past. */
  deliverAt?: Date;
  /** Whom it is about: the publisher's key of a person. */
  subjectId?: string;
  scope: EventScope;
  /** The version of its type that the publisher names. */
  version?: number;
  /** The rule of its type that it was compared with (`type-rules.ts`). */
  checked?: string;
  /** What its publisher should know about it. */
  warnings?: Issue[];
  /** The trace context that its event keeps. */
  trace?: string;
}

/** What a publisher gets back for each event. */
export interface PublishedEvent {
  /** Dashed UUID. */
  id: string;
  type: string;
  /** True when an event with the same key and body was stored before; `id` is that event's. */
  duplicate: boolean;
  /** How many deliveries the event has. */
  deliveries: number;
  /** What its publisher should know; absent: nothing. */
  warnings?: Issue[];
}
