import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** One thing that happened, published once and never changed. Partitioned by the day in its id. */
@Table('events')
export class EventEntity {
  /** UUID v7: holds the time of publishing. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('text')
  type: string;

  /** When it happened, as the publisher says. */
  @Column('timestamptz', { name: 'occurred_at' })
  occurredAt: Date;

  @Column('text', { name: 'client_id', nullable: true })
  clientId: string | null;

  @Column('text', { name: 'campaign_id', nullable: true })
  campaignId: string | null;

  @Column('text', { name: 'lead_id', nullable: true })
  leadId: string | null;

  /** The publisher's own id of the event. */
  @Column('text', { name: 'publisher_id', nullable: true })
  publisherId: string | null;

  /** The W3C trace context: the traceparent, then a space and the tracestate where there is one. */
  @Column('timestamptz', { name: 'deliver_at', nullable: true })
  deliverAt: Date | null;

  @Column('text', { name: 'trace_context', nullable: true })
  traceContext: string | null;

  /** The publisher's key of the person it is about. Null: see `SUBJECT` (`subject.ts`). */
  @Column('text', { name: 'subject_id', nullable: true })
  subjectId: string | null;

  /** Its tags besides client, campaign and lead; null: none. */
  @Column('jsonb', { nullable: true })
  tags: Record<string, string> | null;

  /** The version of its type; null: the first. */
  @Column('integer', { name: 'type_version', nullable: true })
  typeVersion: number | null;

  /** Null: the data is there. Otherwise why it is not (`core/removed.ts`). */
  @Column('text', { nullable: true })
  removed: string | null;

  /** JSON text as it was published; jsonb would sort its keys and rewrite its numbers. */
  @Column('text')
  data: string;
}
