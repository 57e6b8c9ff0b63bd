import { PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import { StoredEventType } from './stored-event-type.js';

/** A space's own event type, next to those of its profile. */
@Table('event_types')
export class EventTypeEntity extends StoredEventType {
  @PrimaryColumn({ name: 'space_id', type: 'uuid' })
  spaceId!: string;

  @PrimaryColumn({ type: 'text' })
  name!: string;
}
