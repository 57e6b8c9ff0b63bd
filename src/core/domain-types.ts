/** The types of the domain: the same names in code, API, database, logs and dashboard. */

export const SUBSCRIPTION_STATUSES = ['active', 'paused'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** Why a subscription is paused: failures, a person, a 410 answer, or a rate rule. */
export type PausedReason = 'failures' | 'manual' | 'gone' | 'rate';

export const DELIVERY_STATUSES = [
  'pending',
  'succeeded',
  'failed',
  'held',
  'cancelled',
  'skipped',
  'expired',
] as const;
export type DeliveryStatus = (typeof DELIVERY_STATUSES)[number];

/** What made the delivery: a published event, a test send or a replay job. */
export const ORIGINS = ['event', 'test', 'replay'] as const;
/** `manual`: deliveries of the releases before this one lost their origin when a person retried them. */
export type Trigger = (typeof ORIGINS)[number] | 'manual';

/** Why an attempt was made: the schedule had it, a person asked for it, or it tested a paused endpoint. */
export const ATTEMPT_TRIGGERS = ['schedule', 'manual', 'probe'] as const;
export type AttemptTrigger = (typeof ATTEMPT_TRIGGERS)[number];

/**
 * Why one attempt may be sent although its subscription is paused or its delivery is finished. `manual`: requested by
 * a person, and the schedule continues from there; `once`: requested for this attempt only; `probe`: it tests a
 * paused endpoint; `again`: requested while an attempt was under way, and sent after it unless that succeeds. One
 * attempt uses up an override.
 */
export type Override = 'manual' | 'once' | 'probe' | 'again';

export const RECOVERIES = ['probe', 'manual'] as const;
export type Recovery = (typeof RECOVERIES)[number];

export const SCOPE_LEVELS = ['space', 'client', 'campaign', 'tags'] as const;
export type ScopeLevel = (typeof SCOPE_LEVELS)[number];

/** What a space key may do. `manage` includes the other two. */
export const KEY_SCOPES = ['publish', 'read', 'manage'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** A profile's name. `profiles/registry.ts` has the list. */
export type ProfileName = string;

/** Which failures count towards a pause: every failed attempt, or each delivery once, when it has failed for good. */
export type PauseUnit = 'attempt' | 'delivery';

/** Whether a success resets the count of failures, or only a person's resume does. */
export const PAUSE_MODES = ['consecutive', 'total'] as const;
export type PauseMode = (typeof PAUSE_MODES)[number];

/**
 * What happens to a delivery whose schedule is used up while its endpoint has no successes: it fails, or it waits
 * until the endpoint recovers.
 */
export const ON_EXHAUSTED = ['fail', 'hold'] as const;
export type OnExhausted = (typeof ON_EXHAUSTED)[number];

/** What happens to a paused subscription's events: they wait until it is resumed, or they are skipped. */
export type WhilePaused = 'hold' | 'skip';

/** Where an event happened, for subscriptions to one client or campaign. */
export interface EventScope {
  clientId?: string;
  campaignId?: string;
  leadId?: string;
  /** Further tags of it, by name; absent: it has none. */
  tags?: Record<string, string>;
}

/** One event as the store keeps it. `data` is the JSON text exactly as it was published. */
export interface StoredEvent {
  id: string;
  spaceId: string;
  type: string;
  occurredAt: Date;
  scope: EventScope;
  data: string;
  /** The id that its publisher gave it; absent where nobody asks for it. */
  publisherId?: string | null;
  /** The version of its type; absent: the first. */
  version?: number;
  /** Its trace context, as `lib/traceparent.ts` stores it. */
  trace: string | null;
  /** Set where its data has been removed, and why (`core/removed.ts`). */
  removed?: string;
}

/** Why an attempt did not succeed: `http_<status>` for a response, the others for everything before one. */
export type AttemptErrorCode =
  | `http_${number}`
  | 'timeout'
  | 'dns_error'
  | 'connection_refused'
  | 'connection_reset'
  | 'tls_error'
  | 'protocol_error'
  | 'blocked_address'
  | 'mixed_addresses'
  | 'proxy_unreachable'
  | 'proxy_auth_failed'
  | 'proxy_refused'
  | 'proxy_error'
  | 'oauth2_token_failed'
  | 'template_failed'
  | 'conversion_failed'
  | 'interrupted'
  | 'internal';
