import type { StoredEvent } from '../core/domain-types.js';
import type { SendableEndpoint } from '../endpoints/sendable-endpoints.js';
import type { NewDelivery } from './delivery.js';

/** A new delivery that was written with the lease of the worker that gets it past the queue, and its event. */
export interface LocallyLeased {
  delivery: Pick<
    NewDelivery,
    'id' | 'spaceId' | 'eventId' | 'eventType' | 'subscriptionId' | 'trigger' | 'override'
  >;
  lease: string;
  event: StoredEvent;
}

/** The subscriptions that a statement found sendable which was sent at `checkedAt`, monotonic milliseconds. */
export interface SendableCheck {
  sendable: SendableEndpoint[];
  checkedAt: number;
}
