import type { DeliveryStatus } from '../core/domain-types.js';
import type { ErasureMode } from './erasure.js';
import type { LossNote } from '../endpoints/losses.js';
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
  /** Where they are sent; dashed. */
  subscriptionId: string;
  /** By whose deliveries `statuses` are judged; absent: by those of the same subscription. */
  sourceId?: string;
  statuses: ReplayStatus[];
  /** Patterns; null: whatever the subscription wants. */
  eventTypes: string[] | null;
  /**
   * Only events whose delivery used up its schedule at this time or later, ISO 8601, and has not been sent again since.
   * The job then walks the subscription's failed deliveries, not the space's events.
   */
  lostFrom?: string;
  /** What it took from the subscription's note of lost deliveries: what it does not send goes back there. */
  forgot?: LossNote;
}

/** One more attempt for each delivery a filter finds. Ids are dashed. */
export interface RetryRequest {
  kind: 'retry';
  subscriptionId: string | null;
  eventId: string | null;
  type: string | null;
  status: DeliveryStatus | null;
}

/** The release of what is held for a subscription, at a pace of its own. */
export interface DrainRequest {
  kind: 'drain';
  /** Dashed. */
  subscriptionId: string;
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

export type JobRequest = ReplayRequest | RetryRequest | DrainRequest | EraseRequest;

/** What one slice of the walk found and, unless it only counted, made. */
export interface JobSlice {
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

/** When a paused job is due: never. */
export const NEVER = new Date('9999-01-01T00:00:00Z');

/** Deliveries one slice makes at most; of a job with a pace, what a quarter of a second allows. */
export function sliceSize(perSecond: number | null, most: number): number {
  return perSecond === null ? most : Math.min(most, Math.max(1, Math.ceil(perSecond / 4)));
}
