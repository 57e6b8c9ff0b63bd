import type { AttemptTrigger, DeliveryStatus, Override, Trigger } from '../core/domain-types.js';

/** A delivery to be written by the store step of a publish, a test send or a replay. */
export interface NewDelivery {
  id: string;
  spaceId: string;
  eventId: string;
  eventType: string;
  subscriptionId: string;
  status: Extract<DeliveryStatus, 'pending' | 'held' | 'skipped' | 'expired'>;
  trigger: Trigger;
  override: Override | null;
  maxAttempts: number;
  dueAt: Date;
  /** Set when it is leased to a worker of this process as it is written. */
  lease?: { id: string; until: Date };
  /** Its event expires: the expiry is checked before sending, so it is not leased in process. */
  expires?: true;
  /** Not before this time, which is `dueAt` then, too. */
  deliverAt?: Date;
  /** What its subscription receives only once: the delivery is made for the first event alone. */
  once?: string;
}

/** A delivery this process holds the lease of, and may make one attempt for. */
export interface LeasedDelivery {
  id: string;
  spaceId: string;
  eventId: string;
  eventType: string;
  subscriptionId: string;
  trigger: Trigger;
  override: Override | null;
  attemptCount: number;
  scheduleStep: number;
  /** The subscription's version when it was leased. */
  subscriptionVersion: number;
  /** The subscription's failures in a row at that time. */
  subscriptionFailures: number;
  /** Not before this time; absent where nothing waits. */
  deliverAt?: Date | null;
  /** How long it has waited while its subscription was paused; absent: it has not. */
  pausedMs?: number | null;
  lease: string;
}

/** One HTTP request that was made, as the log keeps it. */
export interface AttemptRecord {
  id: string;
  n: number;
  startedAt: Date;
  url: string;
  /** JSON text of `[name, value]` pairs, secrets masked. */
  requestHeaders: string;
  statusCode: number | null;
  responseHeaders: string | null;
  responseBody: Buffer | null;
  responseTruncated: boolean;
  errorCode: string | null;
  errorDetail: string | null;
  addressClass: string | null;
  dnsMs: number | null;
  connectMs: number | null;
  tlsMs: number | null;
  firstByteMs: number | null;
  totalMs: number | null;
}

/** The state of a leased delivery after its attempt. */
export interface Settlement {
  deliveryId: string;
  lease: string;
  attempt: AttemptRecord;
  /** Absent: the schedule had it. */
  attemptTrigger?: AttemptTrigger;
  status: DeliveryStatus;
  scheduleStep: number;
  maxAttempts: number;
  nextAttemptAt: Date | null;
  finishedAt: Date | null;
  /** The next attempt's. */
  override: Override | null;
  /** When the schedule would have had the next attempt, where a Retry-After puts it off. */
  plannedAt?: Date | null;
  /** When its schedule was used up, and it failed for that. */
  lostAt?: Date | null;
}
