import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** An idempotency key and the event it was first used for. Retention deletes it. */
@Table('event_keys')
export class EventKeyEntity {
  @PrimaryColumn('uuid', { name: 'space_id' })
  spaceId: string;

  @PrimaryColumn('text')
  key: string;

  @Column('uuid', { name: 'event_id' })
  eventId: string;

  /** How many deliveries the event has: the answer to a repeated request. */
  @Column('integer')
  deliveries: number;

  /** Hash of the request: the same key with another request is a conflict. */
  @Column('bytea')
  fingerprint: Buffer;

  @Column('timestamptz', { name: 'created_at' })
  createdAt: Date;
}
