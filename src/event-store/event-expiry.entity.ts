import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** When an event's deliveries expire. Only events that were published with an expiry have a row. */
@Table('event_expiries')
export class EventExpiryEntity {
  @PrimaryColumn('uuid', { name: 'event_id' })
  eventId: string;

  @Column('timestamptz', { name: 'expires_at' })
  expiresAt: Date;

  /** Whether its deliveries have been expired. One that a person retries afterwards is sent. */
  @Column('boolean', { default: false })
  done: boolean;
}
