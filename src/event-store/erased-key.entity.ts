import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** The hash of an id that a publisher gave an event which has been erased. It stays reserved. */
@Table('erased_keys')
export class ErasedKeyEntity {
  @PrimaryColumn('uuid', { name: 'space_id' })
  spaceId: string;

  /** SHA-256 of the space's id, a colon and the publisher's id. */
  @PrimaryColumn('bytea')
  key: Buffer;

  @Column('uuid', { name: 'event_id' })
  eventId: string;

  @Column('integer')
  deliveries: number;

  /** Null where the id was older than idempotency keys are kept. */
  @Column('bytea', { nullable: true })
  fingerprint: Buffer | null;

  @Column('timestamptz', { name: 'erased_at' })
  erasedAt: Date;
}
