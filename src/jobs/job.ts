import type { DeliveryStatus } from '../core/domain-types.js';
import type { ErasureMode } from './erasure.js';
import type { DueDelivery } from '../queue/deliver-job.js';

/** `pending` until a worker takes its first slice. */
export type JobStatus = 'pending' | 'running' | 'completed' | 'cancelled' | 'failed';

/** What the newest delivery of an event may be for the event to be sent again; `none`: there is none. */
export const REPLAY_STATUSES = ['failed', 'cancelled', 'skipped', 'expired', 'none', 'succeeded'] as const;
export type ReplayStatus = (typeof REPLAY_STATUSES)[number];

/** Everything the endpoint should have got and did not. */
export const REPLAYED_BY_DEFAULT: ReplayStatus[] = ['failed', 'cancelled', 'skipped', 'expired', 'none'];

/** New deliveries of past events for one subscription. */
export interface ReplayRequest {
  kind: 'replay';
  /** Dashed. */
  subscriptionId: string;
  statuses: ReplayStatus[];
  /** Patterns; null: whatever the subscription wants. */
  eventTypes: string[] | null;
  /**
   * Only events whose delivery used up its schedule at this time or later, ISO 8601, and has not been sent again since.
   * The job then walks the subscription's failed deliveries, not the space's events.
   */
  lostFrom?: string;
}

/** One more attempt for each delivery a filter finds. Ids are dashed. */
export interface RetryRequest {
  kind: 'retry';
  subscriptionId: string | null;
  eventId: string | null;
  type: string | null;
  status: DeliveryStatus | null;
}

/** Removal of what a selection of events carried. Ids are dashed. */
export interface EraseRequest {
  kind: 'erase';
  mode: ErasureMode;
  all: boolean;
  events: string[] | null;
  /** Removed when the job ends. */
  subject: string | null;
  /**
   * It counts, then erases, then looks again; `orphans`: deliveries whose event is gone already, for a whole space.
   */
  walk: 'count' | 'erase' | 'orphans' | 'verify';
}

export type JobRequest = ReplayRequest | RetryRequest | EraseRequest;

/** What one slice of the walk found and, unless it only counted, made. */
export interface Slice {
  /** How many deliveries it found. */
  found: number;
  /** Those that are due now, for the queue. */
  due: DueDelivery[];
  /** The last id it looked at; null when there are no more. */
  position: string | null;
  /** Of a replay's count: events that it would send, and whose data is gone. */
  skipped?: number;
}

/** Too much is due for the endpoint already: try the same slice again later. */
export const LATER = Symbol('later');

/** The subscription is deleted. */
export const GONE = Symbol('gone');
