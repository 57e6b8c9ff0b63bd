import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** What neither retention nor an erasure removes: a space's events, all of them or some. */
@Table('legal_holds')
export class LegalHoldEntity {
  @PrimaryColumn('uuid')
  id: string;

  @Column('uuid', { name: 'space_id' })
  spaceId: string;

  /** Only events with this id or a later one. */
  @Column('uuid', { name: 'since_id' })
  sinceId: string;

  /** Only events with an earlier id. */
  @Column('uuid', { name: 'until_id' })
  untilId: string;

  /** Only this event. */
  @Column('uuid', { name: 'event_id', nullable: true })
  eventId: string | null;

  /** Only events about this person. */
  @Column('text', { nullable: true })
  subject: string | null;

  @Column('text')
  reason: string;

  /** `admin`, or the id of the key. */
  @Column('text', { name: 'set_by' })
  setBy: string;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;

  @Column('text', { name: 'released_by', nullable: true })
  releasedBy: string | null;

  @Column('timestamptz', { name: 'released_at', nullable: true })
  releasedAt: Date | null;
}
