import { Column, PrimaryColumn } from 'typeorm';
import type { DeliveryStatus, Override, Trigger } from '../core/domain-types.js';
import { Table } from '../database/table.js';

/** One event for one subscription. Partitioned by the day in its id. Written only by this folder. */
@Table('deliveries')
export class DeliveryEntity {
  /** UUID v7: holds the time it was made. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('uuid', { name: 'event_id' })
  eventId: string;

  @Column('text', { name: 'event_type' })
  eventType: string;

  /** May be of a subscription that has been deleted since. */
  @Column('uuid', { name: 'subscription_id' })
  subscriptionId: string;

  @Column('text')
  status: DeliveryStatus;

  @Column('text')
  trigger: Trigger;

  /** Lets the next attempt leave although the subscription is paused or the delivery finished. */
  @Column('text', { nullable: true })
  override: Override | null;

  /** Attempts made, of every kind. */
  @Column('integer', { name: 'attempt_count', default: 0 })
  attemptCount: number;

  /** Attempts that the retry schedule counts; interrupted and manual ones are not among them. */
  @Column('integer', { name: 'schedule_step', default: 0 })
  scheduleStep: number;

  @Column('integer', { name: 'max_attempts' })
  maxAttempts: number;

  /** Null while it is not waiting: finished, held, or leased in the process that published it. */
  @Column('timestamptz', { name: 'next_attempt_at', nullable: true })
  nextAttemptAt: Date | null;

  /** Who may send it now; the first half is the worker's id. */
  @Column('uuid', { nullable: true })
  lease: string | null;

  @Column('timestamptz', { name: 'lease_until', nullable: true })
  leaseUntil: Date | null;

  @Column('integer', { name: 'last_status_code', nullable: true })
  lastStatusCode: number | null;

  @Column('text', { name: 'last_error', nullable: true })
  lastError: string | null;

  @Column('timestamptz', { name: 'finished_at', nullable: true })
  finishedAt: Date | null;

  /** The status, generated; null for `pending` and `succeeded`, so that the usual delivery enters no index of it. */
  @Column({
    type: 'text',
    nullable: true,
    insert: false,
    update: false,
    generatedType: 'STORED',
    asExpression: `CASE WHEN status NOT IN ('pending', 'succeeded') THEN status END`,
  })
  trouble: Exclude<DeliveryStatus, 'pending' | 'succeeded'> | null;

  /** When its schedule was used up. */
  @Column('timestamptz', { name: 'lost_at', nullable: true })
  lostAt: Date | null;

  /** When an erasure removed what it carried. */
  @Column('timestamptz', { name: 'erased_at', nullable: true })
  erasedAt: Date | null;

  /** Before this nothing is sent, unless a person asks for it. */
  @Column('timestamptz', { name: 'deliver_at', nullable: true })
  deliverAt: Date | null;

  /** When the schedule would have had the next attempt, while a Retry-After postpones it. */
  @Column('timestamptz', { name: 'planned_at', nullable: true })
  plannedAt: Date | null;
}
