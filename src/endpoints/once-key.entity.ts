import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** What a subscription has received that it receives only once. No foreign key: a deletion must not fail a publish. */
@Table('firsts')
export class OnceKeyEntity {
  @PrimaryColumn('uuid', { name: 'space_id' })
  spaceId: string;

  @PrimaryColumn('uuid', { name: 'subscription_id' })
  subscriptionId: string;

  /** SHA-256 of what is received once. */
  @PrimaryColumn('bytea')
  key: Buffer;

  /** The first event with this key. */
  @Column('uuid', { name: 'event_id' })
  eventId: string;
}
