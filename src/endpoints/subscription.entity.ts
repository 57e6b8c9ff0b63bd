import { Column, PrimaryColumn } from 'typeorm';
import { jsonTextOf } from '../database/postgres-types.js';
import { Table } from '../database/table.js';
import type { WantedTags } from '../core/tags.js';
import type { RequestFormat } from '../core/request-format.js';
import type {
  OnExhausted,
  PausedReason,
  PauseMode,
  PauseUnit,
  ProfileName,
  Recovery,
  ScopeLevel,
  SubscriptionStatus,
  WhilePaused,
} from '../core/domain-types.js';
import type { StoredSecret } from './secrets.js';

const JSON_TEXT = {
  from: (value: object | null) => value && jsonTextOf(value),
  to: (text: string | null) => text,
};

/**
 * An endpoint's URL and what it receives. Secrets and header values are sealed. Health columns are written by
 * `health.ts`.
 */
@Table('subscriptions')
export class SubscriptionEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  /** The customer's own id of it; unique in the space. */
  @Column('text', { nullable: true })
  uid: string | null;

  @Column('text')
  url: string;

  @Column('text', { nullable: true })
  description: string | null;

  /** Event types and patterns such as `lead.*`. */
  @Column('text', { array: true })
  events: string[];

  @Column('text', { name: 'scope_level' })
  scopeLevel: ScopeLevel;

  @Column('text', { name: 'client_id', nullable: true })
  clientId: string | null;

  @Column('text', { name: 'campaign_id', nullable: true })
  campaignId: string | null;

  /** With the scope level `tags`: what they have to be. */
  @Column('jsonb', { name: 'scope_tags', nullable: true })
  scopeTags: WantedTags | null;

  /** The column is jsonb; read as text, since parsing would round large numbers. `core/filter.ts` compiles it. */
  @Column('text', { nullable: true, transformer: JSON_TEXT })
  filter: string | null;

  /** Extra request headers, sealed; null: none. */
  @Column('bytea', { nullable: true })
  headers: Buffer | null;

  /** The client certificate for its endpoint with its key, sealed; null: none. */
  @Column('bytea', { name: 'client_certificate', nullable: true })
  clientCertificate: Buffer | null;

  /** Its OAuth2 client for its endpoint, sealed; null: none. */
  @Column('bytea', { nullable: true })
  oauth2: Buffer | null;

  /** Sealed, newest first; one that was rotated out has an end. */
  @Column('jsonb')
  secrets: StoredSecret[];

  /** Seconds before each further attempt. */
  @Column('integer', { name: 'retry_schedule', array: true })
  retrySchedule: number[];

  /** Failures that pause it; null: it is never paused for failures. */
  @Column('integer', { name: 'pause_after', nullable: true })
  pauseAfter: number | null;

  /** For how long failures must have lasted before they pause it, seconds. */
  @Column('integer', { name: 'pause_after_seconds', default: 0 })
  pauseAfterSeconds: number;

  @Column('text', { name: 'on_exhausted', default: 'fail' })
  onExhausted: OnExhausted;

  @Column('text', { name: 'pause_unit', default: 'attempt' })
  pauseUnit: PauseUnit;

  @Column('text', { name: 'pause_mode', default: 'consecutive' })
  pauseMode: PauseMode;

  @Column('text', { name: 'while_paused', default: 'hold' })
  whilePaused: WhilePaused;

  @Column('text')
  recovery: Recovery;

  /** For one attempt, milliseconds. */
  @Column('integer', { name: 'timeout_ms' })
  timeoutMs: number;

  /** Days for which deliveries are held for it; null: the instance's setting. */
  @Column('integer', { name: 'held_days', nullable: true })
  heldDays: number | null;

  /** Most deliveries held for it; null: the instance's setting. */
  @Column('integer', { name: 'held_max', nullable: true })
  heldMax: number | null;

  /** Attempts a second at most; null: no limit. */
  @Column('integer', { name: 'rate_per_second', nullable: true })
  ratePerSecond: number | null;

  /** Whether its requests carry the trace context of their events. */
  @Column('boolean', { name: 'pass_traceparent', default: false })
  passTraceparent: boolean;

  @Column('text')
  profile: ProfileName;

  /** Settings that only its profile has. */
  /** Body, content type and method; null: the usual ones. */
  @Column('jsonb', { name: 'request_format', nullable: true })
  requestFormat: RequestFormat | null;

  /** The version in which it gets an event type, by name; null: as each is published. */
  @Column('jsonb', { name: 'event_type_versions', nullable: true })
  eventTypeVersions: Record<string, number> | null;

  @Column('jsonb', { name: 'profile_options', default: {} })
  profileOptions: object;

  /** Its id in the provider's own API; null: the same as `id`. */
  @Column('text', { name: 'provider_id', nullable: true })
  providerId: string | null;

  @Column('jsonb', { default: {} })
  metadata: Record<string, string>;

  @Column('text', { default: 'active' })
  status: SubscriptionStatus;

  @Column('text', { name: 'paused_reason', nullable: true })
  pausedReason: PausedReason | null;

  @Column('timestamptz', { name: 'paused_at', nullable: true })
  pausedAt: Date | null;

  /** Failures since the last success, or since the last resume where `pause_mode` is `total`. */
  @Column('integer', { name: 'failure_count', default: 0 })
  failureCount: number;

  /** The first of the failures in `failure_count`. */
  @Column('timestamptz', { name: 'first_failure_at', nullable: true })
  firstFailureAt: Date | null;

  /** The last failure of all. */
  @Column('timestamptz', { name: 'last_failure_at', nullable: true })
  lastFailureAt: Date | null;

  /** The first success after it. */
  @Column('timestamptz', { name: 'last_recovery_at', nullable: true })
  lastRecoveryAt: Date | null;

  /** Deliveries that used up their schedule and have not been sent again. */
  @Column('integer', { name: 'lost_count', default: 0 })
  lostCount: number;

  /** When the oldest of their events was published. */
  @Column('timestamptz', { name: 'lost_since', nullable: true })
  lostSince: Date | null;

  /** When the first of them failed. */
  @Column('timestamptz', { name: 'lost_first_at', nullable: true })
  lostFirstAt: Date | null;

  /** When the last of them failed. */
  @Column('timestamptz', { name: 'lost_last_at', nullable: true })
  lostLastAt: Date | null;

  /** The last ten pauses that have ended, oldest first. */
  @Column('tstzrange', { name: 'recent_pauses', array: true, nullable: true, select: false })
  recentPauses: string[] | null;

  /** Probes sent during this pause: decides the time to the next one. */
  @Column('integer', { name: 'probe_step', default: 0 })
  probeStep: number;

  @Column('timestamptz', { name: 'next_probe_at', nullable: true })
  nextProbeAt: Date | null;

  /** The job that releases what is held for it; null: workers do that by themselves. */
  @Column('uuid', { name: 'drained_by', nullable: true })
  drainedBy: string | null;

  /** Until when the endpoint asked to wait (Retry-After). */
  @Column('timestamptz', { name: 'waits_until', nullable: true })
  waitsUntil: Date | null;

  /** When that answer came. */
  @Column('timestamptz', { name: 'waits_since', nullable: true })
  waitsSince: Date | null;

  /** Grows with each change a person makes, and with pause and resume; the ETag. */
  @Column('integer', { default: 1 })
  version: number;

  /** The version the last resume made: a failure of an earlier version cannot pause it again. */
  @Column('integer', { name: 'resumed_version', default: 0 })
  resumedVersion: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
