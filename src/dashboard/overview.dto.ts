import { IsIn } from 'class-validator';
import type { SubscriptionStatus } from '../core/domain-types.js';

export const WINDOWS = ['1h', '24h', '7d'] as const;
export type Window = (typeof WINDOWS)[number];

/** Which stretch of time to look at. */
export class OverviewQuery {
  /** The last hour by the minute, the last day by quarters of an hour, or the last week by two hours. */
  @IsIn(WINDOWS)
  window: Window = '24h';
}

/** What attempts came to in one stretch of time. */
export class BucketView {
  /** When it begins. */
  at: string;
  succeeded: number;
  /** Deliveries that were given up. */
  failed: number;
  /** Attempts that failed, with another one to come. */
  retried: number;
}

/** Milliseconds, to within a fifth. */
export class LatencyView {
  p50: number;
  p95: number;
  p99: number;
}

/** Deliveries that arrived after a pause of their endpoint, and how long it lasted for them. */
export class PausedView extends LatencyView {
  count: number;
}

/** Which counts of `waiting` are not whole: there are at least as many as is said. */
export class WaitingCapped {
  retrying: boolean;
  held: boolean;
  pending: boolean;
}

/** Deliveries that are not finished. Counting ends at 2,000 of each kind. */
export class WaitingView {
  /** Pending, after a failed attempt. */
  retrying: number;
  /** Held, because their subscription is paused. */
  held: number;
  /** Pending, not tried yet. */
  pending: number;
}

/** How many subscriptions there are of each kind. */
export class EndpointsView {
  /** Active, and the last attempt succeeded. */
  active: number;
  paused: number;
  /** Active, and the last attempt failed. */
  failing: number;
}

/** A subscription with problems. */
export class FailingEndpointView {
  /** `sub_…` */
  subscriptionId: string;
  /** Your own id for it. */
  uid: string | null;
  url: string;
  /** In words, such as `paused since 14:02 UTC: 10 failures, last: 500`. */
  reason: string;
  /** The same without the time of a pause: `10 failures, last: 500`. */
  cause: string;
  /** Since when it has been paused; null when it is not. */
  pausedAt: string | null;
  failureCount: number;
  status: SubscriptionStatus;
}

/** How a space is doing. */
export class OverviewView {
  /** Oldest first, without gaps. */
  buckets: BucketView[];
  /**
   * From publish, or the time that the publisher asked for, to arrival, of events that arrived in the window. The time
   * for which their endpoint was paused is left out. Null when none arrived.
   */
  latency: LatencyView | null;
  /** For how long those of them had to wait whose endpoint was paused; null when none was. */
  paused: PausedView | null;
  waiting: WaitingView;
  capped: WaitingCapped;
  endpoints: EndpointsView;
  /** Up to ten, the worst first. */
  worst: FailingEndpointView[];
}
