/** The words of the domain: the same in code, API, database, logs and dashboard. */

export const SUBSCRIPTION_STATUSES = ['active', 'paused'] as const;
export type SubscriptionStatus = (typeof SUBSCRIPTION_STATUSES)[number];

/** Why a subscription is paused: ten failures, a person, a 410 answer, or a rate rule. */
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

/** What made the delivery: a published event, a test send, a replay job, or a person's retry. */
export type Trigger = 'event' | 'test' | 'replay' | 'manual';

/**
 * Why one attempt may leave although its subscription is paused or its delivery is finished. `manual`: a person asked,
 * and the schedule goes on from there; `once`: a person asked for this attempt only; `probe`: it tries a paused
 * endpoint; `again`: a person asked while an attempt was under way, which another one follows unless it succeeds. An
 * override is used up by one attempt.
 */
export type Override = 'manual' | 'once' | 'probe' | 'again';

export const RECOVERIES = ['probe', 'manual'] as const;
export type Recovery = (typeof RECOVERIES)[number];

export const SCOPE_LEVELS = ['space', 'client', 'campaign'] as const;
export type ScopeLevel = (typeof SCOPE_LEVELS)[number];

/** What a space key may do. `manage` includes the other two. */
export const KEY_SCOPES = ['publish', 'read', 'manage'] as const;
export type KeyScope = (typeof KEY_SCOPES)[number];

/** A profile's name. `profiles/registry.ts` knows which there are. */
export type ProfileName = string;

/**
 * Which failures count towards a pause: every failed attempt, or a delivery that has failed for good, once, however
 * many attempts it took.
 */
export type PauseUnit = 'attempt' | 'delivery';

/** Whether a success starts the count of failures anew, or nothing but a person's resume does. */
export const PAUSE_MODES = ['consecutive', 'total'] as const;
export type PauseMode = (typeof PAUSE_MODES)[number];

/**
 * What becomes of a delivery whose schedule is used up while its endpoint answers nothing well: it has failed, or it waits
 * for the endpoint to recover.
 */
export const ON_EXHAUSTED = ['fail', 'hold'] as const;
export type OnExhausted = (typeof ON_EXHAUSTED)[number];

/** What becomes of a paused subscription's events: they wait for it to resume, or they are passed over. */
export type WhilePaused = 'hold' | 'skip';

/** Where an event happened, for subscriptions that listen to one client or campaign only. */
export interface EventScope {
  clientId?: string;
  campaignId?: string;
  leadId?: string;
}

/** One event as the store keeps it. `data` is the JSON text exactly as it was published. */
export interface StoredEvent {
  id: string;
  spaceId: string;
  type: string;
  occurredAt: Date;
  scope: EventScope;
  data: string;
}

/** Why an attempt did not succeed. `http_<status>` for an answer, the others for everything before one. */
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
  | 'interrupted'
  | 'internal';
