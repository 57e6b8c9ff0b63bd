import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** An event that was published by SQL, until a worker makes its deliveries. */
@Table('inbox')
export class InboxEventEntity {
  /** The event's. */
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  @Column('text')
  type: string;

  /** JSON text as it was given. */
  @Column('text')
  data: string;

  /** The publisher's own id of the event. */
  @Column('text', { nullable: true })
  key: string | null;

  /** The event's other fields, as HTTP requests have them. */
  @Column('jsonb')
  options: object;

  /** Why workers leave it; null: they take it. */
  @Column('text', { nullable: true })
  refused: string | null;

  @Column('timestamptz', { name: 'refused_at', nullable: true })
  refusedAt: Date | null;
}
