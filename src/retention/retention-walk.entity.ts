import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** How far the retention of a space has come. Each walk begins anew once a day, for what it had to leave. */
@Table('retention_walks')
export class RetentionWalkEntity {
  @PrimaryColumn('uuid', { name: 'space_id' })
  spaceId: string;

  @PrimaryColumn('text')
  kind: string;

  /** The last id that was looked at. */
  @Column('uuid')
  position: string;

  @Column('timestamptz', { name: 'began_at' })
  beganAt: Date;
}
