import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';
import { StoredEventType } from './stored-event-type.js';

/** By whom an event type of the instance was defined. */
export type TypeSource = 'api' | 'file' | 'code';

/** An event type of the whole instance: part of the catalogue of every space whose profile takes them. */
@Table('instance_event_types')
export class InstanceEventTypeEntity extends StoredEventType {
  @PrimaryColumn({ type: 'text' })
  name!: string;

  /** Only spaces that have this feature see the type; null: all do. */
  @Column({ type: 'text', nullable: true })
  feature!: string | null;

  @Column({ type: 'text' })
  source!: TypeSource;
}
