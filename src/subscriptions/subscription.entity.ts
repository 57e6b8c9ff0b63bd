import { Column, Entity, PrimaryColumn } from 'typeorm';
import { jsonTextOf } from '../database/postgres-types.js';
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

/** One row of `posthorn.subscriptions`. Secrets and header values are sealed in it. */
@Entity({ schema: 'posthorn', name: 'subscriptions' })
export class SubscriptionEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('text', { nullable: true })
  uid: string | null;

  @Column('text')
  url: string;

  @Column('text', { nullable: true })
  description: string | null;

  @Column('text', { array: true })
  events: string[];

  @Column('text', { name: 'scope_level' })
  scopeLevel: ScopeLevel;

  @Column('text', { name: 'client_id', nullable: true })
  clientId: string | null;

  @Column('text', { name: 'campaign_id', nullable: true })
  campaignId: string | null;

  /** JSON text, though the column is jsonb: parsed, its numbers would be doubles. `core/filter.ts` reads it. */
  @Column('text', { nullable: true, transformer: JSON_TEXT })
  filter: string | null;

  /** Null: no extra headers. */
  @Column('bytea', { nullable: true })
  headers: Buffer | null;

  /** Newest first. */
  @Column('jsonb')
  secrets: StoredSecret[];

  @Column('integer', { name: 'retry_schedule', array: true })
  retrySchedule: number[];

  @Column('integer', { name: 'pause_after', nullable: true })
  pauseAfter: number | null;

  @Column('integer', { name: 'pause_after_seconds' })
  pauseAfterSeconds: number;

  @Column('text', { name: 'on_exhausted' })
  onExhausted: OnExhausted;

  @Column('text', { name: 'pause_unit' })
  pauseUnit: PauseUnit;

  @Column('text', { name: 'pause_mode' })
  pauseMode: PauseMode;

  @Column('text', { name: 'while_paused' })
  whilePaused: WhilePaused;

  @Column('text')
  recovery: Recovery;

  @Column('integer', { name: 'timeout_ms' })
  timeoutMs: number;

  /** For how many days, and of how many deliveries, it holds what waits for it; null: the instance's. */
  @Column('integer', { name: 'held_days', nullable: true })
  heldDays: number | null;

  @Column('integer', { name: 'held_max', nullable: true })
  heldMax: number | null;

  @Column('integer', { name: 'rate_per_second', nullable: true })
  ratePerSecond: number | null;

  @Column('text')
  profile: ProfileName;

  @Column('jsonb', { name: 'profile_options' })
  profileOptions: object;

  /** What the provider's own API calls it; null: its id. */
  @Column('text', { name: 'provider_id', nullable: true })
  providerId: string | null;

  @Column('jsonb')
  metadata: Record<string, string>;

  @Column('text')
  status: SubscriptionStatus;

  @Column('text', { name: 'paused_reason', nullable: true })
  pausedReason: PausedReason | null;

  @Column('timestamptz', { name: 'paused_at', nullable: true })
  pausedAt: Date | null;

  @Column('integer', { name: 'failure_count' })
  failureCount: number;

  /** The first of these failures. */
  @Column('timestamptz', { name: 'first_failure_at', nullable: true })
  firstFailureAt: Date | null;

  @Column('timestamptz', { name: 'last_recovery_at', nullable: true })
  lastRecoveryAt: Date | null;

  @Column('integer', { name: 'lost_count' })
  lostCount: number;

  @Column('timestamptz', { name: 'lost_since', nullable: true })
  lostSince: Date | null;

  @Column('timestamptz', { name: 'lost_first_at', nullable: true })
  lostFirstAt: Date | null;

  @Column('timestamptz', { name: 'lost_last_at', nullable: true })
  lostLastAt: Date | null;

  @Column('integer', { name: 'probe_step' })
  probeStep: number;

  @Column('timestamptz', { name: 'next_probe_at', nullable: true })
  nextProbeAt: Date | null;

  @Column('timestamptz', { name: 'waits_until', nullable: true })
  waitsUntil: Date | null;

  @Column('timestamptz', { name: 'waits_since', nullable: true })
  waitsSince: Date | null;

  @Column('integer')
  version: number;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('timestamptz', { name: 'updated_at' })
  updatedAt: Date;
}
