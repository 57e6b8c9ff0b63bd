import type { EventDefinitions } from '../event-types/define-events.js';
import type { NativeEvents } from '../profiles/native/catalogue.js';
import type { TypedEvent } from './event-map.js';
import type { EmitOptions, EmittedEvent, WebhookEmitter } from './webhook-emitter.js';

/** What an event may have besides its type and data. */
export type EventFields = Omit<TypedEvent, 'type' | 'data'>;

/** Publishes events of definitions, and the built-in ones, in one place. */
export interface TypedEmitter<Events> {
  /** Publishes one event, with data of its type. Throws what `WebhookEmitter.emit` throws. */
  emit<Name extends keyof Events & string>(
    type: Name,
    data: Events[Name],
    fields?: EventFields,
  ): Promise<EmittedEvent>;
}

/**
 * An emitter for the events of `defineEvents`: the compiler knows the data of each type, without a declaration.
 *
 * @example
 * const webhooks = typedEmitter(events, emitter, { space: 'acme', tx });
 * await webhooks.emit('invoice.paid', { id: 'inv_1' });
 */
export function typedEmitter<Events>(
  _events: EventDefinitions<Events>,
  emitter: Pick<WebhookEmitter, 'emit'>,
  options: EmitOptions,
): TypedEmitter<Events & Omit<NativeEvents, keyof Events>> {
  return {
    emit: (type, data, fields) => emitter.emit(options, { ...fields, type, data } as TypedEvent),
  };
}
