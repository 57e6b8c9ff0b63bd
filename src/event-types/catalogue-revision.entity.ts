import { Column, PrimaryColumn } from 'typeorm';
import { Table } from '../database/table.js';

/** One row: a number that grows with each change of the instance's event types. */
@Table('catalogue_revision')
export class CatalogueRevisionEntity {
  @PrimaryColumn({ type: 'boolean', default: true })
  single!: boolean;

  /** A bigint, so a string. */
  @Column({ type: 'bigint' })
  revision!: string;
}
