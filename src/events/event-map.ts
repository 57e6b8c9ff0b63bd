import type { EventScope } from '../core/domain-types.js';
import type { Tags } from '../core/tags.js';
import type { NativeEvents } from '../profiles/native/catalogue.js';

declare const reserved: unique symbol;

/**
 * A host's own events, by name, with the type of their data. Augment it where the events are declared:
 * `declare module 'posthorn' { interface CustomEvents { 'invoice.paid': { id: string } } }`.
 * An entry with a built-in name adds fields to that event's data.
 */
export interface CustomEvents {
  // An interface without members would accept anything; a symbol is no event name, so this one adds none.
  [reserved]?: never;
}

/** Every event a typed publisher may name, with the type of its data. */
export type EventMap = NativeEvents & CustomEvents;

export type EventName = keyof EventMap & string;

/** One event to publish, its data checked against its type. A union, so that `type` narrows `data`. */
export type TypedEvent<Name extends EventName = EventName> = Name extends EventName
  ? {
      type: Name;
      data: EventMap[Name];
      /** The publisher's own id and the idempotency key. */
      id?: string;
      /** When it happened; the time of publishing if left out. */
      occurredAt?: Date | string;
      /** When deliveries that are still open end; or in how many seconds. */
      expiresAt?: Date | string;
      ttlSeconds?: number;
      /** Your key of the person it is about; the scope's `leadId` if left out. */
      subjectId?: string;
      /** When it is delivered; at once if left out. */
      deliverAt?: Date | string;
      /** Where it happened, by name; `client`, `campaign` and `lead` are the fields of `scope`. */
      tags?: Tags;
      scope?: Omit<EventScope, 'tags'>;
      /** The version of its type; the newest that is no draft if left out. */
      version?: number;
    }
  : never;
